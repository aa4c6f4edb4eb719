// Writes down what became of a delivery, in one transaction: its state, its case, its route and the audit.
import { noteSaid, noteSettled } from '../acceptance/case-note.js';
import type { Clock, Log } from '../connector.js';
import { CodedError } from '../errors.js';
import type { Delivery, DeliveryState, Store, WriteTx } from '../store/types.js';
import { type Breaker, goOn, probeAtOf, type Resting, rest } from './rest.js';
import type { Settled } from './settle.js';

export interface Writing {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a connection rests before one delivery probes it. */
  readonly pauseMs: number;
  readonly breaker: Breaker;
  /** Another process has taken it over since it was sent. */
  readonly isLate?: boolean;
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
  const { breaker, resting } = writing;
  const opens = breaker.opens(resting.connection, settled.shows);
  const { state, code } = settlement;
  const end = await store.write(async (tx) => {
    const settle = writing.isLate ? tx.outbox.settleLate : tx.outbox.settle;
    const after = await settle(delivery.id, settlement, now);
    if (after === null) return null;
    await noteSettled(delivery, { settlement, state: after }, { tx, now });
    await noteOfConnection(settled, { tx, opens, ...writing });
    await tx.audit.append({
      ...entryOf(delivery, state === 'queued' ? 'retry' : state, clock),
      ...(code && { code }),
      details: { attempt: delivery.attempts + 1, ...told },
    });
    // What the receiver said before takes effect now.
    if (after !== state) await tx.audit.append(entryOf(delivery, after, clock));
    return after;
  });
  if (end === null) return;
  // Only now: a settlement that fails comes again.
  breaker.count(resting.connection, settled.shows);
  const fields = { delivery: delivery.id, route: delivery.route, state: end, code };
  if (arrived(end) && !code) log.info('delivered', fields);
  else if (arrived(end)) log.warn('delivered, but it differs at the receiver', fields);
  else log.warn('not delivered', fields);
}

/** A refusal of this very item shows as well that the link works. A probe that fails lets the connection rest on. */
async function noteOfConnection(
  { shows, settlement, askedMs = 0 }: Settled,
  { tx, opens, resting, pauseMs }: Pick<Writing, 'resting' | 'pauseMs'> & { tx: WriteTx; opens: boolean },
): Promise<void> {
  if (shows === null) return;
  if (shows === 'works') return goOn(tx, resting);
  const restsAlready = probeAtOf(await tx.operation.pausedRoutes(), resting.routes) !== null;
  if (!opens && !restsAlready) return;
  const { code = null, detail = null } = settlement;
  const failing = {
    code: 'TARGET_FAILING',
    detail: `The last error: ${code} ${detail ?? ''}`.trim(),
  } as const;
  const told = shows === 'refuses' ? { code, detail } : failing;
  await rest(tx, resting, { ...told, restMs: Math.max(pauseMs, askedMs) });
}

const arrived = (state: DeliveryState) => state === 'delivered' || state === 'confirmed';

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

/** What a replica of an older version settled although its receiver had spoken: see the store. */
export async function takeUpWords(tx: WriteTx, clock: Clock): Promise<void> {
  for (const delivery of await tx.outbox.takeUpWords(clock.now())) {
    const { route, caseKey, state } = delivery;
    if (caseKey) await noteSaid({ route, caseKey }, { tx, now: clock.now() });
    await tx.audit.append(entryOf(delivery, state, clock));
  }
}
