// The simulated system's memory: one map per kind of row, by id. Rows are replaced, never changed, so that a view that was
// handed out stays as it was.
import type { Clock, JsonObject } from '../../../src/connector.js';
import type { Ids } from './ids.js';
import type { Rules } from './options.js';
import type { Planted } from './plant.js';

interface Row {
  readonly id: string;
  readonly externalKey: string | null;
  readonly migrationKey: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export interface EmployerRow extends Row {
  readonly name: string;
}

export interface UnitRow extends Row {
  readonly employerId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly code: string | null;
}

export interface EmployeeRow extends Row {
  /** By the names of the request bodies: `person`, `address`, `communicationMethods`. */
  readonly person: JsonObject;
  readonly address: JsonObject;
  readonly communicationMethods: JsonObject;
}

export interface EmploymentRow extends Row {
  readonly employeeId: string;
  readonly employmentNumber: number;
  readonly employeeNumber: string | null;
  readonly primary: boolean;
  readonly isConfidential: boolean;
}

export interface ContractRow extends Row {
  readonly employmentId: string;
  readonly unitId: string;
  readonly dateStart: string;
  readonly dateEnd: string | null;
  readonly jobTitle: string | null;
  readonly normHoursPerWeek: number | null;
  readonly hoursPerWeek: number | null;
  readonly paymentPeriod: string | null;
  readonly employmentTypeCode: string | null;
}

export interface ReasonRow extends Row {
  readonly name: string;
  readonly code: string | null;
  readonly isPrimary: boolean;
}

export interface DossierRow extends Row {
  /** `illness`, or one of the other kinds, which the lists of illness do not show. */
  readonly type: string;
  readonly employmentId: string;
  readonly dateReported: string;
  readonly dateStart: string;
  readonly dateEnd: string | null;
  readonly dossierStatus: 'open' | 'completed';
  readonly closureReason: string | null;
  /** Its status was set by a PATCH, and courses that are changed or deleted leave it alone. */
  readonly setByHand: boolean;
  /** A later absence joined it: a "compiled" dossier. The API does not show this. */
  readonly compiled: boolean;
  readonly expectedDurationDays: number | null;
  readonly safetyNet: string | null;
  readonly accidentType: string | null;
  readonly protocol: string | null;
  readonly pa: boolean;
  readonly pva: boolean;
}

export interface CourseRow extends Row {
  readonly dossierId: string;
  readonly employmentId: string;
  readonly dateReported: string;
  readonly dateStart: string;
  readonly recoveryPercentage: number;
  readonly recoveryReason: string | null;
  readonly wageValue: number | null;
  readonly workedHours: number | null;
  readonly safetyNet: string | null;
  readonly accidentType: string | null;
  readonly absenceReasonId: string | null;
}

export interface AppointmentRow extends Row {
  readonly employmentId: string | null;
  readonly dossierId: string | null;
  /** Both `YYYY-MM-DD HH:MM:SS`, local. */
  readonly dateStart: string;
  readonly dateEnd: string;
  readonly status: string;
  readonly cancellationReason: string | null;
  readonly methodOfConsult: 'online' | 'phone' | 'location' | 'invalid-value' | null;
  /** Null: the appointment has none. By the names of the schema. */
  readonly operation: { readonly code?: string | null; readonly isAnonymous?: boolean } | null;
  readonly location: JsonObject | null;
  readonly userId: string | null;
}

export interface AdviceRow {
  readonly dossierId: string;
  readonly courses: readonly {
    readonly dateStart: string;
    readonly dateEnd?: string | null;
    readonly recoveryPercentage: number;
  }[];
}

export interface World {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly ids: Ids;
  readonly rules: Rules;
  readonly planted: Planted;
  readonly employers: Map<string, EmployerRow>;
  readonly units: Map<string, UnitRow>;
  readonly employees: Map<string, EmployeeRow>;
  readonly employments: Map<string, EmploymentRow>;
  readonly contracts: Map<string, ContractRow>;
  readonly reasons: Map<string, ReasonRow>;
  readonly dossiers: Map<string, DossierRow>;
  readonly courses: Map<string, CourseRow>;
  readonly appointments: Map<string, AppointmentRow>;
  /** By the dossier's id. */
  readonly advices: Map<string, AdviceRow>;
}

export function newRow(
  { clock, ids }: World,
  keys: {
    readonly externalKey?: string | null | undefined;
    readonly migrationKey?: string | null | undefined;
  },
): Row {
  const nowMs = clock.now();
  return {
    id: ids.uuid(),
    externalKey: keys.externalKey ?? null,
    migrationKey: keys.migrationKey ?? null,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}
