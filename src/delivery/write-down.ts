// Writes down what became of a delivery, in one transaction: its state, its case, its route and the audit.
import type { Clock, Log } from '../connector.js';
import { CodedError } from '../errors.js';
import type { Delivery, Settlement, Store, WriteTx } from '../store/types.js';
import { type Breaker, goOn, probeAtOf, type Resting, rest } from './rest.js';
import type { Settled } from './settle.js';

export interface Writing {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a connection rests before one delivery probes it. */
  readonly pauseMs: number;
  readonly breaker: Breaker;
  /** The connection that the delivery goes to. */
  readonly resting: Resting;
}

export async function writeSettlement(
  delivery: Delivery,
  settled: Settled,
  { store, clock, log, ...writing }: Writing,
): Promise<void> {
  const { settlement, told } = settled;
  const now = clock.now();
  const opens = writing.breaker.count(writing.resting.connection, settled.shows);
  const { state, code } = settlement;
  await store.write(async (tx) => {
    await tx.outbox.settle(delivery.id, settlement, now);
    await noteOfCase(delivery, settlement, { tx, now });
    await noteOfConnection(settled, { tx, opens, ...writing });
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

/** A refusal of this very item shows as well that the link works. A probe that fails lets the connection rest on. */
async function noteOfConnection(
  { shows, settlement, askedMs = 0 }: Settled,
  { tx, opens, resting, pauseMs }: Pick<Writing, 'resting' | 'pauseMs'> & { tx: WriteTx; opens: boolean },
): Promise<void> {
  if (shows === null) return;
  if (shows === 'works') return goOn(tx, resting);
  const restsAlready = probeAtOf(await tx.operation.routes(), resting.routes) !== null;
  if (!opens && !restsAlready) return;
  const { code = null, detail = null } = settlement;
  const failing = {
    code: 'TARGET_FAILING',
    detail: `The last error: ${code} ${detail ?? ''}`.trim(),
  } as const;
  const told = shows === 'refuses' ? { code, detail } : failing;
  await rest(tx, resting, { ...told, restMs: Math.max(pauseMs, askedMs) });
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
