// What a cleared appointment, advice or document gives: found among what was last told of it, and compared. Reads only,
// so that a preview uses it too.
import type { ReturnKind } from '../connector.js';
import type { ReturnNotification, ReturnObservation } from '../domain/return.js';
import { type AppointmentState, type Compared, compareAppointment } from '../ledger/appointment.js';
import { laneEmploymentOf } from '../ledger/first-report.js';
import { compareSaid, type Said, type SaidState } from '../ledger/said.js';
import { type Cleared, derive } from '../privacy/gate.js';
import type { ReturnRoute } from '../route.js';
import type { FoundCase, ReadTx, Store } from '../store/types.js';
import { wordsOf } from './known-case.js';

/** What is kept of it, under each of its keys. */
export type ReturnState = AppointmentState | SaidState;

export interface ComparedReturn {
  readonly notification: Cleared<ReturnNotification> | null;
  readonly next: Cleared<ReturnState> | null;
  readonly keys: readonly string[];
  readonly laneParts: readonly string[];
}

interface Around {
  readonly tx: Pick<ReadTx, 'returns' | 'outbox'>;
  readonly store: Pick<Store, 'hash'>;
  readonly route: ReturnRoute;
}

export async function compareReturn(
  kind: Exclude<ReturnKind, 'result'>,
  observation: Cleared<ReturnObservation>,
  found: FoundCase,
  around: Around,
): Promise<ComparedReturn> {
  const place = placeIn(found, around);
  const words = wordsOf(found.state);
  const at = { observation, words };
  const { appointment } = observation;
  if (kind === 'appointment' && appointment) {
    const { id, previousId } = appointment;
    const keyOf = (one: string) => place.keyOf('appointment', one);
    const state =
      (await place.kept<AppointmentState>(keyOf(id))) ??
      (previousId === undefined ? null : await place.kept<AppointmentState>(keyOf(previousId)));
    const lost = await isLost(state, around);
    const compared = derive(observation, () => compareAppointment(state, appointment, { ...at, lost }));
    const ids = compared.next?.ids ?? state?.ids ?? [id];
    return { ...split(compared), keys: ids.map(keyOf), laneParts: place.laneParts('appointment', ids[0]) };
  }
  const said = saidIn(kind, observation);
  const key = place.keyOf(kind, nameOf(said));
  const state = await place.kept<SaidState>(key);
  const lost = await isLost(state, around);
  const compared = derive(observation, () => compareSaid(state, said, { ...at, lost }));
  return { ...split(compared), keys: [key], laneParts: place.laneParts(kind) };
}

/** What the employer's side refused, or a person discarded, was never told: the next word about it tells it again. */
async function isLost(state: ReturnState | null, { tx }: Around): Promise<boolean> {
  const last = state?.toldBy === undefined ? null : await tx.outbox.get(state.toldBy);
  return last?.state === 'rejected' || last?.state === 'discarded';
}

/** By what never changes of a case: whoever renumbers the employee or the case must not have it all told anew. */
function placeIn({ state }: FoundCase, { tx, store, route }: Around) {
  const { employer, laneCaseId } = state;
  const { employeeId, employmentId } = state.laneEmployment ?? laneEmploymentOf(state);
  return {
    keyOf: (...parts: readonly string[]) =>
      store.hash('return', route.name, employer.id, laneCaseId, ...parts),
    kept: <T>(key: string): Promise<Cleared<T> | null> => tx.returns.get<T>(route.name, key),
    laneParts: (...parts: readonly string[]) =>
      route.target.lane === 'employment'
        ? [employer.id, employeeId, employmentId]
        : [employer.id, laneCaseId, ...parts],
  };
}

function split<State extends ReturnState>(
  compared: Cleared<Compared<State>>,
): Pick<ComparedReturn, 'notification' | 'next'> {
  const { notification, next } = compared;
  return {
    notification: notification && derive(compared, () => notification),
    next: next && derive<Compared<State>, ReturnState>(compared, () => next),
  };
}

/** What comes without a number takes the place of the last one of the case; of documents, of that kind and day. */
function nameOf(said: Said): string {
  if (said.kind === 'advice') return said.advice.id ?? '';
  const { id, kind = '', date = '' } = said.document;
  return id ?? `${kind} ${date}`;
}

/** A note of the arbodienst never gets here: the gate drops it. */
function saidIn(kind: 'appointment' | 'advice' | 'document', { advice, document }: ReturnObservation): Said {
  return kind === 'document' ? { kind, document: document ?? {} } : { kind: 'advice', advice: advice ?? {} };
}
