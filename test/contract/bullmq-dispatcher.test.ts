import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import { createBullmqDispatcher } from '../../src/delivery/bullmq.js';
import { openQueueLink, type QueueLink } from '../../src/delivery/queue-link.js';
import { silentLog } from '../../src/log.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { describeDispatcher } from './dispatcher-contract.js';

let redis: RedisServer;
let link: QueueLink;

beforeAll(async () => {
  redis = await startRedis();
  const settings = { url: redis.url, cluster: [], options: {} };
  link = await openQueueLink(settings, { clock: systemClock, log: silentLog, allowUnsafe: [] });
});

afterAll(async () => {
  link.redis.close();
  await redis.stop();
});

/** The clock of these tests goes far ahead of Redis. */
const NEVER = Number.POSITIVE_INFINITY;

let troubles = 0;
describeDispatcher('the dispatcher on Redis', (deps) => {
  const away = () => {
    troubles += 1;
    link.away(null);
  };
  return createBullmqDispatcher({ ...deps, link: { ...link, away }, silentMs: NEVER });
});

describe('the tests above', () => {
  it('went through Redis and never around it', async () => {
    expect(troubles).toBe(0);
    const stats = String(await redis.run('INFO', 'commandstats'));
    expect(Number(/cmdstat_zadd:calls=(\d+)/.exec(stats)?.[1] ?? 0)).toBeGreaterThan(0);
    expect(link.redis.isUp).toBe(true);
  });
});
