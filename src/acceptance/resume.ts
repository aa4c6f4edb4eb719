// A waiting or released item goes on from the stage it had reached; a case is sent again on demand.
import { isDeepStrictEqual } from 'node:util';
import { CodedError } from '../errors.js';
import type { CaseState } from '../ledger/case-state.js';
import { resendAll } from '../ledger/compare.js';
import type { Cleared } from '../privacy/gate.js';
import type { ReturnRoute, Route } from '../route.js';
import type { Delivery, DeliveryBody } from '../store/types.js';
import { factsOf, heldWords } from './observation.js';
import { audit, keepState, placeOf } from './place.js';
import { type MappedReturn, mapReturn } from './return-queue.js';
import { isHistory, isOvertaken } from './states.js';
import { changedOf, type MappedBody, mapToBody, queueNotifications, tell } from './tell.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

export async function resume(
  delivery: Delivery,
  body: DeliveryBody,
  { route, ...arrival }: Acceptance<Route>,
): Promise<Accepted> {
  if (body.stage === 'payload') return NOTHING;
  const isReturn = body.stage === 'return-notification';
  if (route.carries === 'returns')
    return isReturn ? mapReturnAgain(delivery, body, { route, ...arrival }) : NOTHING;
  const acceptance = { route, ...arrival };
  if (body.stage === 'notification') return mapAgain(delivery, body, acceptance);
  return body.stage === 'observation' ? clearAgain(delivery, body, acceptance) : NOTHING;
}

async function clearAgain(
  delivery: Delivery,
  body: Extract<DeliveryBody, { stage: 'observation' }>,
  acceptance: Acceptance,
): Promise<Accepted> {
  const { tx, route, clock } = acceptance;
  const place = await placeOf(body.observation, acceptance);
  if (await isOvertaken(delivery, body.observation, acceptance)) {
    const settlement = { state: 'discarded', spent: false, code: 'SUPERSEDED' } as const;
    await tx.outbox.settle(delivery.id, settlement, clock.now());
    await audit(acceptance, place, { action: 'discarded', deliveryId: delivery.id, code: 'SUPERSEDED' });
    return { ...NOTHING, unchanged: 1 };
  }
  const gated = route.gate.clear(body.observation, factsOf(route, place.state), delivery.approvals);
  if (gated.verdict === 'cleared' || (await isHistory(gated, place, acceptance, delivery)))
    return tell(gated.observation, place, acceptance, delivery);
  const held = heldWords(gated.holds);
  await tx.outbox.settle(delivery.id, { state: 'parked', spent: false, ...held }, clock.now());
  await audit(acceptance, place, { action: 'held', deliveryId: delivery.id, code: held.code });
  return { ...NOTHING, held: 1 };
}

async function mapAgain(
  delivery: Delivery,
  { notification }: Extract<DeliveryBody, { stage: 'notification' }>,
  acceptance: Acceptance,
): Promise<Accepted> {
  return settleMapped(delivery, mapToBody(notification, delivery.id, acceptance), acceptance);
}

function mapReturnAgain(
  delivery: Delivery,
  { notification }: Extract<DeliveryBody, { stage: 'return-notification' }>,
  acceptance: Acceptance<ReturnRoute>,
): Promise<Accepted> {
  return settleMapped(delivery, mapReturn(notification, delivery.id, acceptance), acceptance);
}

/** The same item, mapped: on its way now, or waiting again. */
async function settleMapped(
  delivery: Delivery,
  { changed, ...made }: MappedBody | MappedReturn,
  acceptance: Acceptance<Route>,
): Promise<Accepted> {
  const { tx, clock, store, route } = acceptance;
  if (made.body.stage === 'payload') await tx.outbox.advance(delivery.id, made, clock.now());
  else {
    const { code, detail } = made;
    const words = { ...(code && { code }), ...(detail && { detail }) };
    await tx.outbox.settle(delivery.id, { state: 'parked', spent: false, ...words }, clock.now());
  }
  const source = store.hash('source', acceptance.reference);
  const details = { kind: made.kind, ...changedOf(changed), source };
  const { caseKey, subject } = delivery;
  await tx.audit.append({
    ...{
      at: clock.now(),
      actor: acceptance.actor,
      action: made.state,
      route: route.name,
      deliveryId: delivery.id,
      details,
    },
    ...(caseKey && { caseKey }),
    ...(subject && { subject }),
    ...(made.code && { code: made.code }),
  });
  return { ...NOTHING, [made.state]: 1 };
}

/**
 * Queues the present state of a case as if the receiver knew nothing of it. Throws NOT_ALLOWED when the case is no
 * longer what was `shown`, and while something of its lane waits for a person: what is sent now would be overtaken.
 */
export async function queueResend(shown: Cleared<CaseState>, acceptance: Acceptance): Promise<Accepted> {
  const { tx, route } = acceptance;
  const { employer, employee, employment, caseId } = shown;
  const place = await placeOf({ employer, employee, employment, absence: { caseId } }, acceptance);
  if (!isDeepStrictEqual(place.state, shown)) throw refusal('The case changed meanwhile. Look at it again.');
  // What was held and discarded never passed the gate for good: a resend must not be the way around it.
  if (shown.notified === 0)
    throw refusal('Nothing of this case was ever sent: its report was discarded. Put that in again.');
  if (await tx.outbox.hasUncompared(route.name, place.lane)) {
    throw refusal('Something of this case is held: release or discard that first (see `parked list`).');
  }
  const { notifications, next } = resendAll(shown);
  await keepState(next, place, acceptance);
  await audit(acceptance, place, { action: 'resent' });
  return queueNotifications(notifications, place, acceptance);
}

function refusal(detail: string): CodedError {
  return new CodedError('NOT_ALLOWED', [], { detail });
}
