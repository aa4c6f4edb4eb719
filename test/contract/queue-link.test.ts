// Getting at a real Redis: what it must be like, who we are there, and by which way; and what is said when it is not so.
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import { openQueueLink, type QueueLink } from '../../src/delivery/queue-link.js';
import type { QueueSettings } from '../../src/delivery/redis-link.js';
import { type Danger, inInfo } from '../../src/delivery/redis-safety.js';
import { ConfigError } from '../../src/errors.js';
import { type Log, silentLog } from '../../src/log.js';
import { freePort } from '../support/free-port.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { startSentinel } from '../support/redis-sentinel.js';
import { startStunnel } from '../support/stunnel.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function redis(options: readonly string[] = [], password?: string): Promise<RedisServer> {
  const server = await startRedis(options, password);
  ends.push(server.stop);
  return server;
}

async function link(
  settings: Partial<QueueSettings>,
  allowUnsafe: readonly Danger[] = [],
  log: Log = silentLog,
) {
  const whole = { url: 'redis://127.0.0.1:1', cluster: [], options: {}, ...settings };
  const opened = await openQueueLink(whole, { clock: systemClock, log, allowUnsafe });
  ends.push(opened.redis.close);
  return opened;
}

/** Connects and gets through, for writing and reading. */
async function works(opened: QueueLink): Promise<boolean> {
  await opened.roundTrip();
  return opened.isUsable();
}

const problemsOf = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error) => (error instanceof ConfigError ? error.problems : Promise.reject(error)),
  );

describe('a Redis that may forget', () => {
  it.each([
    ['with an eviction policy', ['--maxmemory-policy', 'allkeys-lru'], 'eviction'],
    ['without AOF', ['--appendonly', 'no'], 'no-aof'],
  ] as const)('%s is refused, unless that is allowed', async (_what, options, danger) => {
    const { url } = await redis(options);
    const problems = await problemsOf(link({ url }));
    expect(problems).toMatchObject([{ code: 'QUEUE_UNSAFE', path: 'queue' }]);
    const other = danger === 'eviction' ? 'no-aof' : 'eviction';
    expect(await problemsOf(link({ url }, [other]))).toHaveLength(1);
    const allowed = await link({ url }, [danger]);
    expect(allowed.allowed).toEqual([danger]);
    expect(await works(allowed)).toBe(true);
  });

  it('is not used any more once it becomes so, and says so when asked whether it is ready', async () => {
    const server = await redis();
    const opened = await link({ url: server.url });
    expect(await works(opened)).toBe(true);
    await server.kill();
    await server.start();
    await server.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    for (let look = 0; look < 500 && !opened.redis.isUp; look += 1) await systemClock.sleep(20);
    expect(await opened.isUsable()).toBe(false);
    await expect(opened.roundTrip()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });

  it('counts as such when its settings cannot be read', () => {
    expect(inInfo('')).toEqual(['eviction', 'no-aof']);
    expect(inInfo('aof_enabled:0\r\nmaxmemory_policy:volatile-lru\r\n')).toEqual(['eviction', 'no-aof']);
    expect(inInfo('aof_enabled:1\r\nmaxmemory_policy:noeviction\r\n')).toEqual([]);
  });
});

describe('a Redis that takes nothing', () => {
  it('is told with its own word, and logged once however often it is asked', async () => {
    const server = await redis();
    const told: unknown[] = [];
    const log = {
      ...silentLog,
      warn: (message: string, fields?: unknown) => void told.push(message, fields),
    };
    const opened = await link({ url: server.url }, [], log);
    expect(await works(opened)).toBe(true);
    await server.run('CONFIG', 'SET', 'maxmemory', '1');
    for (let asked = 0; asked < 3; asked += 1)
      await expect(opened.roundTrip()).rejects.toThrow('The reason: OOM.');
    expect(told).toEqual([expect.stringContaining('Redis is of no use'), { code: 'OOM' }]);
  });
});

describe('who we are', () => {
  it('is told by the URL or by options, which a secret is better kept in', async () => {
    const { port } = await redis(['--requirepass', 'p@ss:word'], 'p@ss:word');
    const inUrl = `redis://:${encodeURIComponent('p@ss:word')}@127.0.0.1:${port}`;
    expect(await works(await link({ url: inUrl }))).toBe(true);
    expect(await works(await link({ url: `redis://127.0.0.1:${port}`, password: 'p@ss:word' }))).toBe(true);
  });

  it('may be an ACL user that sees only the keys of the product', async () => {
    const server = await redis();
    const rights = ['on', '>geheim', '~{verzuimbrug-*', '&*', '+@all', '-@dangerous', '+info'];
    await server.run('ACL', 'SETUSER', 'bridge', ...rights);
    const opened = await link({ url: server.url, username: 'bridge', password: 'geheim' });
    expect(await works(opened)).toBe(true);
    await expect(opened.redis.commands.set('other', '1')).rejects.toThrow('NOPERM');
  });

  it.each([
    ['a wrong password', 'wrong', 'WRONGPASS'],
    ['no password', undefined, 'NOAUTH'],
  ])('%s stops the start, without a word of the password', async (_what, password, word) => {
    const { url } = await redis(['--requirepass', 'Geheim99'], 'Geheim99');
    const problems = await problemsOf(link({ url, ...(password && { password }) }));
    expect(problems).toMatchObject([{ code: 'CONFIG_INVALID', path: 'queue' }]);
    expect(problems[0]?.detail).toContain(word);
    expect(JSON.stringify(problems)).not.toContain(password ?? 'Geheim99');
  });
});

describe('the way there', () => {
  it('may be TLS with certificates on both sides', async () => {
    const { port } = await redis();
    const front = await startStunnel(port);
    ends.push(front.stop);
    const url = `rediss://localhost:${front.port}`;
    expect(await works(await link({ url, tls: front.texts }))).toBe(true);
    const { ca } = front.texts;
    const byAddress = `rediss://127.0.0.1:${front.port}`;
    const named = await link({ url: byAddress, tls: { ...front.texts, serverName: 'localhost' } });
    expect(await works(named)).toBe(true);
    const wrong: Partial<QueueSettings>[] = [
      { url, tls: { ca } },
      { url },
      { url: `redis://localhost:${front.port}` },
      { url, tls: { ...front.texts, serverName: 'elsewhere' } },
    ];
    const refused = await Promise.all(wrong.map((settings) => link(settings)));
    for (const opened of refused)
      await expect(opened.roundTrip()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  }, 30_000);

  it('may be a Redis Cluster', async () => {
    const server = await redis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
    await server.run('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    for (let look = 0; look < 500; look += 1) {
      if (String(await server.run('CLUSTER', 'INFO')).includes('cluster_state:ok')) break;
      await systemClock.sleep(20);
    }
    expect(await works(await link({ url: server.url, cluster: [server.url] }))).toBe(true);
  });

  it('may be told by a Sentinel', async () => {
    const server = await redis();
    const sentinel = await startSentinel('main', server.port);
    ends.push(sentinel.stop);
    const options = { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'main' };
    expect(await works(await link({ options }))).toBe(true);
  });

  it('may lead nowhere: that is no reason not to start', async () => {
    const opened = await link({ url: `redis://127.0.0.1:${await freePort()}` });
    expect(await opened.isUsable()).toBe(false);
    await expect(opened.roundTrip()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });
});
