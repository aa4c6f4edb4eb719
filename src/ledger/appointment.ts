// Compares what an arbodienst says of an appointment with what the employer was last told of it. Pure.
//   planned     scheduled; moved when anything that the employer was told has changed; scheduled anew after a cancellation
//   cancelled   cancelled; nothing when the employer never heard of it, but the message is known when it comes again
//   kept, no-show   once; again when the day or the time was wrong
// A message that was written before the last one that was taken in says nothing any more.

import { isBefore } from '../domain/instant.js';
import type {
  Appointment,
  ReturnNotification,
  ReturnNotificationKind,
  ReturnObservation,
} from '../domain/return.js';
import { markOf, sameContent, withMark } from './content.js';

/** Of whom and of which case a notification of the way back is: the employer's own ids and names. */
export type CaseWords = Pick<ReturnNotification, 'employer' | 'employee' | 'employment' | 'absence'>;

export interface AppointmentState {
  /** All ids that the source gave it, the first one first: by that one the employer knows it. */
  readonly ids: readonly [string, ...string[]];
  /** Number of our last notification about it. */
  readonly notified: number;
  /** As the employer was last told it; null when it was never told. */
  readonly told: Appointment | null;
  /** Marks of the messages that were taken in (see content.ts): one that comes again later is out of date. */
  readonly seen: readonly string[];
  /** When the last message that was taken in was written, where its sender says so. */
  readonly writtenAt?: string;
  /** Our delivery that told it last. */
  readonly toldBy?: string;
}

export interface Compared<State> {
  /** Null when there is nothing to tell. */
  readonly notification: ReturnNotification | null;
  /** Null when the state stays as it is. */
  readonly next: State | null;
}

const NOTHING = { notification: null, next: null } as const;

export interface Heard {
  readonly observation: ReturnObservation;
  readonly words: CaseWords;
  /** What was told last never arrived: it was rejected or discarded. */
  readonly lost?: boolean;
}

/** `appointment` is that of the observation, which holds the message that it came with. */
export function compareAppointment(
  state: AppointmentState | null,
  appointment: Appointment,
  { observation, words, lost = false }: Heard,
): Compared<AppointmentState> {
  const mark = markOf(observation);
  const isAgain = observation.message?.reference !== undefined && state?.seen.includes(mark.message);
  const cameBefore = isAgain && !(lost && state?.seen.at(-1) === mark.message);
  const { createdAt } = observation.message ?? {};
  if (cameBefore || isBefore(createdAt, state?.writtenAt)) return NOTHING;
  const { previousId, previousDate, previousTime, ...stated } = appointment;
  const ids = idsOf(state, appointment);
  const now: Appointment = { ...stated, id: ids[0] };
  const kind = kindOf(state?.told ?? null, now, lost);
  const writtenAt = createdAt ?? state?.writtenAt;
  const taken = {
    ids,
    seen: withMark(state?.seen ?? [], mark),
    ...(writtenAt !== undefined && { writtenAt }),
    ...(state?.toldBy !== undefined && { toldBy: state.toldBy }),
  };
  if (kind === null) {
    const { notified = 0, told = null } = state ?? {};
    return { notification: null, next: { ...taken, notified, told } };
  }
  const notified = (state?.notified ?? 0) + 1;
  const told = kind === 'AppointmentMoved' ? { ...now, ...formerTime(state?.told, now) } : now;
  return {
    notification: { kind, ...words, sequence: notified, appointment: told },
    next: { ...taken, notified, told: now },
  };
}

function idsOf(state: AppointmentState | null, { id, previousId }: Appointment): AppointmentState['ids'] {
  const [first, ...rest] = state?.ids ?? (previousId === undefined ? [id] : [previousId, id]);
  return [first, ...new Set([...rest, id].filter((other) => other !== first))];
}

function kindOf(told: Appointment | null, now: Appointment, lost: boolean): ReturnNotificationKind | null {
  if (now.status === 'cancelled')
    return told === null || (told.status === 'cancelled' && !lost) ? null : 'AppointmentCancelled';
  if (now.status === 'planned') {
    if (told?.status !== 'planned' || lost) return 'AppointmentScheduled';
    return sameContent(told, now) ? null : 'AppointmentMoved';
  }
  if (!lost && told?.status === now.status && told.date === now.date && told.time === now.time) return null;
  return now.status === 'kept' ? 'AppointmentKept' : 'AppointmentMissed';
}

/** When it was to be, as the employer knows it; nothing when only something else has changed. */
function formerTime(
  told: Appointment | null | undefined,
  now: Appointment,
): Pick<Appointment, 'previousDate' | 'previousTime'> {
  if (!told || (told.date === now.date && told.time === now.time)) return {};
  return { previousDate: told.date, previousTime: told.time };
}
