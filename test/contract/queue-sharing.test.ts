// What processes that share a Redis share with it: the pace and the width of a receiver; and what they do not share with
// it: the trouble of another receiver.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
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
