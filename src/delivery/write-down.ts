// Writes down what became of a delivery, in one transaction: its state, its case, its route and the audit.
import type { Clock, Log } from '../connector.js';
import { CodedError } from '../errors.js';
import type { Delivery, Settlement, Store, WriteTx } from '../store/types.js';
import type { Settled } from './settle.js';

export interface Writing {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly pauseMs: number;
}

export async function writeSettlement(
  delivery: Delivery,
  { settlement, pausesRoute, told }: Settled,
  { store, clock, log, pauseMs }: Writing,
): Promise<void> {
  const now = clock.now();
  const { state, code, detail } = settlement;
  await store.write(async (tx) => {
    await tx.outbox.settle(delivery.id, settlement, now);
    await noteOfCase(delivery, settlement, { tx, now });
    if (pausesRoute) {
      const paused = { pausedAt: now, pausedCode: code ?? null, pausedDetail: detail ?? null };
      await tx.operation.pauseRoute({ route: delivery.route, ...paused, nextProbeAt: now + pauseMs });
    } else if (arrived(state) || state === 'rejected') {
      // A refusal of this very item shows as well that the link works.
      await tx.operation.resumeRoute(delivery.route);
    }
    await tx.audit.append({
      ...entryOf(delivery, state === 'queued' ? 'retry' : state, clock),
      ...(code && { code }),
      details: { attempt: delivery.attempts + 1, ...told },
    });
  });
  const fields = { delivery: delivery.id, route: delivery.route, state, code };
  if (arrived(state) && !code) log.info('delivered', fields);
  else if (arrived(state)) log.warn('delivered, but it differs at the receiver', fields);
  else log.warn('not delivered', fields);
}

const arrived = (state: Settlement['state']) => state === 'delivered' || state === 'confirmed';

async function noteOfCase(
  delivery: Delivery,
  { state, code }: Settlement,
  { tx, now }: { tx: WriteTx; now: number },
): Promise<void> {
  const { route, caseKey } = delivery;
  if (!caseKey) return;
  if (state === 'rejected') await tx.ledger.setDiverged(route, caseKey, 'TARGET_REJECTED', now);
  if (!arrived(state)) return;
  if (code) await tx.ledger.setDiverged(route, caseKey, code, now);
  else if (!(await lacksLater(delivery, caseKey, tx))) await tx.ledger.setDiverged(route, caseKey, null, now);
}

/** Will the receiver never get a later one of the case? Then this delivery does not bring it up to date. */
async function lacksLater(delivery: Delivery, caseKey: string, tx: WriteTx): Promise<boolean> {
  const lost = await tx.outbox.list({ route: delivery.route, caseKey, states: ['rejected', 'discarded'] });
  return lost.some(
    ({ code, position, sub }) =>
      code !== 'SUPERSEDED' &&
      code !== 'HELD_DISAPPEARED' &&
      (position > delivery.position || (position === delivery.position && sub > delivery.sub)),
  );
}

/** The item cannot be taken further by this product as it is: a person has to look. */
export async function parkOnError(
  delivery: Delivery,
  error: unknown,
  { store, clock, log }: Pick<Writing, 'store' | 'clock' | 'log'>,
): Promise<void> {
  log.error('an item could not go on', { delivery: delivery.id, route: delivery.route }, error);
  const told =
    error instanceof CodedError ? { code: error.code, detail: error.message } : { code: 'BUG' as const };
  await store.write(async (tx) => {
    await tx.outbox.settle(delivery.id, { state: 'parked', spent: true, ...told }, clock.now());
    await tx.audit.append({ ...entryOf(delivery, 'parked', clock), code: told.code });
  });
}

export function entryOf(delivery: Delivery, action: string, clock: Clock) {
  return {
    at: clock.now(),
    actor: 'daemon',
    action,
    route: delivery.route,
    deliveryId: delivery.id,
    ...(delivery.caseKey && { caseKey: delivery.caseKey }),
    ...(delivery.subject && { subject: delivery.subject }),
  };
}
