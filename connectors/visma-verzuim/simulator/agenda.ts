// The arbodienst's side of a dossier: appointments and return-to-work advice. The API only shows them: no call makes,
// moves or cancels one, so a test or the demo does.
import { openBareDossier } from './dossier-rules.js';
import { rowByName } from './lookup.js';
import { type AdviceRow, type AppointmentRow, newRow, type World } from './rows.js';

export type AppointmentStatus =
  | 'completed'
  | 'reserved'
  | 'final'
  | 'no-show'
  | 'cancelled'
  | 'no-availability'
  | 'invalid-value';

export interface NewAppointment {
  /** Id or external key; none when null. */
  readonly employment: string | null;
  /** Id or external key; none when absent. */
  readonly dossier?: string | null;
  /** `YYYY-MM-DD HH:MM:SS`, local. */
  readonly dateStart: string;
  /** The same form; half an hour later on the same clock when absent. */
  readonly dateEnd?: string;
  /** `reserved` when absent. */
  readonly status?: AppointmentStatus;
  readonly methodOfConsult?: AppointmentRow['methodOfConsult'];
  /** Null: there is none. What is absent is planted, and it is not anonymous. */
  readonly operation?: AppointmentRow['operation'];
  /** By the names of the schema; what is absent is planted. Null: there is none. */
  readonly location?: AppointmentRow['location'];
  /** Id of the professional. */
  readonly userId?: string;
}

export type AppointmentChange = Partial<
  Pick<
    AppointmentRow,
    'dateStart' | 'dateEnd' | 'status' | 'methodOfConsult' | 'operation' | 'location' | 'cancellationReason'
  >
>;

export interface Agenda {
  /** The new appointment's id. */
  addAppointment(appointment: NewAppointment): string;
  changeAppointment(id: string, change: AppointmentChange): void;
  /** To another start, as long as before. */
  moveAppointment(id: string, dateStart: string): void;
  cancelAppointment(id: string, reason?: string): void;
  /** `completed` when no status is named. */
  completeAppointment(id: string, status?: 'completed' | 'no-show'): void;
  /** A dossier of another kind, such as `preventive`, without any course; gives its id. */
  addDossier(dossier: { readonly employment: string; readonly type: string; readonly key?: string }): string;
  /** Instead of the advice that the dossier had; days `YYYY-MM-DD`. `dossier` is an id or an external key. */
  giveAdvice(dossier: string, courses: AdviceRow['courses']): void;
}

export function createAgenda(world: World): Agenda {
  const change = (id: string, parts: AppointmentChange) => {
    const row = rowByName(world, world.appointments, id);
    world.appointments.set(row.id, { ...row, ...parts, updatedMs: world.clock.now() });
  };
  return {
    addAppointment({ employment, dossier = null, ...appointment }) {
      const row: AppointmentRow = {
        ...newRow(world, {}),
        employmentId: employment === null ? null : rowByName(world, world.employments, employment).id,
        dossierId: dossier === null ? null : rowByName(world, world.dossiers, dossier).id,
        ...{ status: 'reserved', methodOfConsult: 'location', operation: {}, location: {}, userId: null },
        ...{ cancellationReason: null, dateEnd: later(appointment.dateStart, HALF_AN_HOUR) },
        ...appointment,
      };
      world.appointments.set(row.id, row);
      return row.id;
    },
    changeAppointment: change,
    moveAppointment(id, dateStart) {
      const { dateStart: from, dateEnd } = rowByName(world, world.appointments, id);
      change(id, { dateStart, dateEnd: later(dateStart, Date.parse(utc(dateEnd)) - Date.parse(utc(from))) });
    },
    cancelAppointment: (id, reason = 'employee-passed-away') =>
      change(id, { status: 'cancelled', cancellationReason: reason }),
    completeAppointment: (id, status = 'completed') => change(id, { status }),
    addDossier: ({ employment, type, key }) =>
      openBareDossier(world, rowByName(world, world.employments, employment).id, { type, key }),
    giveAdvice(dossier, courses) {
      const { id } = rowByName(world, world.dossiers, dossier);
      world.advices.set(id, { dossierId: id, courses });
    },
  };
}

const HALF_AN_HOUR = 1_800_000;
const utc = (stampText: string) => `${stampText.replace(' ', 'T')}Z`;

/** On the same clock: the description gives no zone. */
function later(stampText: string, ms: number): string {
  return new Date(Date.parse(utc(stampText)) + ms).toISOString().slice(0, 19).replace('T', ' ');
}
