// The dispatcher of the single machine: a loop in this process. It looks when woken, when the next delivery is due and
// every few seconds, because commands in other processes release and resend too.
import type { Clock, Log } from '../connector.js';
import type { Route } from '../route.js';
import type { Delivery, Store } from '../store/types.js';
import type { Dispatcher } from './dispatcher.js';
import type { Runner } from './runner.js';

export interface EmbeddedDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly routes: ReadonlyMap<string, Route>;
  readonly runner: Runner;
}

/** Longest time between two looks. */
const SWEEP_MS = 2_000;
const SHORTEST_NAP_MS = 50;
/** Longest time between two looks for what another process left behind, or a commit that was never heard of. */
const RECOVER_MS = 10_000;

/** What an error of the store left claimed or sending. */
interface Stranded {
  readonly notBefore: number;
  readonly error: unknown;
}

interface IdleWaiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** What one look at the store gave. */
interface Look {
  readonly claimed: readonly Delivery[];
  /** Routes that could have taken something, and had nothing due. */
  readonly idleRoutes: readonly string[];
  /** When the first paused route may be tried again. */
  readonly probeAt: number;
}

export function createEmbeddedDispatcher(deps: EmbeddedDeps): Dispatcher {
  const { store, clock, log, runner } = deps;
  const inFlight = new Map<Promise<void>, Delivery>();
  let recoveredAt = clock.now();
  const abort = new AbortController();
  let stopping = false;
  let nap = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const idleWaiters: IdleWaiter[] = [];
  const stranded = new Map<Delivery, Stranded>();

  const wake = () => nap.abort();

  /** Lets the runner take one item further; when the store fails, it is rescued no sooner than `restMs` later. */
  function launch(delivery: Delivery, work: Runner['run'], restMs = 0): void {
    const run = work(delivery, abort.signal).catch((error) => {
      log.error('a delivery ended in an error of the store', { delivery: delivery.id }, error);
      stranded.set(delivery, { notBefore: clock.now() + restMs, error });
    });
    inFlight.set(run, delivery);
    run.then(() => {
      inFlight.delete(run);
      wake();
    });
  }

  function rescue(upTo: number): void {
    for (const [delivery, { notBefore }] of [...stranded]) {
      if (notBefore > upTo) continue;
      stranded.delete(delivery);
      launch(delivery, runner.rescue, SWEEP_MS);
    }
  }

  async function recover(): Promise<void> {
    const now = clock.now();
    if (now >= recoveredAt && now - recoveredAt < RECOVER_MS) return;
    recoveredAt = now;
    const busy = [...inFlight.values(), ...stranded.keys()].map(({ id }) => id);
    const unknown = await store.write((tx) => tx.outbox.recover(now, busy));
    for (const delivery of unknown) launch(delivery, runner.resolveUnknown);
  }

  async function look(): Promise<Look> {
    const at = clock.now();
    const paused = await store.read((tx) => tx.operation.routes());
    const claimed: Delivery[] = [];
    const idleRoutes: string[] = [];
    let probeAt = Number.POSITIVE_INFINITY;
    for (const route of deps.routes.values()) {
      const pause = paused.find((state) => state.route === route.name && state.pausedAt !== null);
      if (pause && (pause.nextProbeAt ?? 0) > at) {
        probeAt = Math.min(probeAt, pause.nextProbeAt ?? at);
        continue;
      }
      const room = (pause ? 1 : route.target.concurrency) - countOf(inFlight, route.name);
      if (room <= 0 || stopping) continue;
      const found = await store.write((tx) => tx.outbox.claim({ routes: [route.name], limit: room, at }));
      // At once: an error at the next route must not leave these claimed with nobody to deliver them.
      for (const delivery of found) launch(delivery, stopping ? runner.putBack : runner.run);
      claimed.push(...found);
      if (found.length === 0) idleRoutes.push(route.name);
    }
    return { claimed, idleRoutes, probeAt };
  }

  /** Until something is due on a route that could take it, a paused one may be probed, or somebody wakes us. */
  async function waitForWork({ idleRoutes, probeAt }: Look): Promise<void> {
    const due = await store.read((tx) => tx.outbox.nextDueAt(idleRoutes));
    const next = Math.min(due ?? Number.POSITIVE_INFINITY, probeAt);
    await clock.sleep(Math.min(SWEEP_MS, Math.max(SHORTEST_NAP_MS, next - clock.now())), nap.signal);
  }

  function answer(asked: readonly IdleWaiter[]): void {
    const [left] = stranded.values();
    for (const waiter of asked) {
      if (left) waiter.reject(left.error);
      else waiter.resolve();
    }
  }

  /** Resolves when nothing of this dispatcher touches the store any more. */
  async function drain(): Promise<void> {
    await loop;
    await Promise.all(inFlight.keys());
    // Once more: an outcome that is known but not written down is lost with this process.
    rescue(Number.POSITIVE_INFINITY);
    await Promise.all(inFlight.keys());
  }

  async function run(): Promise<void> {
    while (!stopping) {
      nap = new AbortController();
      // Only those who asked before this look can be told that it found nothing.
      const asked = idleWaiters.splice(0);
      try {
        rescue(clock.now());
        await recover();
        // What ends while we look may have made its successor due, on a route that was looked at already.
        const quiet = inFlight.size === 0;
        const found = await look();
        if (quiet && found.claimed.length === 0) answer(asked.splice(0));
        idleWaiters.push(...asked.splice(0));
        if (found.claimed.length === 0) await waitForWork(found);
      } catch (error) {
        for (const waiter of asked) waiter.reject(error);
        log.error('the dispatcher could not look at the store', {}, error);
        await clock.sleep(SWEEP_MS, nap.signal);
      }
    }
  }

  return {
    async start() {
      const unknown = await store.write((tx) => tx.outbox.recover(clock.now()));
      for (const delivery of unknown) launch(delivery, runner.resolveUnknown);
      loop = run();
    },
    wake,
    idle: () =>
      new Promise((resolve, reject) => {
        idleWaiters.push({ resolve, reject });
        wake();
      }),
    async stop(deadlineMs) {
      stopping = true;
      wake();
      const late = new AbortController();
      const drained = drain().then(() => late.abort());
      await Promise.race([drained, clock.sleep(deadlineMs, late.signal)]);
      // No target is waited for any longer, so what is left ends soon.
      abort.abort();
      await drained;
    },
  };
}

function countOf(inFlight: ReadonlyMap<unknown, Delivery>, route: string): number {
  let count = 0;
  for (const delivery of inFlight.values()) if (delivery.route === route) count += 1;
  return count;
}
