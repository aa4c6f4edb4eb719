// Delivers one claimed item: resume it when it was waiting, else commit `sending` before the first byte, send, settle.
// The same runner stands behind every dispatcher.
import { resume } from '../acceptance/resume.js';
import type { Clock, Log } from '../connector.js';
import { CodedError, UnknownOutcomeError } from '../errors.js';
import type { Route } from '../route.js';
import type { Steps } from '../steps.js';
import type { Delivery, DeliveryBody, Store } from '../store/types.js';
import { type Answer, attempt, isUnknown, lookUp, mustAskFirst, type PayloadBody } from './attempt.js';
import type { BackoffOptions } from './backoff.js';
import { routesTo } from './connections.js';
import { type Breaker, createBreaker } from './rest.js';
import { type Circumstances, type Outcome, settle } from './settle.js';
import { startWatch } from './watch.js';
import { entryOf, parkOnError, writeSettlement } from './write-down.js';

export interface RunnerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: Steps;
  readonly routes: ReadonlyMap<string, Route>;
  readonly backoff: BackoffOptions;
  /** How long a connection rests that refused us or failed too often, before one delivery probes it. */
  readonly pauseMs: number;
  /** Failures in a row after which a connection rests. */
  readonly failuresBeforePause: number;
  /** How long a target may take for one delivery, or to say whether one arrived. */
  readonly timeoutMs: number;
}

/** Each throws only when the store fails: a bug, or content that cannot be opened, parks the item. */
export interface Runner {
  /** No delivery is longer under way: the questions before and after it included. */
  readonly longestMs: number;
  /** Takes a claimed item as far as it goes now. */
  run(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** After a crash while sending: asks the target, then settles. */
  resolveUnknown(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** After an error of the store in the midst of another call: brings the item to where it can go on. */
  rescue(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** Queues a claimed item again that will not begin now. */
  putBack(delivery: Delivery): Promise<void>;
}

interface At {
  readonly deps: RunnerDeps;
  readonly route: Route;
  readonly signal: AbortSignal;
  /** Outcomes by delivery, from when they are known until they are written down. */
  readonly known: Map<string, Outcome>;
  readonly breaker: Breaker;
}

/** For what is written to the store meanwhile, and for last words. */
const WRITING_MS = 5_000;

export function createRunner(deps: RunnerDeps): Runner {
  const known = new Map<string, Outcome>();
  const breaker = createBreaker(deps.failuresBeforePause);

  /** One call for one item, with the promise on errors that the interface gives. */
  const call =
    (work: (delivery: Delivery, at: At) => Promise<void>) =>
    async (delivery: Delivery, signal: AbortSignal): Promise<void> => {
      const route = deps.routes.get(delivery.route);
      if (!route) return;
      const at = { deps, route, signal, known, breaker };
      try {
        await work(delivery, at);
      } catch (error) {
        if (error instanceof CodedError && error.code === 'STORE_UNAVAILABLE') throw error;
        if (await isTakenOver(error, delivery, deps)) return leave(delivery, at);
        await parkOnError(delivery, known.has(delivery.id) ? unwritten(error) : error, deps);
      }
      known.delete(delivery.id);
    };

  return {
    longestMs: 3 * deps.timeoutMs + WRITING_MS,
    run: call(run),
    resolveUnknown: call(resolveUnknown),
    rescue: call(rescue),
    putBack: (delivery) => queueAgain(delivery, deps, 0),
  };
}

/** By another process, which may have brought it anywhere since. */
async function isTakenOver(error: unknown, { id }: Delivery, { store }: RunnerDeps): Promise<boolean> {
  if (!(error instanceof CodedError)) return false;
  if (error.code !== 'NOT_ALLOWED') return error.code === 'TAKEN_OVER';
  const now = await store.read((tx) => tx.outbox.get(id));
  return now?.state !== 'claimed' && now?.state !== 'sending';
}

/** Another process takes it further; that it arrived is true all the same. */
async function leave(delivery: Delivery, at: At): Promise<void> {
  const { id, route } = delivery;
  at.deps.log.warn('another process has taken a delivery over', { delivery: id, route });
  const outcome = at.known.get(id);
  if (outcome?.kind === 'delivered')
    await writeDown(delivery, outcome, { ...at, lookup: 'cannot-tell', isLate: true });
  at.known.delete(id);
}

/** A person who releases what was sent would send it twice, so the code says to ask first. */
function unwritten(error: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError('It was sent, but what became of it could not be written down.', error);
}

async function run(delivery: Delivery, at: At): Promise<void> {
  const body = await at.deps.store.read((tx) => tx.outbox.open(delivery.id));
  if (body?.stage === 'payload') await send(delivery, body, at);
  else await resumeItem(delivery, body, at);
}

async function resolveUnknown(delivery: Delivery, at: At): Promise<void> {
  const error = new UnknownOutcomeError('It ended while sending, before the outcome was written down.');
  at.deps.steps.reach('start: before an unknown outcome is settled');
  await settleOutcome(delivery, at.known.get(delivery.id) ?? { kind: 'failed', error }, at);
  at.deps.steps.reach('start: unknown outcome settled');
}

async function rescue(delivery: Delivery, at: At): Promise<void> {
  const now = await at.deps.store.read((tx) => tx.outbox.get(delivery.id));
  if (now?.state === 'sending') await resolveUnknown(now, at);
  // Not at once: whatever the store stumbled over may still be there.
  if (now?.state === 'claimed') await queueAgain(now, at.deps, at.deps.backoff.firstMs);
}

async function queueAgain(
  { id, code, detail }: Delivery,
  { store, clock }: RunnerDeps,
  waitMs: number,
): Promise<void> {
  const now = clock.now();
  // It still waits for what it waited for before.
  const told = { ...(code && { code }), ...(detail !== null && { detail }) };
  const queued = { state: 'queued', spent: false, nextAttemptAt: now + waitMs, ...told } as const;
  await store.write((tx) => tx.outbox.settle(id, queued, now));
}

async function send(delivery: Delivery, body: PayloadBody, at: At): Promise<void> {
  const { store, clock, steps } = at.deps;
  if (mustAskFirst(delivery, at.route) && (await isSettledByAsking(delivery, at))) return;
  if (at.signal.aborted) return queueAgain(delivery, at.deps, 0);
  steps.reach('delivery: claimed');
  const elapsed = startWatch(clock);
  await store.write(async (tx) => {
    await tx.outbox.markSending(delivery.id, clock.now());
    await tx.audit.append(entryOf(delivery, 'sending', clock));
  });
  steps.reach('delivery: sending committed, before the first byte');
  // From here to the first byte nothing is waited for.
  const asking = askingAt(at);
  const leftMs = asking.timeoutMs - elapsed();
  if (leftMs <= 0 || elapsed() > FRESH_MS) return leaveUnsent(delivery, at);
  const outcome = await attempt(delivery, body, { ...asking, timeoutMs: leftMs });
  at.known.set(delivery.id, outcome);
  steps.reach('delivery: sent, before the outcome is committed');
  await settleOutcome(delivery, outcome, at);
  steps.reach('delivery: outcome committed');
}

/** Asked while it is only claimed; true when it is not to be sent now. */
async function isSettledByAsking(delivery: Delivery, at: At): Promise<boolean> {
  const answer = await whatBecameOf(delivery, at);
  const { says } = answer;
  if (says === 'absent' || (says === 'nothing' && at.signal.aborted)) return false;
  const { store, clock } = at.deps;
  // Only what is being sent can have arrived.
  if (says === 'present') await store.write((tx) => tx.outbox.markSending(delivery.id, clock.now()));
  const unknown = new UnknownOutcomeError('It was tried before, and whether it arrived cannot be asked.');
  const error = says === 'nothing' ? answer.error : unknown;
  await writeDown(delivery, { kind: 'failed', error }, { ...at, lookup: says });
  return true;
}

/**
 * A process that was halted may count as dead when it wakes up, and another one may have sent the item since. So much of
 * what isSurelyAlive (store/life.ts) leaves is not needed for the delivery itself.
 */
const FRESH_MS = 8_000;

async function leaveUnsent(delivery: Delivery, { deps }: At): Promise<void> {
  const fields = { delivery: delivery.id, route: delivery.route };
  deps.log.warn(
    'this process was held up before it could send: the delivery waits for its next turn',
    fields,
  );
  await queueAgain(delivery, deps, 0);
}

function askingAt({ deps: { clock, timeoutMs }, route, signal }: At) {
  return { route, clock, timeoutMs, signal };
}

async function settleOutcome(delivery: Delivery, outcome: Outcome, at: At): Promise<void> {
  const answer = isUnknown(outcome) ? await whatBecameOf(delivery, at) : null;
  await writeDown(delivery, outcome, { ...at, lookup: answer?.says ?? 'cannot-tell' });
}

/** The receiver's own word on it, however it came, says more than an answer to a question. */
async function whatBecameOf(delivery: Delivery, at: At): Promise<Answer> {
  const now = await at.deps.store.read((tx) => tx.outbox.get(delivery.id));
  return now?.acknowledgement ? { says: 'present' } : lookUp(delivery, askingAt(at));
}

async function writeDown(
  delivery: Delivery,
  outcome: Outcome,
  at: At & { readonly lookup: Circumstances['lookup']; readonly isLate?: boolean },
): Promise<void> {
  const { clock, log, backoff } = at.deps;
  const settled = settle(outcome, {
    attempts: delivery.attempts,
    now: clock.now(),
    random: clock.random(),
    backoff,
    lookup: at.lookup,
    idempotent: at.route.target.idempotent,
  });
  if (settled.settlement.code === 'BUG' && outcome.kind === 'failed') {
    log.error('delivery failed with a bug', { delivery: delivery.id, route: delivery.route }, outcome.error);
  }
  const { to } = at.route;
  const resting = { connection: to, routes: routesTo(at.deps.routes, to), clock };
  // That we cut it off ourselves shows nothing of the connection.
  const shows = at.signal.aborted && isUnknown(outcome) ? null : settled.shows;
  await writeSettlement(
    delivery,
    { ...settled, shows },
    {
      ...{ ...at.deps, breaker: at.breaker, resting },
      ...(at.isLate && { isLate: true }),
    },
  );
}

async function resumeItem(delivery: Delivery, body: DeliveryBody | null, at: At): Promise<void> {
  const { store, clock, log, steps } = at.deps;
  await store.write(async (tx) => {
    if (body) {
      const shared = { store, clock, log, tx, route: at.route };
      const reference = delivery.sourceReference;
      await resume(delivery, body, { ...shared, reference, actor: 'daemon' });
      steps.reach('resume: before the commit');
      return;
    }
    const detail = 'Its body is no longer kept.';
    const gone = { state: 'parked', spent: false, code: 'NOT_ALLOWED', detail } as const;
    await tx.outbox.settle(delivery.id, gone, clock.now());
  });
  steps.reach('resume: committed');
}
