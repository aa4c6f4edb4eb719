// Delivers one claimed item: resume it when it was waiting, else commit `sending` before the first byte, send, settle.
// The same runner stands behind every dispatcher.
import { resume } from '../acceptance/resume.js';
import type { Clock, Log } from '../connector.js';
import { CodedError, UnknownOutcomeError } from '../errors.js';
import type { Route } from '../route.js';
import type { Steps } from '../steps.js';
import type { Delivery, DeliveryBody, Store } from '../store/types.js';
import type { BackoffOptions } from './backoff.js';
import { type Circumstances, type Outcome, settle } from './settle.js';

export interface RunnerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: Steps;
  readonly routes: ReadonlyMap<string, Route>;
  readonly backoff: BackoffOptions;
  /** How long a route rests after its connection was refused, before one delivery probes it. */
  readonly pauseMs: number;
}

export interface Runner {
  /** Takes a claimed item as far as it goes now. Never throws: a bug parks the item. */
  run(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** After a crash while sending: asks the target, then settles. */
  resolveUnknown(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** After an error of the store in the midst of `run`: brings the item to where it can go on. */
  rescue(delivery: Delivery, signal: AbortSignal): Promise<void>;
}

export function createRunner(deps: RunnerDeps): Runner {
  return {
    async run(delivery, signal) {
      const route = deps.routes.get(delivery.route);
      if (!route) return;
      const body = await deps.store.read((tx) => tx.outbox.open(delivery.id));
      if (body?.stage === 'payload') return send(delivery, body, { deps, route, signal });
      await resumeItem(delivery, body, { deps, route });
    },
    resolveUnknown: (delivery, signal) => resolveUnknown(delivery, deps, signal),
    async rescue({ id }, signal) {
      const now = await deps.store.read((tx) => tx.outbox.get(id));
      if (now?.state === 'sending') return resolveUnknown(now, deps, signal);
      if (now?.state !== 'claimed') return;
      await deps.store.write((tx) =>
        tx.outbox.settle(id, { state: 'queued', spent: false }, deps.clock.now()),
      );
    },
  };
}

async function resolveUnknown(delivery: Delivery, deps: RunnerDeps, signal: AbortSignal): Promise<void> {
  const route = deps.routes.get(delivery.route);
  if (!route) return;
  const error = new UnknownOutcomeError('It ended while sending, before the outcome was written down.');
  deps.steps.reach('start: before an unknown outcome is settled');
  await settleOutcome(delivery, { kind: 'failed', error }, { deps, route, signal });
  deps.steps.reach('start: unknown outcome settled');
}

interface At {
  readonly deps: RunnerDeps;
  readonly route: Route;
  readonly signal: AbortSignal;
}

type PayloadBody = Extract<DeliveryBody, { stage: 'payload' }>;

async function send(delivery: Delivery, body: PayloadBody, at: At): Promise<void> {
  const { store, clock, steps } = at.deps;
  steps.reach('delivery: claimed');
  await store.write(async (tx) => {
    await tx.outbox.markSending(delivery.id, clock.now());
    await tx.audit.append(entryOf(delivery, 'sending', clock));
  });
  steps.reach('delivery: sending committed, before the first byte');
  const outcome = await attempt(delivery, body, at);
  steps.reach('delivery: sent, before the outcome is committed');
  await settleOutcome(delivery, outcome, at);
  steps.reach('delivery: outcome committed');
}

async function attempt(delivery: Delivery, body: PayloadBody, at: At): Promise<Outcome> {
  const options = { idempotencyKey: delivery.id, order: orderOf(delivery), signal: at.signal };
  try {
    const receipt = await at.route.target.deliver(body.payload, options);
    return { kind: 'delivered', reference: receipt.reference };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

async function settleOutcome(delivery: Delivery, outcome: Outcome, at: At): Promise<void> {
  const { store, clock, log, backoff, pauseMs } = at.deps;
  const now = clock.now();
  const circumstances: Circumstances = {
    attempts: delivery.attempts,
    now,
    random: clock.random(),
    backoff,
    lookup: await lookUp(delivery, outcome, at),
    idempotent: at.route.target.idempotent,
  };
  const { settlement, pausesRoute } = settle(outcome, circumstances);
  if (settlement.code === 'BUG' && outcome.kind === 'failed') {
    log.error('delivery failed with a bug', { delivery: delivery.id, route: delivery.route }, outcome.error);
  }
  const { state, code, detail } = settlement;
  await store.write(async (tx) => {
    await tx.outbox.settle(delivery.id, settlement, now);
    if (delivery.caseKey) {
      if (state === 'rejected')
        await tx.ledger.setDiverged(delivery.route, delivery.caseKey, 'TARGET_REJECTED', now);
      if (state === 'delivered') await tx.ledger.setDiverged(delivery.route, delivery.caseKey, null, now);
    }
    if (pausesRoute) {
      const paused = { pausedAt: now, pausedCode: code ?? null, pausedDetail: detail ?? null };
      await tx.operation.pauseRoute({ route: delivery.route, ...paused, nextProbeAt: now + pauseMs });
    } else if (state === 'delivered') {
      await tx.operation.resumeRoute(delivery.route);
    }
    await tx.audit.append({
      ...entryOf(delivery, state === 'queued' ? 'retry' : state, clock),
      ...(code && { code }),
      details: { attempt: delivery.attempts + 1 },
    });
  });
  const fields = { delivery: delivery.id, route: delivery.route, state, code };
  if (state === 'delivered') log.info('delivered', fields);
  else log.warn('not delivered', fields);
}

async function lookUp(delivery: Delivery, outcome: Outcome, at: At): Promise<Circumstances['lookup']> {
  const { target } = at.route;
  const unknown = outcome.kind === 'failed' && outcome.error instanceof UnknownOutcomeError;
  if (!unknown || !target.lookup) return 'cannot-tell';
  try {
    return await target.lookup(delivery.id, { order: orderOf(delivery), signal: at.signal });
  } catch {
    // The question itself failed: the item is sent again or parked, by what the target says of itself.
    return 'cannot-tell';
  }
}

async function resumeItem(
  delivery: Delivery,
  body: DeliveryBody | null,
  { deps, route }: Omit<At, 'signal'>,
): Promise<void> {
  const { store, clock, log, steps } = deps;
  try {
    await store.write(async (tx) => {
      if (body) {
        const reference = delivery.sourceReference;
        await resume(delivery, body, { store, clock, log, tx, route, reference, actor: 'daemon' });
        steps.reach('resume: before the commit');
        return;
      }
      const gone = {
        state: 'parked',
        spent: false,
        code: 'NOT_ALLOWED',
        detail: 'Its body is no longer kept.',
      } as const;
      await tx.outbox.settle(delivery.id, gone, clock.now());
    });
    steps.reach('resume: committed');
  } catch (error) {
    // Not a bug of this item: the dispatcher rescues it once the store works again.
    if (error instanceof CodedError && error.code === 'STORE_UNAVAILABLE') throw error;
    log.error('an item could not be resumed', { delivery: delivery.id, route: delivery.route }, error);
    await store.write(async (tx) => {
      await tx.outbox.settle(delivery.id, { state: 'parked', spent: true, code: 'BUG' }, clock.now());
      await tx.audit.append({ ...entryOf(delivery, 'parked', clock), code: 'BUG' });
    });
  }
}

/** Sorts as text in the order of acceptance; a later item of the same lane has a higher one. */
export function orderOf(delivery: Pick<Delivery, 'position' | 'sub'>): string {
  return `${String(delivery.position).padStart(10, '0')}-${String(delivery.sub).padStart(2, '0')}`;
}

function entryOf(delivery: Delivery, action: string, clock: Clock) {
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
