// What processes that share a Redis share with it: the pace and the width of a receiver; and what they do not share with
// it: the trouble of another receiver.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import { configSchema } from '../../src/config/schema.js';
import { RetryableError } from '../../src/errors.js';
import { readStatus } from '../../src/ops/status.js';
import { NO_FINDINGS } from '../crash/oracle.js';
import { openQueueSite, type QueueSite, type SiteOptions } from '../crash/queue-site.js';
import { scriptedTarget } from '../fakes/scripted-target.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { type RedisServer, startRedis } from '../support/redis.js';

let postgres: PostgresFixture;
let redis: RedisServer;
let sites: QueueSite[];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.end());
beforeEach(async () => {
  sites = [];
  redis = await startRedis();
});
afterEach(async () => {
  for (const site of sites) await site.close();
  await redis.stop();
});

async function open(options: SiteOptions): Promise<QueueSite> {
  const site = await openQueueSite({ url: redis.url, postgres }, options);
  sites.push(site);
  return site;
}

describe('several dispatchers on one Redis', () => {
  it('keep the pace of a receiver together', async () => {
    const pace = { deliveries: 5, perMs: 500 };
    const site = await open({ target: scriptedTarget({ concurrency: 4, pace }), replicas: 3 });
    const from = systemClock.now();
    await site.put(20);
    expect(await site.judge()).toEqual(NO_FINDINGS);
    // 20 of them and the attempts that failed, 5 in each half second; the first 5 at once.
    const spans = Math.ceil(site.target.attempts.length / pace.deliveries) - 1;
    expect(systemClock.now() - from).toBeGreaterThanOrEqual(spans * pace.perMs * 0.9);
  }, 30_000);

  it('have no more in flight together than a receiver takes', async () => {
    const site = await open({ target: scriptedTarget({ concurrency: 2 }), replicas: 3 });
    await site.put(100);
    expect(await site.judge()).toEqual(NO_FINDINGS);
    expect(site.target.mostInFlight).toBe(2);
  }, 30_000);

  it('hold little of a long backlog in Redis', async () => {
    const stuck = scriptedTarget({ concurrency: 1 });
    const site = await open({ target: stuck, replicas: 2 });
    Object.assign(stuck, { deliver: () => new Promise<never>(() => {}) });
    await site.put(3_000);
    let most = 0;
    for (let look = 0; look < 20; look += 1) {
      await systemClock.sleep(50);
      const jobs = (await redis.content()).split('delivery').length - 1;
      most = Math.max(most, jobs);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(450);
  }, 30_000);
});

describe('a receiver that fails again and again', () => {
  it('rests for all dispatchers, is probed by one at a time, and goes on for all, as audit and status tell', async () => {
    const target = scriptedTarget({ concurrency: 4 });
    const site = await open({ target, replicas: 2 });
    const works = target.deliver;
    let calls = 0;
    Object.assign(target, {
      deliver: async () => {
        calls += 1;
        throw new RetryableError('no answer');
      },
    });
    await site.put(24);
    await until(async () => (await audited(site)).includes('paused'));
    expect(await pausedWords(site)).toMatch(/^Route absences is paused: .*/);
    const before = calls;
    const from = systemClock.now();
    await systemClock.sleep(1_500);
    // A probe each 300 ms, of all of them together, and what was under way when it was laid to rest.
    const spans = Math.ceil((systemClock.now() - from) / 300);
    expect(calls - before).toBeGreaterThan(0);
    expect(calls - before).toBeLessThanOrEqual(spans + 4);
    Object.assign(target, { deliver: works });
    expect(await site.judge()).toEqual(NO_FINDINGS);
    expect((await audited(site)).join()).toMatch(/^paused,resumed(,paused,resumed)*$/);
    expect(await pausedWords(site)).toBe('');
  }, 30_000);
});

const CONFIG = configSchema.parse({
  connections: {},
  routes: [{ name: 'absences', from: 'hr', to: 'arbo' }],
});

async function pausedWords({ fixture: { store } }: QueueSite): Promise<string> {
  const { attention } = await readStatus(store, CONFIG, systemClock.now());
  return attention.filter((line) => line.includes('paused')).join();
}

/** What the audit tells of the connection, in order. */
async function audited({ fixture: { store } }: QueueSite): Promise<string[]> {
  return store.read(async (tx) => {
    const actions: string[] = [];
    for await (const { connection, action } of tx.audit.export({}))
      if (connection === 'arbo') actions.push(action);
    return actions;
  });
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if (await check()) return;
    await systemClock.sleep(20);
  }
  throw new Error('waited in vain');
}

describe('a dispatcher on a Redis Cluster', () => {
  it('delivers all, in order', async () => {
    const node = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
    try {
      await node.run('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      const isWhole = async () => String(await node.run('CLUSTER', 'INFO')).includes('cluster_state:ok');
      for (let look = 0; look < 500 && !(await isWhole()); look += 1) await systemClock.sleep(20);
      const site = await openQueueSite({ url: node.url, postgres }, { cluster: [node.url] });
      await site.put(100);
      expect(await site.judge()).toEqual(NO_FINDINGS);
      expect(
        Number(/cmdstat_lrem:calls=(\d+)/.exec(String(await node.run('INFO', 'commandstats')))?.[1]),
      ).toBeGreaterThanOrEqual(100);
      await site.close();
    } finally {
      await node.stop();
    }
  }, 30_000);
});
