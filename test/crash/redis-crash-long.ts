// The bridge is killed at steps of the path and at random moments while its deliveries are woken through a real Redis,
// which now and then is emptied in between; in the end all is as in an undisturbed run without any queue.
import { afterAll, describe, expect, it } from '@jest/globals';
import { type RedisServer, startRedis } from '../support/redis.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { RANDOM_FAULTS, STEP_FAULTS } from './fault.js';
import { NO_FINDINGS } from './oracle.js';
import { runSeries } from './series.js';

const SEED = 20_261_123;
let folder: TempFolder | undefined;
let redis: RedisServer | undefined;

afterAll(async () => {
  await redis?.stop();
  folder?.remove();
});

describe('a bridge on Redis that is killed', () => {
  it('loses nothing, doubles nothing and keeps the order of every case', async () => {
    folder = tempFolder();
    redis = await startRedis();
    const server = redis;
    const inDelivery = STEP_FAULTS.filter(({ name }) => /delivery|start/.test(name));
    const faults = [...inDelivery, ...RANDOM_FAULTS]
      .filter((_, index) => index % 4 === 0)
      .map((fault, index) => ({
        ...fault,
        draw: (...words: Parameters<typeof fault.draw>) => {
          if (index % 3 === 1) void server.run('FLUSHALL');
          return fault.draw(...words);
        },
      }));
    const queue = server.url;
    const { lost, doubled, disordered, other, missed, rounds } = await runSeries({
      ...{ root: folder.path, seed: SEED, faults, queue },
    });
    expect({ lost, doubled, disordered, other }).toEqual(NO_FINDINGS);
    expect(missed).toEqual([]);
    expect([...rounds.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(faults.length);
    const stats = String(await server.run('INFO', 'commandstats'));
    expect(Number(/cmdstat_lrem:calls=(\d+)/.exec(stats)?.[1])).toBeGreaterThan(10);
  }, 300_000);
});
