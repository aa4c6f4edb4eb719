// What a receiver says became of a report of ours: found by our message's reference, kept with its delivery, and told to
// the employer on the way back. It comes in any order, twice, early or late; what it comes to is the store's to say.
import type { ProcessingResult, ReturnNotification, ReturnObservation } from '../domain/return.js';
import type { Problem } from '../errors.js';
import { standingOf } from '../ledger/acknowledge.js';
import { caseReferenceOf } from '../ledger/case-keys.js';
import type { CaseState } from '../ledger/case-state.js';
import { type Cleared, derive } from '../privacy/gate.js';
import type { ReturnRoute } from '../route.js';
import type { Delivery } from '../store/types.js';
import { noteSaid } from './case-note.js';
import { parkRecord, type RecordKeys } from './park-record.js';
import { wordsOf } from './result-words.js';
import { queueReturn } from './return-queue.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

type Returning = Acceptance<ReturnRoute>;

/** Parks what names a message that was never sent to this receiver, or a report that was not in it. */
export async function acceptResult(
  observation: Cleared<ReturnObservation>,
  keys: RecordKeys,
  acceptance: Returning,
): Promise<Accepted> {
  const { result } = observation;
  const delivery = result ? await acceptance.tx.outbox.get(result.reference) : null;
  if (!result || !delivery || !wasSent(delivery, acceptance)) {
    return parkRecord([{ code: 'RESULT_UNKNOWN_MESSAGE', path: 'result.reference' }], keys, acceptance);
  }
  const misfits = misfitsOf(result, delivery, acceptance);
  if (misfits.length > 0) return parkRecord(misfits, keys, acceptance);
  await keepWord(observation, delivery, acceptance);
  return tellEmployer(result, delivery.id, acceptance);
}

/** Only whom it was sent to may speak of it. */
function wasSent({ route, stage }: Delivery, acceptance: Returning): boolean {
  return stage === 'payload' && acceptance.route.answers.includes(route);
}

/** A message of ours holds one report. Which one is not known of what 0.2.0 sent: there the reference has to do. */
function misfitsOf(
  { scope, caseId, sequence }: ProcessingResult,
  { route, report }: Delivery,
  { store }: Returning,
): Problem[] {
  if (scope === 'message' || report === null) return [];
  const isCase = caseId !== undefined && caseReferenceOf(store.hash, route, caseId) === report.caseReference;
  const paths = [
    ...(isCase ? [] : ['result.caseId']),
    ...(sequence === report.sequence ? [] : ['result.sequence']),
  ];
  return paths.map((path) => ({ code: 'RESULT_OTHER_REPORT', path }));
}

async function keepWord(
  observation: Cleared<ReturnObservation>,
  delivery: Delivery,
  { tx, clock, actor, store, reference }: Returning,
): Promise<void> {
  const { id, route, caseKey, subject } = delivery;
  const word = derive(observation, ({ result }) => wordsOf(result ?? NO_RESULT));
  const { news, applied } = await tx.outbox.acknowledge(id, word, clock.now());
  if (applied && caseKey) await noteSaid({ route, caseKey }, { tx, now: clock.now() });
  await tx.audit.append({
    ...{ at: clock.now(), actor, action: 'acknowledged', route, deliveryId: id },
    ...(caseKey && { caseKey }),
    ...(subject && { subject }),
    ...(news === 'rejected' && { code: 'TARGET_REJECTED' }),
    details: { outcome: word.outcome, news, applied, source: store.hash('source', reference) },
  });
}

const NO_RESULT: ProcessingResult = { reference: '', scope: 'message', outcome: 'received' };

/** What this route last told of a report: each route tells it once, and again when it is refused after all. */
interface ToldResult {
  readonly told: 'confirmed' | 'rejected';
  readonly count: number;
  /** Our delivery that told it. */
  readonly toldBy?: string;
}

async function tellEmployer(result: ProcessingResult, id: string, acceptance: Returning): Promise<Accepted> {
  const { tx, store, route, clock } = acceptance;
  const unchanged = { ...NOTHING, unchanged: 1 };
  const delivery = await tx.outbox.get(id);
  if (!delivery?.caseKey || !delivery.acknowledgement) return unchanged;
  const told = standingOf(delivery.acknowledgement.outcome);
  if (told === 'confirmed' && route.results !== 'all') return unchanged;
  const key = store.hash('result', route.name, id);
  const before = await tx.returns.get<ToldResult>(route.name, key);
  const last = before?.toldBy === undefined ? null : await tx.outbox.get(before.toldBy);
  const isLost = last?.state === 'rejected' || last?.state === 'discarded';
  if (before && !isLost && (before.told === told || before.told === 'rejected')) return unchanged;
  const state = await caseOf(delivery.route, delivery.caseKey, acceptance);
  if (!state) return unchanged;
  const count = (before?.count ?? 0) + 1;
  const toldBy = clock.id();
  const notification = derive(state, (known) =>
    notificationOf(known, { ...delivery, scope: result.scope, count }),
  );
  await tx.returns.put(
    route.name,
    key,
    delivery.caseKey,
    derive(state, () => ({ told, count, toldBy })),
    clock.now(),
  );
  const place = {
    caseKey: delivery.caseKey,
    subject: delivery.subject,
    laneParts: ['results', delivery.caseKey],
    id: toldBy,
  };
  return queueReturn(notification, place, acceptance);
}

/** As the ledger has it now, also when the report went out under a former id of the case. */
async function caseOf(route: string, caseKey: string, { tx }: Returning): Promise<Cleared<CaseState> | null> {
  const state = (await tx.ledger.get(route, caseKey))?.state ?? null;
  if (!state?.forgotten) return state;
  const { caseId, employer } = state;
  const [present] = await tx.ledger.findCase([route], { caseId, employerId: employer.id });
  return present?.state ?? state;
}

type Told = Pick<Delivery, 'id' | 'report' | 'acknowledgement'> &
  Pick<ProcessingResult, 'scope'> & { count: number };

/** In the words that count, which need not be those that came last. */
function notificationOf(
  state: CaseState,
  { id, report, acknowledgement, scope, count }: Told,
): ReturnNotification {
  const { outcome, code, detail } = acknowledgement ?? { outcome: 'received' as const };
  const { employer, employee, employment, caseId, absence } = state;
  const { lastName, initials, prefix, calledName } = employee;
  return {
    kind: standingOf(outcome) === 'rejected' ? 'ReportRejected' : 'ReportConfirmed',
    employer: { id: employer.id, ...(employer.name !== undefined && { name: employer.name }) },
    employee: {
      id: employee.id,
      ...(lastName !== undefined && { lastName }),
      ...(initials !== undefined && { initials }),
      ...(prefix !== undefined && { prefix }),
      ...(calledName !== undefined && { calledName }),
    },
    employment: { id: employment.id },
    absence: { caseId, firstDay: absence.firstDay },
    sequence: count,
    result: {
      reference: id,
      ...{ scope, outcome, caseId },
      ...(report && { sequence: report.sequence }),
      ...(code !== undefined && { code }),
      ...(detail !== undefined && { text: detail }),
    },
  };
}
