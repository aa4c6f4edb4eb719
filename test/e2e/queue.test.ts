// The whole bridge with a real Redis: what it says of itself, what of it stands in Redis, and when it does not start.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { loadConfig } from '../../src/config/load.js';
import { silentLog } from '../../src/log.js';
import { type Bridge, startBridge } from '../../src/main.js';
import { message } from '../support/absence-messages.js';
import { filesBelow, findWords, inText } from '../support/byte-search.js';
import { until } from '../support/child.js';
import { type ConfigText, type Installation, makeInstallation } from '../support/installation.js';
import { plantedMessage } from '../support/planted-message.js';
import { type RedisServer, startRedis } from '../support/redis.js';

let at: Installation;
const ends: (() => Promise<void>)[] = [];

beforeEach(() => {
  at = makeInstallation();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  at.remove();
});

async function redis(options: readonly string[] = []): Promise<RedisServer> {
  const server = await startRedis(options);
  ends.push(server.stop);
  return server;
}

async function bridge(queue: ConfigText): Promise<Bridge> {
  at.configure({ queue });
  const started = await startBridge(loadConfig(at.config, CONNECTORS), { world: { log: silentLog } });
  ends.push(() => started.stop());
  return started;
}

async function deliver({ pollers, dispatcher }: Bridge): Promise<void> {
  for (const poller of pollers.values()) await poller.poll();
  await dispatcher.idle();
}

const ready = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: answer.status, body: await answer.json() };
};

describe('a bridge with a queue in Redis', () => {
  it('tells Redis ids of deliveries and nothing of anybody', async () => {
    const server = await redis();
    const { planted, xml } = plantedMessage('2026');
    at.put('planted.xml', xml);
    for (let number = 1; number <= 5; number += 1) at.put(`${number}.xml`, message(number));
    const running = await bridge({ url: server.url });
    await deliver(running);
    expect(at.sent()).toHaveLength(6);
    const delivered = await running.store.read((tx) => tx.outbox.list({ states: ['delivered'] }));
    // Every write of the whole run is in the file, with what was removed since.
    const files = filesBelow(server.folder);
    const places = [...files, inText('keys', await server.content())];
    const written = files.map(({ bytes }) => bytes.toString('latin1')).join('');
    for (const { id } of delivered) expect(written).toContain(`{"delivery":"${id}"}`);
    const words = [...planted.map(({ word }) => word), 'Voorbeeld', 'planted.xml', at.path];
    expect(findWords(places, words)).toEqual([]);
    const ids = [...written.matchAll(/\{"delivery":"([^"]*)"\}/g)].map(([, id]) => id);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]*$/.test(id ?? ''))).toEqual([]);
  });

  it('says whether it is ready by a round trip, and delivers while it is not', async () => {
    const server = await redis();
    const running = await bridge({ url: server.url });
    const { port } = await running.serve();
    expect(await ready(port)).toEqual({ status: 200, body: { status: 'ready' } });
    await server.run('CONFIG', 'SET', 'maxmemory', '1');
    const away = { status: 503, body: { status: 'not ready', reason: 'the queue does not answer' } };
    expect(await ready(port)).toEqual(away);
    await server.kill();
    expect(await ready(port)).toEqual(away);
    at.put('1.xml', message(1));
    await deliver(running);
    expect(at.sent()).toHaveLength(1);
    await server.start();
    await until('it is ready again', async () => (await ready(port)).status === 200);
  });

  it('stops in its time while Redis is away', async () => {
    const server = await redis();
    const running = await bridge({ url: server.url });
    await deliver(running);
    await server.kill();
    let stopped = false;
    void running.stop().then(() => {
      stopped = true;
    });
    await until('it has stopped', () => stopped);
  });

  it('does not start on a Redis that may forget, and writes to the audit when that is allowed', async () => {
    const server = await redis(['--appendonly', 'no']);
    at.configure({ queue: { url: server.url } });
    const refused = await at.run('run', '--once');
    expect(refused.exit).toBe(2);
    expect(refused.err).toContain('appendonly');
    at.configure({ queue: { url: server.url, allowUnsafe: ['no-aof'] } });
    at.put('1.xml', message(1));
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(at.sent()).toHaveLength(1);
    const rows = (await at.run('audit', 'export')).out.trim().split('\n');
    const allowed = rows.map((row) => JSON.parse(row)).filter(({ action }) => action.startsWith('unsafe'));
    expect(allowed).toMatchObject([{ action: 'unsafe-queue-allowed', details: { dangers: ['no-aof'] } }]);
  });

  it('does not start when a secret of the queue cannot be read, and tells so with the other problems', async () => {
    at.configure({ queue: { url: 'redis://127.0.0.1:1', password: 'file:./nothing' } });
    const { exit, err } = await at.run('run', '--once');
    expect(exit).toBe(2);
    expect(err).toContain('queue.password');
    at.configure({ queue: { url: 'amqp://127.0.0.1:1' } });
    expect((await at.run('check')).err).toContain('queue.url: must be embedded, redis://... or rediss://...');
  });
});
