// Appointments and return-to-work advice as the API shows them. Everything a client may have no business with is planted:
// title, description, reason of a cancellation, name and price of the operation, professional, place, link and number.
import type { JsonObject } from '../../../src/connector.js';
import { coursesOf, currentOrLastContract, namedRow } from './lookup.js';
import { stamp } from './moments.js';
import { Refusal, VALIDATION_CODE } from './refusal.js';
import type { Wants } from './relations.js';
import type { AppointmentRow, DossierRow, UnitRow, World } from './rows.js';
import {
  APPOINTMENT,
  BILLED,
  BILLED_SCHEDULE,
  LOCATION,
  OPERATION,
  SCHEDULE,
  USER,
} from './shapes-appointments.js';
import { MASTER_PERSON } from './shapes-organization.js';
import { showDossierAlone } from './show-absence.js';
import { showEmployerAlone, showUnitAlone } from './show-organization.js';
import { showEmployeeAlone, showEmploymentAlone } from './show-people.js';

/** A relation that was not asked for, or that the row has not, is null. */
export function showAppointment(world: World, row: AppointmentRow, wants: Wants): JsonObject {
  const planted = world.planted.plant(APPOINTMENT);
  const { id, status, dateStart, dateEnd, createdMs, updatedMs } = row;
  const operation = wants('operation') ? operationOf(world, row) : null;
  return {
    ...planted,
    ...relationsOf(world, row, wants),
    ...{ id, status, dateStart, dateEnd },
    cancellationReason:
      status === 'cancelled' ? (row.cancellationReason ?? planted.cancellationReason) : null,
    methodOfConsult: wants('methodOfConsult') ? row.methodOfConsult : null,
    // "Null if the 'operation' is not loaded"; of an appointment without one nothing is said.
    isAnonymous: operation === null ? null : operation.isAnonymous,
    operation,
    schedule: world.planted.plant(SCHEDULE),
    dateCreated: stamp(createdMs, world.timeZone),
    dateUpdated: stamp(updatedMs, world.timeZone),
  };
}

function relationsOf(world: World, row: AppointmentRow, wants: Wants): JsonObject {
  const { plant } = world.planted;
  const employment = row.employmentId === null ? undefined : world.employments.get(row.employmentId);
  const employee = employment && world.employees.get(employment.employeeId);
  const dossier = row.dossierId === null ? undefined : world.dossiers.get(row.dossierId);
  const unit = unitOf(world, row);
  const employer = unit && world.employers.get(unit.employerId);
  const user = {
    ...plant(USER),
    ...(row.userId !== null && { id: row.userId }),
    person: plant(MASTER_PERSON),
  };
  return {
    location: wants('location') && row.location ? { ...plant(LOCATION), ...row.location } : null,
    employee: wants('employee') && employee ? showEmployeeAlone(world, employee) : null,
    user: wants('user') ? user : null,
    employer: wants('employer') && employer ? showEmployerAlone(world, employer) : null,
    organizationalUnit: wants('employee') && unit ? showUnitAlone(world, unit) : null,
    dossier: wants('dossier') && dossier ? showDossierAlone(world, dossier) : null,
    employment: wants('employment') && employment ? showEmploymentAlone(world, employment) : null,
    billing: wants('billing') ? billingOf(world, row) : null,
  };
}

function operationOf({ planted }: World, { operation }: AppointmentRow): JsonObject | null {
  return operation && { ...planted.plant(OPERATION), vatPercentage: 21, isAnonymous: false, ...operation };
}

function billingOf(world: World, row: AppointmentRow): JsonObject {
  const { plant } = world.planted;
  const unit = unitOf(world, row);
  const employer = unit && world.employers.get(unit.employerId);
  const operation = operationOf(world, row);
  return {
    appointment: { ...plant(BILLED), billableOperations: operation === null ? [] : [operation] },
    schedule: {
      ...plant(BILLED_SCHEDULE),
      employer: employer ? showEmployerAlone(world, employer) : null,
      organizationalUnit: unit ? showUnitAlone(world, unit) : null,
    },
  };
}

export function unitOf(world: World, { employmentId }: AppointmentRow): UnitRow | undefined {
  const contract = employmentId === null ? undefined : currentOrLastContract(world, employmentId);
  return contract && world.units.get(contract.unitId);
}

/** `dateReport` is "the date and time when the dossier was reported". */
export function adviceOf(world: World, dossierId: string): JsonObject {
  const dossier = namedRow(world, world.dossiers, { id: dossierId });
  if (!world.advices.has(dossier.id) && world.rules.missingAdvice === 'refuse')
    throw new Refusal(world.rules.unknownRow, VALIDATION_CODE, ['there is no advice']);
  const employment = world.employments.get(dossier.employmentId);
  const contract = currentOrLastContract(world, dossier.employmentId);
  const unit = contract && world.units.get(contract.unitId);
  return {
    ...(unit && { employerId: unit.employerId }),
    ...(employment && { employeeId: employment.employeeId }),
    dossierId: dossier.id,
    dateReport: `${dossier.dateReported} 00:00:00`,
    absenceCourses: (world.advices.get(dossier.id)?.courses ?? ownCourses(world, dossier)).map((course) => ({
      ...course,
    })),
  };
}

function ownCourses(world: World, { id }: DossierRow) {
  if (world.rules.missingAdvice === 'no courses') return [];
  return coursesOf(world, id).map(({ dateStart, recoveryPercentage }, place, all) => ({
    dateStart,
    dateEnd: all[place + 1]?.dateStart ?? null,
    recoveryPercentage,
  }));
}
