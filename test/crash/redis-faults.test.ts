// What may happen to Redis, with a real one, in the midst of deliveries by two dispatchers: nothing is lost, nothing is
// doubled, every lane keeps its order; and afterwards deliveries are woken through Redis again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { NO_FINDINGS } from './oracle.js';
import { judgeArrivals, openQueueSite, type QueueSite } from './queue-site.js';
import { REDIS_TROUBLES } from './redis-troubles.js';

const BATCH = 60;

const CLOCK = {
  name: 'goes on while the clock jumps an hour back and two ahead',
  async strike({ site }: { site: QueueSite }) {
    // What was accepted at a later time than it is now waits: nothing is lost by that, and no order.
    site.jump(-3_600_000);
    await site.put(20);
    await Promise.all(site.dispatchers.map(({ idle }) => idle()));
    site.jump(7_200_000);
    await site.arrived(BATCH / 2);
  },
};

let postgres: PostgresFixture;
beforeAll(async () => {
  postgres = await startPostgres();
});

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end().catch(() => {});
  await postgres.end();
}, 60_000);

describe('deliveries on a Redis that', () => {
  it.concurrent.each([...REDIS_TROUBLES, CLOCK])(
    '$name: nothing is lost or doubled, and every lane keeps its order',
    async ({ strike }) => {
      const redis = await startRedis();
      ends.push(redis.stop);
      const proxy = await startTcpProxy(redis.port);
      ends.push(proxy.close);
      const site = await openQueueSite({ url: `redis://127.0.0.1:${proxy.port}`, postgres });
      ends.unshift(site.close);
      await site.put(BATCH);
      await site.arrived(BATCH / 10);
      const arrived = (share: number) => site.arrived(BATCH * share);
      await strike({ redis, proxy, site, put: site.put, arrived });
      expect(await site.judge()).toEqual(NO_FINDINGS);
      await site.usable();
      const before = await claimsOf(redis);
      await site.put(20);
      expect(await site.judge()).toEqual(NO_FINDINGS);
      expect(await claimsOf(redis)).toBeGreaterThanOrEqual(before + 20);
    },
    90_000,
  );

  it('is away from the start on and comes later are delivered, first without it, then with it', async () => {
    const redis = await startRedis();
    ends.push(redis.stop);
    await redis.kill();
    const site = await openQueueSite({ url: redis.url, postgres }, { replicas: 1 });
    ends.unshift(site.close);
    await site.put(40);
    expect(await site.judge()).toEqual(NO_FINDINGS);
    await expect(site.dispatchers[0]?.ready()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await redis.start();
    await site.usable();
    await site.dispatchers[0]?.ready();
    await site.put(40);
    expect(await site.judge()).toEqual(NO_FINDINGS);
    expect(await claimsOf(redis)).toBeGreaterThanOrEqual(40);
  }, 60_000);
});

describe('the oracle', () => {
  const accepted = ['a1', 'b1', 'a2'].map((id) => ({ id, lane: id[0] ?? '' }));

  it.each([
    [['a1', 'a2', 'b1'], { lost: 0, doubled: 0, disordered: 0 }],
    [['a1', 'b1'], { lost: 1, doubled: 0, disordered: 0 }],
    [['a1', 'b1', 'a2', 'a1'], { lost: 0, doubled: 1, disordered: 0 }],
    [['a2', 'b1', 'a1'], { lost: 0, doubled: 0, disordered: 1 }],
  ])('finds in %j what is wrong', (arrived, findings) => {
    expect(judgeArrivals(accepted, arrived)).toMatchObject(findings);
  });
});

/** Jobs that workers have finished so far: each ends with its lock being removed. */
async function claimsOf(redis: RedisServer): Promise<number> {
  const stats = String(await redis.run('INFO', 'commandstats'));
  return Number(/cmdstat_lrem:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}
