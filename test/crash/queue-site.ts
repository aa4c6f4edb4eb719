// Deliveries of many lanes through dispatchers on a real Redis, over one store on a real
// PostgreSQL, which each has opened for itself, to a receiver that is now and then busy
// and now and then silent after the effect. What arrived is held against what was accepted: the oracle of the faults of
// the queue. The clock is the machine's, with jumps.
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';
import { systemClock } from '../../src/clock.js';
import { createBullmqDispatcher } from '../../src/delivery/bullmq.js';
import type { Dispatcher } from '../../src/delivery/dispatcher.js';
import { openQueueLink, type QueueLink } from '../../src/delivery/queue-link.js';
import { createRunner } from '../../src/delivery/runner.js';
import { RetryableError, UnknownOutcomeError } from '../../src/errors.js';
import { silentLog } from '../../src/log.js';
import type { Route } from '../../src/route.js';
import { noSteps } from '../../src/steps.js';
import { type ScriptedTarget, scriptedTarget } from '../fakes/scripted-target.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import type { PostgresFixture } from '../support/postgres.js';
import { newDelivery } from '../support/store-material.js';
import { addFindings, type Findings, NO_FINDINGS } from './oracle.js';

const LANES = 12;
const PATIENCE_MS = 60_000;

export interface QueueSite {
  readonly target: ScriptedTarget;
  readonly links: readonly QueueLink[];
  readonly fixture: PostgresStoreFixture;
  readonly dispatchers: readonly Dispatcher[];
  /** Accepts so many, in the lanes by turns. */
  put(count: number): Promise<void>;
  /** Resolves once so many have arrived. */
  arrived(count: number): Promise<void>;
  /** Resolves once all are delivered, and tells what is not as it has to be. */
  judge(): Promise<Findings>;
  /** Resolves once every dispatcher is woken through Redis again. */
  usable(): Promise<void>;
  jump(ms: number): void;
  close(): Promise<void>;
}

export interface Servers {
  /** Of Redis. */
  readonly url: string;
  readonly postgres: PostgresFixture;
}

export interface SiteOptions {
  readonly replicas?: number;
  readonly cluster?: readonly string[];
  readonly target?: ScriptedTarget;
  /** How long anything is waited for. */
  readonly patienceMs?: number;
}

/** `replicas` dispatchers, 2 unless told otherwise, each with connections to Redis of its own. */
export async function openQueueSite(
  { url, postgres }: Servers,
  options: SiteOptions = {},
): Promise<QueueSite> {
  const { replicas = 2, cluster = [], target = scriptedTarget({ concurrency: 4 }) } = options;
  const until = waiting(options.patienceMs ?? PATIENCE_MS);
  const fixture = await openPostgres(postgres);
  const { store } = fixture;
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const routes = new Map([['absences', { name: 'absences', to: 'arbo', target } as unknown as Route]]);
  const links: QueueLink[] = [];
  const dispatchers: Dispatcher[] = [];
  for (let replica = 0; replica < replicas; replica += 1) {
    const own = replica === 0 ? store : await fixture.openAgain();
    const shared = { store: own, clock, log: silentLog, routes };
    const times = { pauseMs: 300, timeoutMs: 5_000, failuresBeforePause: 10 };
    const backoff = { firstMs: 40, longestMs: 200 };
    const runner = createRunner({ ...shared, steps: noSteps, backoff, ...times });
    const settings = { url, cluster, options: {} };
    const link = await openQueueLink(settings, { clock, log: silentLog, allowUnsafe: [] });
    links.push(link);
    dispatchers.push(createBullmqDispatcher({ ...shared, runner, link }));
  }
  for (const dispatcher of dispatchers) await dispatcher.start();
  const accepted: Accepted[] = [];

  return {
    ...{ target, links, fixture, dispatchers },
    async put(count) {
      const added = Array.from({ length: count }, (_, index) => {
        const number = accepted.length + index;
        return { id: `d${number}-${LANES}`, lane: `lane-${number % LANES}`, number };
      });
      for (const { id, number } of added) trouble(target, id, number);
      await store.write(async (tx) => {
        for (const { id, lane } of added) await tx.outbox.insert(newDelivery(id, clock.now(), { lane }));
      });
      accepted.push(...added);
      for (const dispatcher of dispatchers) dispatcher.wake();
    },
    arrived: (count) => until(`${count} have arrived`, () => target.arrived.length >= count),
    async judge() {
      await until('all are delivered', async () => (await openOf(fixture)) === 0);
      return addFindings(judgeArrivals(accepted, target.arrived), await judgeBooks(fixture));
    },
    usable: () =>
      until('Redis is in use', async () =>
        (await Promise.all(links.map((link) => link.isUsable()))).every(Boolean),
      ),
    jump(ms) {
      ahead += ms;
    },
    async close() {
      for (const dispatcher of dispatchers) await dispatcher.stop(2_000);
      for (const link of links) link.redis.close();
      await fixture.end();
    },
  };
}

/** Every delivery takes a moment; some are refused for the moment first, some arrive without an answer. */
function trouble(target: ScriptedTarget, id: string, number: number): void {
  const moment = () => pause(2);
  const busy = () => {
    throw new RetryableError('busy');
  };
  target.script(id, ...(number % 11 === 3 ? [busy, moment] : [moment]));
  if (number % 13 === 5) target.arriveAndThrow(id, new UnknownOutcomeError('no answer'));
}

async function openOf({ store }: PostgresStoreFixture): Promise<number> {
  const [entry] = await store.read((tx) => tx.outbox.accounting());
  return entry ? entry.accepted - entry.states.delivered : 0;
}

export interface Accepted {
  readonly id: string;
  readonly lane: string;
}

/** In the order of acceptance and in the order of arrival. */
export function judgeArrivals(accepted: readonly Accepted[], arrived: readonly string[]): Findings {
  const once = new Set(arrived);
  const disordered = [...new Set(accepted.map(({ lane }) => lane))].filter((lane) => {
    const ids = accepted.filter((one) => one.lane === lane && once.has(one.id)).map(({ id }) => id);
    return ids.join() !== [...once].filter((id) => ids.includes(id)).join();
  });
  return {
    lost: accepted.filter(({ id }) => !once.has(id)).length,
    doubled: arrived.length - once.size,
    disordered: disordered.length,
    other: [],
  };
}

async function judgeBooks({ store }: PostgresStoreFixture): Promise<Findings> {
  const verdict = await store.read((tx) => tx.audit.verify());
  const [entry] = await store.read((tx) => tx.outbox.accounting());
  const sum = Object.values(entry?.states ?? {}).reduce((total, count) => total + count, 0);
  const faults = [
    ...(verdict.whole ? [] : ['the audit chain is broken']),
    ...(sum === entry?.accepted ? [] : ['the states do not add up']),
  ];
  return { ...NO_FINDINGS, other: faults };
}

function waiting(patienceMs: number) {
  return async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const patience = AbortSignal.timeout(patienceMs);
    while (!patience.aborted) {
      if (await isSo()) return;
      await pause(10);
    }
    throw new Error(`waited in vain until ${what}`);
  };
}
