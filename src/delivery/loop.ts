// The loop of a dispatcher: it looks when woken, when the next delivery is due and every few seconds, because commands
// in other processes release and resend too, and because a wake-up may be lost. What a look does, its maker says. Now and
// then it takes over what a process that died had under way.
import type { Clock, Log } from '../connector.js';
import type { Store } from '../store/types.js';
import type { Dispatcher } from './dispatcher.js';
import type { Flights } from './flights.js';
import { setProbesRight } from './rest.js';
import { takeUpWords } from './write-down.js';

export interface LoopParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly flights: Flights;
  /** Those that this process delivers for. */
  readonly routes: readonly string[];
  /** Looks once at everything. */
  look(): Promise<Look>;
  /** Work of the dispatcher that is neither a look nor a flight: resolves when it is over. */
  quiet?(): Promise<void>;
}

/** What one look at the store gave. */
export interface Look {
  /** Was anything due that may go? */
  readonly busy: boolean;
  /** Look again at once. */
  readonly again: boolean;
  /** Routes that could have taken something, and had nothing due. */
  readonly idleRoutes: readonly string[];
  /** When something may go that may not go now: the probe of a resting connection, the next place in a pace. */
  readonly nextAt: number;
  /** Nothing waits for the very next look: however often it is woken, it takes but a part of the time. */
  readonly unhurried?: boolean;
}

export type Loop = Pick<Dispatcher, 'start' | 'wake' | 'idle' | 'stop'>;

/** Longest time between two looks. */
export const SWEEP_MS = 2_000;
const SHORTEST_NAP_MS = 50;
/** What is unhurried is left alone for so many times as long as it took, and no longer than that. */
const LEFT_ALONE = 4;
const LONGEST_LEFT_ALONE_MS = 250;
/** Longest time between two looks for what another process left behind, or a commit that was never heard of. */
const RECOVER_MS = 10_000;

interface IdleWaiter {
  resolve(): void;
  reject(error: unknown): void;
}

export function createLoop(parts: LoopParts): Loop {
  const { store, clock, log, flights } = parts;
  let stopping = false;
  let nap = new AbortController();
  const ended = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const idleWaiters: IdleWaiter[] = [];
  let recoveredAt = clock.now();
  /** Of the machine's clock; it changes when somebody sets it. */
  let offset = recoveredAt - clock.monotonic();

  async function recover(): Promise<void> {
    recoveredAt = clock.now();
    const setBackByMs = offset - (recoveredAt - clock.monotonic());
    offset -= setBackByMs;
    const busy = flights.busy();
    const unknown = await store.write(async (tx) => {
      await takeUpWords(tx, clock);
      await setProbesRight(tx, { routes: parts.routes, now: recoveredAt, setBackByMs });
      return tx.outbox.recover(recoveredAt, busy, parts.routes);
    });
    for (const delivery of unknown) flights.ask(delivery);
  }

  /** A clock that was set back must not put it off. */
  const isTimeToRecover = () => Math.abs(clock.now() - recoveredAt) >= RECOVER_MS;

  /** Until something is due on a route that could take it, something else may go, or somebody wakes us. */
  async function waitForWork({ idleRoutes, nextAt }: Look): Promise<void> {
    if (nap.signal.aborted) return;
    const due = await store.read((tx) => tx.outbox.nextDueAt(idleRoutes));
    const next = Math.min(due ?? Number.POSITIVE_INFINITY, nextAt);
    await clock.sleep(Math.min(SWEEP_MS, Math.max(SHORTEST_NAP_MS, next - clock.now())), nap.signal);
  }

  /** A look that is woken by every delivery would otherwise follow on itself, and keep the store busy with looking. */
  async function leaveAlone(tookMs: number): Promise<void> {
    await clock.sleep(Math.min(LEFT_ALONE * tookMs, LONGEST_LEFT_ALONE_MS), ended.signal);
  }

  function answer(asked: readonly IdleWaiter[]): void {
    const left = flights.stumble();
    for (const waiter of asked) {
      if (left) waiter.reject(left.error);
      else waiter.resolve();
    }
  }

  /** Resolves when nothing of this dispatcher touches the store any more. */
  async function drain(): Promise<void> {
    await loop;
    await Promise.all([parts.quiet?.(), flights.landed()]);
    // Once more: an outcome that is known but not written down is lost with this process.
    flights.rescue(Number.POSITIVE_INFINITY);
    await flights.landed();
  }

  async function run(): Promise<void> {
    while (!stopping) {
      nap = new AbortController();
      // Only those who asked before this look can be told that it found nothing.
      const asked = idleWaiters.splice(0);
      try {
        flights.rescue(clock.monotonic());
        if (isTimeToRecover()) await recover();
        // What ends while we look may have made its successor due, on a route that was looked at already.
        const quiet = flights.count === 0;
        const began = clock.monotonic();
        const found = await parts.look();
        const tookMs = clock.monotonic() - began;
        if (quiet && !found.busy && flights.count === 0) answer(asked.splice(0));
        idleWaiters.push(...asked.splice(0));
        if (found.unhurried) await leaveAlone(tookMs);
        if (!found.again) await waitForWork(found);
      } catch (error) {
        for (const waiter of asked) waiter.reject(error);
        log.error('the dispatcher could not look at the store', {}, error);
        await clock.sleep(SWEEP_MS, nap.signal);
      }
    }
  }

  return {
    async start() {
      await recover();
      loop = run();
    },
    wake: () => nap.abort(),
    idle: () =>
      new Promise((resolve, reject) => {
        idleWaiters.push({ resolve, reject });
        nap.abort();
      }),
    async stop(deadlineMs) {
      stopping = true;
      flights.stop();
      nap.abort();
      ended.abort();
      const late = new AbortController();
      const drained = drain().then(() => late.abort());
      await Promise.race([drained, clock.sleep(deadlineMs, late.signal)]);
      // No target is waited for any longer, so what is left ends soon.
      flights.abort();
      await drained;
    },
  };
}
