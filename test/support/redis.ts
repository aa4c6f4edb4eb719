// A real redis-server for one test file: on a free port of this machine, with AOF and noeviction unless told otherwise,
// in a folder of its own, ended by its process id. It can be killed, and started again with or without its files.
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { spawnBound } from './bound-process.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  /** As the administrator. */
  run(...words: readonly string[]): Promise<unknown>;
  /** Every key with its whole content, as text. */
  content(): Promise<string>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port; without its files it has forgotten all. */
  start(files?: 'kept' | 'removed'): Promise<void>;
  stop(): Promise<void>;
}

const SAFE = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];

export async function startRedis(options: readonly string[] = [], password?: string): Promise<RedisServer> {
  const folder = tempFolder();
  const port = await freePort();
  let child: ChildProcess | null = null;
  const secret = password === undefined ? {} : { password };
  const admin = new Redis({ port, ...secret, lazyConnect: true, retryStrategy: () => 50 });
  admin.on('error', () => {});

  async function start(): Promise<void> {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', ''];
    const started = spawnBound('redis-server', [...place, ...SAFE, ...options], { stdio: 'ignore' });
    child = started;
    // Also when the tests end before their time.
    const orphan = () => void started.kill('SIGKILL');
    process.once('exit', orphan);
    started.once('exit', () => process.removeListener('exit', orphan));
    await new Promise<void>((resolve, reject) => {
      started.once('spawn', resolve);
      started.once('error', () =>
        reject(new Error('redis-server is missing: run `npm run setup`, or `apt-get install redis-server`')),
      );
    });
    if (admin.status === 'wait') admin.connect().catch(() => {});
    for (let look = 0; look < 200 && admin.status !== 'ready'; look += 1) await pause(20);
    await admin.ping();
  }

  async function kill(): Promise<void> {
    const killed = child;
    child = null;
    if (!killed || killed.exitCode !== null) return;
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    killed.kill('SIGKILL');
    await gone;
  }

  await start().catch(async (error) => {
    admin.disconnect();
    await kill();
    throw error;
  });
  return {
    ...{ port, folder: folder.path, kill },
    url: `redis://127.0.0.1:${port}`,
    run: (word, ...words) => admin.call(word ?? 'PING', [...words]),
    content: () => contentOf(admin),
    async start(files = 'kept') {
      if (files === 'removed') rmSync(join(folder.path, 'appendonlydir'), { recursive: true, force: true });
      await start();
    },
    async stop() {
      admin.disconnect();
      await kill();
      folder.remove();
    },
  };
}

async function contentOf(admin: Redis): Promise<string> {
  const keys = await admin.keys('*');
  const parts = await Promise.all(
    keys.map(async (key) => `${key} ${await valueAt(admin, key).catch(() => 'changed meanwhile')}`),
  );
  return parts.join('\n');
}

async function valueAt(admin: Redis, key: string): Promise<string> {
  switch (await admin.type(key)) {
    case 'hash':
      return JSON.stringify(await admin.hgetall(key));
    case 'list':
      return JSON.stringify(await admin.lrange(key, 0, -1));
    case 'set':
      return JSON.stringify(await admin.smembers(key));
    case 'zset':
      return JSON.stringify(await admin.zrange(key, '0', '-1', 'WITHSCORES'));
    case 'stream':
      return JSON.stringify(await admin.xrange(key, '-', '+'));
    default:
      return `${await admin.get(key)}`;
  }
}
