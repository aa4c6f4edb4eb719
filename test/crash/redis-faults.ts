// The troubles of Redis for the long form: many rounds each, by turns over the whole bridge in two processes, and over
// many more deliveries to a receiver with troubles of its own.
import { startPostgres } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { addFindings, type Findings } from './oracle.js';
import { openQueueSite } from './queue-site.js';
import { REDIS_TROUBLES, type RedisTrouble } from './redis-troubles.js';
import type { Scene, SceneFault } from './scene.js';
import type { SeriesResult } from './series.js';

const BATCH = 80;
const PATIENCE_MS = 300_000;

export interface RedisFault {
  readonly name: string;
  /** Over the whole bridge. */
  readonly scene: SceneFault;
  /** Over dispatchers, store and a scripted receiver alone. */
  runDeliveries(rounds: number): Promise<SeriesResult>;
}

export const REDIS_FAULTS: readonly RedisFault[] = REDIS_TROUBLES.map((trouble) => {
  const name = `Redis ${trouble.name}`;
  return {
    name,
    scene: { name, replicas: 2, files: 8, round: (scene) => strikeBridge(trouble, scene) },
    runDeliveries: (rounds) => runDeliveries(name, trouble, rounds),
  };
});

async function strikeBridge({ strike }: RedisTrouble, scene: Scene): Promise<void> {
  const { redis } = scene.servers;
  if (!redis) throw new Error('there is no Redis in this combination');
  await strike({
    ...{ redis: redis.server, proxy: redis.proxy },
    put: async () => scene.put(4),
    // Files are not notifications one by one: the next one, or all of them.
    arrived: (share) => (share > 1 ? scene.calm() : scene.progress(1)),
  });
  await scene.calm();
}

async function runDeliveries(name: string, trouble: RedisTrouble, rounds: number): Promise<SeriesResult> {
  const ends: (() => Promise<void>)[] = [];
  const ending = <T>(one: T, end: (one: T) => Promise<void>): T => {
    ends.unshift(() => end(one));
    return one;
  };
  try {
    const postgres = ending(await startPostgres(), ({ end }) => end());
    const redis = ending(await startRedis(), ({ stop }) => stop());
    const proxy = ending(await startTcpProxy(redis.port), ({ close }) => close());
    const url = `redis://127.0.0.1:${proxy.port}`;
    const site = ending(await openQueueSite({ url, postgres }, { patienceMs: PATIENCE_MS }), ({ close }) =>
      close(),
    );
    const found: Findings[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = site.target.arrived.length;
      const arrived = (share: number) => site.arrived(before + Math.floor(BATCH * share));
      await site.put(BATCH);
      await arrived(0.1);
      await trouble.strike({ redis, proxy, put: site.put, arrived });
      found.push(await site.judge());
      await site.usable();
    }
    const notifications = site.target.arrived.length;
    return {
      ...addFindings(...found.slice(-1)),
      rounds: new Map([[name, rounds]]),
      missed: [],
      notifications,
    };
  } finally {
    for (const end of ends) await end().catch(() => {});
  }
}
