// What may happen to Redis in the midst of deliveries. Each leaves Redis as it was found; what is under way meanwhile is
// for whoever runs it to judge.
import type { RedisServer } from '../support/redis.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

/** Of notifications: how many are put at the beginning, before the trouble. */
export interface Deliveries {
  /** Accepts so many more. */
  put(count: number): Promise<void>;
  /** Resolves once this share of those of the beginning has arrived; with more than 1 also some put since. */
  arrived(share: number): Promise<void>;
}

export interface RedisScene extends Deliveries {
  readonly redis: RedisServer;
  readonly proxy: TcpProxy;
}

export interface RedisTrouble {
  /** After "Redis ...". */
  readonly name: string;
  strike(scene: RedisScene): Promise<void>;
}

const SOME = 20;

export const REDIS_TROUBLES: readonly RedisTrouble[] = [
  {
    name: 'is emptied again and again (FLUSHALL)',
    async strike({ redis, arrived }) {
      for (let round = 1; round <= 4; round += 1) {
        await redis.run('FLUSHALL');
        await arrived(round / 5);
      }
    },
  },
  {
    name: 'is killed (kill -9) and comes back with its file',
    async strike({ redis, put }) {
      await redis.kill();
      await put(SOME);
      await redis.start();
    },
  },
  {
    name: 'is killed (kill -9) and comes back without its file',
    async strike({ redis, put }) {
      await redis.kill();
      await put(SOME);
      await redis.start('removed');
    },
  },
  {
    name: 'has no memory left (maxmemory) for a while',
    async strike({ redis, put, arrived }) {
      await redis.run('CONFIG', 'SET', 'maxmemory', '1');
      await put(SOME);
      await arrived(1.08);
      await redis.run('CONFIG', 'SET', 'maxmemory', '0');
    },
  },
  {
    name: 'loses its connections again and again',
    async strike({ proxy, arrived }) {
      for (let round = 1; round <= 5; round += 1) {
        proxy.cut();
        await arrived(round / 6);
      }
    },
  },
  {
    name: 'holds its connections open and does not answer for a while',
    async strike({ proxy, put, arrived }) {
      proxy.hold();
      await put(SOME);
      await arrived(1.08);
      proxy.pass();
    },
  },
  {
    name: 'cannot be reached for a while',
    async strike({ proxy, put, arrived }) {
      proxy.refuse();
      await put(SOME);
      await arrived(1.08);
      proxy.pass();
    },
  },
];
