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
/** After the deadline: time for what was cut off to commit that its outcome is unknown. */
const LAST_WORDS_MS = 1_000;

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
  const inFlight = new Map<Promise<void>, string>();
  const abort = new AbortController();
  let stopping = false;
  let nap = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const idleWaiters: IdleWaiter[] = [];
  /** Items that an error of the store left claimed or sending. */
  const stranded = new Set<Delivery>();

  const wake = () => nap.abort();

  function launch(delivery: Delivery): void {
    const run = runner.run(delivery, abort.signal).catch((error) => {
      log.error('a delivery ended in an error of the store', { delivery: delivery.id }, error);
      stranded.add(delivery);
    });
    inFlight.set(run, delivery.route);
    run.then(() => {
      inFlight.delete(run);
      wake();
    });
  }

  async function rescue(): Promise<void> {
    for (const delivery of stranded) {
      await runner.rescue(delivery, abort.signal);
      stranded.delete(delivery);
    }
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
      if (room <= 0) continue;
      const found = await store.write((tx) => tx.outbox.claim({ routes: [route.name], limit: room, at }));
      // At once: an error at the next route must not leave these claimed with nobody to deliver them.
      for (const delivery of found) launch(delivery);
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

  async function run(): Promise<void> {
    while (!stopping) {
      nap = new AbortController();
      // Only those who asked before this look can be told that it found nothing.
      const asked = idleWaiters.splice(0);
      try {
        await rescue();
        // What ends while we look may have made its successor due, on a route that was looked at already.
        const quiet = inFlight.size === 0;
        const found = await look();
        if (quiet && found.claimed.length === 0) for (const waiter of asked.splice(0)) waiter.resolve();
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
      for (const delivery of unknown) await runner.resolveUnknown(delivery, abort.signal);
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
      const drained = Promise.all([loop, ...inFlight.keys()]).then(() => late.abort());
      await Promise.race([drained, clock.sleep(deadlineMs, late.signal)]);
      abort.abort();
      await Promise.race([drained, clock.sleep(LAST_WORDS_MS, late.signal)]);
    },
  };
}

function countOf(inFlight: ReadonlyMap<unknown, string>, route: string): number {
  let count = 0;
  for (const name of inFlight.values()) if (name === route) count += 1;
  return count;
}
