// The dispatcher of several processes: what is due is told to a queue in Redis, whose workers claim it from the store and
// deliver it. The store is the truth. A look tells again what no wake-up woke; and while Redis is away this process
// claims what is due by itself, as the embedded dispatcher does, so that no delivery waits for Redis.
import { CodedError } from '../errors.js';
import { openQueue, type WakeUpQueue } from './bullmq-queue.js';
import { claimAt } from './claim-at.js';
import { type TargetConnection, targetConnections } from './connections.js';
import { createDirectLook } from './direct-look.js';
import type { Dispatcher } from './dispatcher.js';
import type { EmbeddedDeps } from './embedded.js';
import { createFlights, type Flights } from './flights.js';
import { createLoop, type Look, type Loop } from './loop.js';
import type { QueueLink } from './queue-link.js';
import { probeAtOf } from './rest.js';
import { createSilence, type Silence } from './silence.js';
import { createWakeUps, type WakeUps } from './wake-ups.js';

export interface BullmqDeps extends EmbeddedDeps {
  readonly link: QueueLink;
  /** After so long without a sign of the queue what is due is delivered without it; 15 s when absent. */
  readonly silentMs?: number;
}

const SILENT_MS = 15_000;

/** Told to a queue ahead of its workers: Redis holds this much of a backlog, however long it is. */
const AHEAD = 200;

interface Lane {
  readonly connection: TargetConnection;
  readonly wakeUps: WakeUps;
  readonly queue: WakeUpQueue;
  readonly silence: Silence;
}

export function createBullmqDispatcher(deps: BullmqDeps): Dispatcher {
  const { store, clock, log, runner, link, silentMs = SILENT_MS } = deps;
  let stopping = false;
  let allowedTold = false;
  const atWork = new Set<Promise<void>>();
  const flights = createFlights({ clock, log, runner, onLanded: () => loop.wake() });
  const connections = targetConnections(deps.routes);
  const probeMs = runner.longestMs;
  const direct = createDirectLook({
    ...{ store, clock, flights, connections, probeMs },
    isStopping: () => stopping,
  });
  const lanes: Lane[] = [];

  function open(connection: TargetConnection): Lane {
    const { name, target } = connection;
    const wakeUps = createWakeUps(clock);
    const silence = createSilence(clock, silentMs + (target.pace?.perMs ?? 0));
    const work = (id: string): Promise<void> => {
      wakeUps.woken(id);
      silence.end();
      if (stopping) return Promise.resolve();
      const run = deliver(id, lane, { ...deps, flights });
      atWork.add(run);
      return run.finally(() => atWork.delete(run));
    };
    const onEmpty = () => {
      wakeUps.forget();
      loop.wake();
    };
    const limits = { concurrency: target.concurrency, ...(target.pace && { pace: target.pace }) };
    const prefix = `{verzuimbrug-${store.hash('queue').slice(0, 12)}}`;
    const queue = openQueue({ link: link.redis, prefix, name, ...limits, work, onEmpty });
    const lane: Lane = { connection, wakeUps, queue, silence };
    return lane;
  }

  /** Once per start: the operator chose a Redis that may forget. */
  async function tellAllowed(): Promise<void> {
    if (allowedTold || link.allowed.length === 0) return;
    const entry = { at: clock.now(), actor: 'daemon', action: 'unsafe-queue-allowed' };
    await store.write((tx) => tx.audit.append({ ...entry, details: { dangers: link.allowed } }));
    allowedTold = true;
  }

  async function look(): Promise<Look> {
    if (!(await link.isUsable())) return direct();
    await tellAllowed();
    try {
      return await tellAll(lanes, { ...deps, goAround });
    } catch (error) {
      if (!(error instanceof QueueTrouble)) throw error;
      link.away(error.cause);
      return direct();
    }
  }

  /** Once: the queue may be well again. Whoever is at something of the connection, the queue is not what holds it up. */
  async function goAround({ connection, silence }: Lane): Promise<void> {
    const { name, routes } = connection;
    silence.end();
    if (flights.countOf(routes) > 0 || (await store.read((tx) => tx.outbox.underWay(routes))) > 0) return;
    log.warn('the queue wakes nothing of a connection: looked without it', { connection: name });
    await direct([connection]);
  }

  const routes = [...deps.routes.keys()];
  const quiet = async () => void (await Promise.all(atWork));
  const loop: Loop = createLoop({ store, clock, log, flights, look, quiet, routes });
  link.redis.onUp(() => {
    for (const { wakeUps } of lanes) wakeUps.forget();
    loop.wake();
  });

  return {
    wake: loop.wake,
    idle: loop.idle,
    ready: () => link.roundTrip(),
    async start() {
      await loop.start();
      lanes.push(...connections.map(open));
      loop.wake();
    },
    async stop(deadlineMs) {
      stopping = true;
      for (const { queue } of lanes) queue.pause();
      await loop.stop(deadlineMs);
      await Promise.all(lanes.splice(0).map(({ queue }) => queue.close()));
    },
  };
}

/** What the store says is due, told to the queue of its connection, where it was not told just now. */
async function tellAll(
  lanes: readonly Lane[],
  { store, clock, goAround }: BullmqDeps & { goAround(lane: Lane): Promise<void> },
): Promise<Look> {
  const states = await store.read((tx) => tx.operation.pausedRoutes());
  const idleRoutes: string[] = [];
  let nextAt = Number.POSITIVE_INFINITY;
  let busy = false;
  for (const lane of lanes) {
    const { connection, wakeUps, queue, silence } = lane;
    const { routes } = connection;
    const probeAt = probeAtOf(states, routes);
    const at = clock.now();
    if (probeAt !== null && probeAt > at) {
      nextAt = Math.min(nextAt, probeAt);
      silence.end();
      continue;
    }
    if (wakeUps.count >= AHEAD / 2) {
      busy = true;
      continue;
    }
    const limit = probeAt === null ? AHEAD : 1;
    const due = await store.read((tx) => tx.outbox.due({ routes, limit, at }));
    if (due.length === 0) idleRoutes.push(...routes);
    else busy = true;
    if (silence.isTooLong(due)) await goAround(lane);
    const untold = wakeUps.untold(due);
    if (untold.length === 0) continue;
    await queue.add(untold).catch((error) => {
      throw new QueueTrouble(error);
    });
    wakeUps.told(untold);
  }
  return { busy, again: false, idleRoutes, nextAt, unhurried: true };
}

/** Not of the store: the look goes on without the queue. */
class QueueTrouble extends CodedError {
  constructor(cause: unknown) {
    super('QUEUE_UNAVAILABLE', [], { cause });
  }
}

/** The work of one wake-up: nothing, unless the store says that the delivery is due and may go now. */
async function deliver(
  id: string,
  { connection, queue }: Lane,
  { store, clock, log, flights, runner }: BullmqDeps & { flights: Flights },
): Promise<void> {
  const probeMs = runner.longestMs;
  try {
    const claim = () =>
      store.write((tx) => claimAt(tx, connection, { room: 1, at: clock.now(), probeMs, ids: [id] }));
    const flight = await flights.take(id, async () => (await claim())[0]);
    if (!flight) return;
    await flight.landed;
    const after = await store.read((tx) => tx.outbox.get(id));
    const waitMs = (after?.nextAttemptAt ?? 0) - clock.now();
    // The next look finds it too, as soon as it is due.
    if (after?.state === 'queued' && waitMs > 0) await queue.later(id, waitMs).catch(() => {});
  } catch (error) {
    log.error('a delivery that was woken could not be claimed', { delivery: id }, error);
  }
}
