// A job that stands in Redis and never comes to a worker, on a real Redis: what it should have woken is delivered all the
// same, because the store knows that it is due.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { systemClock } from '../../src/clock.js';
import { createBullmqDispatcher } from '../../src/delivery/bullmq.js';
import type { Dispatcher } from '../../src/delivery/dispatcher.js';
import { openQueueLink, type QueueLink } from '../../src/delivery/queue-link.js';
import { createRunner } from '../../src/delivery/runner.js';
import { type Log, silentLog } from '../../src/log.js';
import type { Route } from '../../src/route.js';
import { noSteps } from '../../src/steps.js';
import type { OutboxReader, Store } from '../../src/store/types.js';
import { type ScriptedTarget, scriptedTarget } from '../fakes/scripted-target.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { newDelivery } from '../support/store-material.js';

const SILENT_MS = 300;

let redis: RedisServer;
let link: QueueLink;
let fixture: SqliteFixture;
let dispatcher: Dispatcher | null = null;
let warned: string[] = [];
/** How often the store was asked whether anybody is at something. */
let asked = 0;

beforeAll(async () => {
  redis = await startRedis();
  const settings = { url: redis.url, cluster: [], options: {} };
  link = await openQueueLink(settings, { clock: systemClock, log: silentLog, allowUnsafe: [] });
});
afterAll(async () => {
  link.redis.close();
  await redis.stop();
});
beforeEach(async () => {
  fixture = await openSqlite();
  warned = [];
  asked = 0;
});
afterEach(async () => {
  await dispatcher?.stop(2_000);
  await fixture.end();
});

/** As a script of BullMQ leaves it that Redis stopped half-way: its hash is there, and no list names it. */
async function leaveStuck(id: string): Promise<void> {
  const prefix = `{verzuimbrug-${fixture.store.hash('queue').slice(0, 12)}}`;
  const queue = new Queue('arbo', { prefix, connection: link.redis.commands });
  await queue.add('deliver', { delivery: id }, { jobId: id });
  await redis.run('DEL', queue.toKey('wait'), queue.toKey('marker'));
  expect(await queue.getJobState(id)).toBe('unknown');
  await queue.close();
}

async function put(...ids: readonly string[]): Promise<void> {
  await fixture.store.write(async (tx) => {
    for (const id of ids) await tx.outbox.insert(newDelivery(id, systemClock.now()));
  });
  dispatcher?.wake();
}

function counting(store: Store): Store {
  const watched = (outbox: OutboxReader): OutboxReader => ({
    ...outbox,
    underWay(routes) {
      asked += 1;
      return outbox.underWay(routes);
    },
  });
  return { ...store, read: (query) => store.read((tx) => query({ ...tx, outbox: watched(tx.outbox) })) };
}

async function start(target: ScriptedTarget): Promise<void> {
  const routes = new Map([['absences', { name: 'absences', to: 'arbo', target } as unknown as Route]]);
  const log: Log = { ...silentLog, warn: (words) => void warned.push(words) };
  const shared = { store: counting(fixture.store), clock: systemClock, log, routes };
  const times = { pauseMs: 300, timeoutMs: 5_000, failuresBeforePause: 10 };
  const runner = createRunner({
    ...{ ...shared, ...times, steps: noSteps },
    backoff: { firstMs: 40, longestMs: 200 },
  });
  dispatcher = createBullmqDispatcher({ ...shared, runner, link, silentMs: SILENT_MS });
  await dispatcher.start();
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = AbortSignal.timeout(15_000);
  while (!isSo()) {
    if (patience.aborted) throw new Error('waited in vain');
    await systemClock.sleep(10);
  }
}

describe('a wake-up that stands in Redis and wakes nobody', () => {
  it('keeps nothing waiting: what is due is found in the store, and the trouble is told', async () => {
    await leaveStuck('stuck');
    const target = scriptedTarget({ concurrency: 1 });
    await start(target);
    await put('stuck');
    await until(() => target.arrived.length === 1);
    await put('after');
    await until(() => target.arrived.length === 2);
    expect(target.arrived).toEqual(['stuck', 'after']);
    expect(warned).toEqual(['the queue wakes nothing of a connection: looked without it']);
  }, 30_000);

  it('is no reason to go around the queue while some process is at another of the connection', async () => {
    await leaveStuck('stuck');
    const target = scriptedTarget({ concurrency: 1 });
    await start(target);
    await fixture.store.write(async (tx) => {
      const at = systemClock.now();
      await tx.outbox.insert(newDelivery('elsewhere', at));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at, ids: ['elsewhere'] });
    });
    await put('stuck');
    await until(() => asked >= 2);
    expect([target.attempts, warned]).toEqual([[], []]);
    const back = { state: 'queued', spent: false } as const;
    await fixture.store.write((tx) => tx.outbox.settle('elsewhere', back, systemClock.now()));
    await until(() => target.arrived.length === 2);
    expect(target.mostInFlight).toBe(1);
  }, 30_000);
});
