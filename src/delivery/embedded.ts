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
/** After the deadline: time for what was cut off to commit that its outcome is unknown. */
const LAST_WORDS_MS = 1_000;

export function createEmbeddedDispatcher(deps: EmbeddedDeps): Dispatcher {
  const { store, clock, log, runner } = deps;
  const inFlight = new Map<Promise<void>, string>();
  const abort = new AbortController();
  let stopping = false;
  let nap = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const idleWaiters: (() => void)[] = [];

  const wake = () => nap.abort();

  function launch(delivery: Delivery): void {
    const run = runner.run(delivery, abort.signal).catch((error) => {
      log.error('a delivery ended in an error of the store', { delivery: delivery.id }, error);
    });
    inFlight.set(run, delivery.route);
    run.then(() => {
      inFlight.delete(run);
      wake();
    });
  }

  async function claimDue(): Promise<Delivery[]> {
    const at = clock.now();
    const paused = await store.read((tx) => tx.operation.routes());
    const found: Delivery[] = [];
    for (const route of deps.routes.values()) {
      const pause = paused.find((state) => state.route === route.name && state.pausedAt !== null);
      if (pause && (pause.nextProbeAt ?? 0) > at) continue;
      const room = (pause ? 1 : route.target.concurrency) - countOf(inFlight, route.name);
      if (room <= 0) continue;
      found.push(...(await store.write((tx) => tx.outbox.claim({ routes: [route.name], limit: room, at }))));
    }
    return found;
  }

  async function waitForWork(): Promise<void> {
    const due = await store.read((tx) => tx.outbox.nextDueAt([...deps.routes.keys()]));
    const untilDue = due === null ? SWEEP_MS : Math.max(50, due - clock.now());
    await clock.sleep(Math.min(SWEEP_MS, untilDue), nap.signal);
  }

  async function run(): Promise<void> {
    while (!stopping) {
      nap = new AbortController();
      // Only those who asked before this look can be told that it found nothing.
      const asked = idleWaiters.splice(0);
      try {
        const claimed = await claimDue();
        for (const delivery of claimed) launch(delivery);
        if (claimed.length === 0 && inFlight.size === 0) for (const done of asked.splice(0)) done();
        idleWaiters.push(...asked.splice(0));
        if (claimed.length === 0) await waitForWork();
      } catch (error) {
        idleWaiters.push(...asked);
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
      new Promise((resolve) => {
        idleWaiters.push(resolve);
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
