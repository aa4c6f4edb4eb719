// Compares a cleared observation with the ledger and queues what has to be told, all inside the caller's transaction.
import type { Notification, NotificationKind } from '../domain/notification.js';
import type { Observation } from '../domain/observation.js';
import { ERRORS, type ErrorCode } from '../errors.js';
import { type CompareResult, compare } from '../ledger/compare.js';
import { type Outgoing, preparePayload } from '../outgoing.js';
import type { Cleared } from '../privacy/gate.js';
import type { Delivery, DeliveryBody, SentReport } from '../store/types.js';
import { bugFree } from './bug-free.js';
import { describeProblems } from './park-record.js';
import { audit, caseKeys, freshItem, keepState, type Place } from './place.js';
import { compareOptionsOf } from './states.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

/** `resumed` is the waiting item that the observation came from; a fresh observation has none. */
export async function tell(
  observation: Cleared<Observation>,
  place: Place,
  acceptance: Acceptance,
  resumed?: Delivery,
): Promise<Accepted> {
  const { tx, clock } = acceptance;
  const options = await compareOptionsOf(observation, place, acceptance, resumed);
  const result = bugFree(acceptance.log, 'compare', () =>
    compare(place.state, observation, resumed?.approvals ?? [], options),
  );
  if (result === null) return hold(observation, BUG, { place, acceptance, resumed });
  if (result.outcome === 'held') return hold(observation, result, { place, acceptance, resumed });
  if (result.next) await keepState(result.next, place, acceptance);
  if (result.outcome === 'told') return queueNotifications(result.notifications, place, acceptance, resumed);
  if (resumed) {
    await tx.outbox.settle(resumed.id, { state: 'discarded', spent: false, code: 'SUPERSEDED' }, clock.now());
  }
  await audit(acceptance, place, { action: result.outcome, ...(resumed && { deliveryId: resumed.id }) });
  return { ...NOTHING, unchanged: 1 };
}

type HeldResult = Pick<Extract<CompareResult, { outcome: 'held' }>, 'reason'> & { readonly code: ErrorCode };

const BUG: HeldResult = { code: 'BUG', reason: ERRORS.BUG.text };

async function hold(
  observation: Cleared<Observation>,
  { code, reason }: HeldResult,
  at: { place: Place; acceptance: Acceptance; resumed: Delivery | undefined },
): Promise<Accepted> {
  const { place, acceptance, resumed } = at;
  const { tx, clock } = acceptance;
  const held = { state: 'parked', code, detail: reason } as const;
  const item = freshItem(acceptance, place);
  if (resumed) await tx.outbox.settle(resumed.id, { ...held, spent: false }, clock.now());
  else await tx.outbox.insert({ ...item, kind: null, body: { stage: 'observation', observation }, ...held });
  await audit(acceptance, place, { action: 'held', code, deliveryId: resumed?.id ?? item.id });
  return { ...NOTHING, held: 1 };
}

/** Puts notifications into the lane, the first of them in place of `resumed`. */
export async function queueNotifications(
  notifications: readonly Cleared<Notification>[],
  place: Place,
  acceptance: Acceptance,
  resumed?: Delivery,
): Promise<Accepted> {
  const { tx, clock } = acceptance;
  const accepted = { ...NOTHING };
  for (const [index, notification] of notifications.entries()) {
    const item = freshItem(acceptance, place);
    const takesOver = resumed && index === 0;
    const deliveryId = takesOver ? resumed.id : item.id;
    const { changed, ...made } = mapToBody(notification, deliveryId, acceptance);
    if (takesOver) await tx.outbox.advance(deliveryId, made, clock.now());
    else await tx.outbox.insert({ ...item, ...made, ...(resumed && { inPlaceOf: resumed }) });
    accepted[made.state] += 1;
    const { sequence } = notification.absence;
    const details = { kind: notification.kind, sequence, ...changedOf(changed) };
    await audit(acceptance, place, { action: made.state, code: made.code, deliveryId, details });
  }
  return accepted;
}

export interface MappedBody {
  readonly kind: NotificationKind;
  readonly state: 'queued' | 'parked';
  readonly body: DeliveryBody;
  readonly code?: ErrorCode;
  readonly detail?: string;
  /** What the receiver's word on it will name. */
  readonly report: SentReport;
  /** Path and code of what had to be changed so that the receiver can take it. */
  readonly changed: readonly string[];
}

/** For the audit of the delivery; nothing when nothing was changed. */
export function changedOf(changed: readonly string[]): { changed?: readonly string[] } {
  return changed.length > 0 ? { changed } : {};
}

const UNMADE: Outgoing = { ok: false, problems: [{ code: 'BUG', path: 'notification' }] };

/** Ready to send; or parked as the notification itself, so that it can be mapped again once the cause is mended. */
export function mapToBody(
  notification: Cleared<Notification>,
  id: string,
  acceptance: Acceptance,
): MappedBody {
  const { kind, employer, absence } = notification;
  const { caseReference } = caseKeys(acceptance, employer.id, absence.caseId);
  const report = { caseReference, sequence: absence.sequence };
  const envelope = { reference: id, createdAt: acceptance.clock.now() };
  const made =
    bugFree(acceptance.log, 'map and render', () =>
      preparePayload(notification, acceptance.route, envelope),
    ) ?? UNMADE;
  if (!made.ok) {
    const body = { stage: 'notification', notification } as const;
    const code = made.problems[0]?.code ?? 'BUG';
    return {
      kind,
      report,
      state: 'parked',
      body,
      code,
      detail: describeProblems(made.problems),
      changed: [],
    };
  }
  const body = { stage: 'payload', payload: made.payload } as const;
  const changed = made.notices.map(({ code, path }) => `${path} ${code}`);
  const words = changed.length > 0 ? { detail: `changed to fit: ${changed.join(', ')}` } : {};
  return { kind, report, state: 'queued', body, ...words, changed };
}
