// What may happen to Redis, with a real one, in the midst of deliveries by two dispatchers: nothing is lost, nothing is
// doubled, every lane keeps its order; and afterwards deliveries are woken through Redis again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { NO_FINDINGS } from './oracle.js';
import { judgeArrivals, openQueueSite, type QueueSite, until } from './queue-site.js';

const BATCH = 120;

interface Scene {
  readonly redis: RedisServer;
  readonly proxy: TcpProxy;
  readonly site: QueueSite;
}

type Trouble = (scene: Scene) => Promise<void>;

const FAULTS: readonly (readonly [what: string, trouble: Trouble])[] = [
  [
    'is emptied again and again',
    async ({ redis, site }) => {
      for (let round = 1; round <= 4; round += 1) {
        await redis.run('FLUSHALL');
        await site.arrived((BATCH * round) / 5);
      }
    },
  ],
  [
    'is killed and comes back with its file',
    async ({ redis, site }) => {
      await redis.kill();
      await site.put(20);
      await redis.start();
    },
  ],
  [
    'is killed and comes back without its file',
    async ({ redis, site }) => {
      await redis.kill();
      await site.put(20);
      await redis.start('removed');
    },
  ],
  [
    'has no memory left for a while',
    async ({ redis, site }) => {
      await redis.run('CONFIG', 'SET', 'maxmemory', '1');
      await site.put(20);
      await site.arrived(BATCH + 10);
      await redis.run('CONFIG', 'SET', 'maxmemory', '0');
    },
  ],
  [
    'loses its connections again and again',
    async ({ proxy, site }) => {
      for (let round = 1; round <= 5; round += 1) {
        proxy.cut();
        await site.arrived((BATCH * round) / 6);
      }
    },
  ],
  [
    'holds its connections open and does not answer for a while',
    async ({ proxy, site }) => {
      proxy.hold();
      await site.put(20);
      await site.arrived(BATCH + 10);
      proxy.pass();
    },
  ],
  [
    'cannot be reached for a while',
    async ({ proxy, site }) => {
      proxy.refuse();
      await site.put(20);
      await site.arrived(BATCH + 10);
      proxy.pass();
    },
  ],
  [
    'goes on while the clock jumps an hour back and two ahead',
    async ({ site }) => {
      // What was accepted at a later time than it is now waits: nothing is lost by that, and no order.
      site.jump(-3_600_000);
      await site.put(20);
      await Promise.all(site.dispatchers.map(({ idle }) => idle()));
      site.jump(7_200_000);
      await site.arrived(BATCH / 2);
    },
  ],
];

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
  it.concurrent.each(FAULTS)(
    '%s: nothing is lost or doubled, and every lane keeps its order',
    async (_what, trouble) => {
      const redis = await startRedis();
      ends.push(redis.stop);
      const proxy = await startTcpProxy(redis.port);
      ends.push(proxy.close);
      const site = await openQueueSite({ url: `redis://127.0.0.1:${proxy.port}`, postgres });
      ends.unshift(site.close);
      await site.put(BATCH);
      await site.arrived(BATCH / 10);
      await trouble({ redis, proxy, site });
      expect(await site.judge()).toEqual(NO_FINDINGS);
      await until(async () => (await Promise.all(site.links.map((link) => link.isUsable()))).every(Boolean));
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
    await until(async () => (await site.links[0]?.isUsable()) === true);
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
