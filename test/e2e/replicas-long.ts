// Two daemons on one PostgreSQL and one Redis, reading one folder and delivering to one. The one whose turn it is to poll
// is stopped in the midst of it for longer than it counts as alive, and wakes up again; later one is killed.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { message, recoveredOn } from '../support/absence-messages.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { absences, HR, type Installation, makeInstallation } from '../support/installation.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { type RedisServer, startRedis } from '../support/redis.js';

/** More than a process of this configuration counts as alive without a sign of life: 18 s. */
const PATIENCE_MS = 60_000;

let postgres: PostgresFixture;
let redis: RedisServer;
let server: PostgresServer;
let at: Installation;
let daemons: Daemon[];
/** By the mark of its opening of the store. */
let daemonOf: Map<string, Daemon>;

beforeAll(async () => {
  postgres = await startPostgres();
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
  await postgres.end();
});
beforeEach(async () => {
  daemons = [];
  daemonOf = new Map();
  server = await postgres.database();
  const { host, port, database, user } = server;
  at = makeInstallation({
    ...{ logLevel: 'info', delivery: { timeoutSeconds: 1 }, queue: { url: redis.url } },
    store: { url: `postgres://${user}@${host}:${port}/${database}`, encryption: 'off' },
    // A poll lasts a second at least, so that it can be caught in the midst.
    connections: {
      hr: { ...HR, settings: { ...HR.settings, settleSeconds: 1 } },
      arbo: { connector: 'sivi-folder', party: 'arbodienst', settings: OUTBOX },
    },
    routes: [absences({ schedule: '* * * * * *' })],
  });
});
afterEach(async () => {
  for (const daemon of daemons) await daemon.stop('SIGKILL');
  at.remove();
});

const OUTBOX = { outbox: './out', release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' };

async function start(): Promise<Daemon> {
  const daemon = await startDaemon(at.config);
  daemons.push(daemon);
  const replicas = await ask<{ owner: string }>("select owner from lease where name like 'replica %'");
  for (const { owner } of replicas) if (!daemonOf.has(owner)) daemonOf.set(owner, daemon);
  return daemon;
}

/** Sick and recovered, of each of ten cases: first all sick reports, then the recoveries. */
function putBatch(first: number): void {
  const numbers = Array.from({ length: 10 }, (_, index) => first + index);
  for (const number of numbers) at.put(`${number}-1.xml`, message(number));
  for (const number of numbers)
    at.put(`${number}-2.xml`, message(number, { absence: recoveredOn('2026-03-16', 2) }));
}

async function ask<T>(text: string): Promise<T[]> {
  const client = await postgres.connect(server);
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

/** Who has the turn to poll, and since which fence; null when nobody has. */
async function turnNow(): Promise<{ owner: string; fence: number } | null> {
  const [row] = await ask<{ owner: string; fence: number }>(
    `select owner, fence from lease
     where name = 'life poll hr' and expires_at > extract(epoch from clock_timestamp()) * 1000`,
  );
  return row ?? null;
}

/**
 * Sends the signal to whichever is polling, while it waits between its two looks at the folder: other polls take less
 * than half a second.
 */
async function strikePolling(signal: 'SIGSTOP' | 'SIGKILL'): Promise<Daemon> {
  for (let tries = 0; tries < 100; tries += 1) {
    await until('a poll is going on', async () => (await turnNow()) !== null);
    const turn = await turnNow();
    await pause(400);
    const struck = daemonOf.get(turn?.owner ?? '');
    if (!struck || (await turnNow())?.fence !== turn?.fence) continue;
    void struck.stop(signal);
    return struck;
  }
  throw new Error('none was caught in the midst of a poll');
}

/** Case and percentage of each message, in the order in which they went out. */
function told(): string[] {
  return at.sent().flatMap((text) =>
    decodeMessage(Buffer.from(text)).records.map(({ record }) => {
      const absence = record.absence as JsonObject;
      return `${absence.caseId} ${absence.percentage}`;
    }),
  );
}

const arrived = (count: number) =>
  until(`${count} have arrived`, () => at.sent().length >= count, PATIENCE_MS);

describe('two daemons on one PostgreSQL and one Redis', () => {
  it('lose nothing, double nothing and keep the order of each case when one is halted, and later one is killed', async () => {
    await start();
    await start();
    putBatch(1);
    const halted = await strikePolling('SIGSTOP');
    putBatch(11);
    await arrived(40);
    void halted.stop('SIGCONT');
    await until('it notices that its turn is over', () =>
      halted.said.err.includes('a poll was taken over by another process'),
    );
    putBatch(21);
    const killed = await strikePolling('SIGKILL');
    putBatch(31);
    await arrived(80);
    const left = daemons.find((daemon) => daemon !== killed);
    await until('all is put away', () => at.names('in').length === 0);
    expect(await left?.stop('SIGTERM')).toBe(0);
    const expected = Array.from({ length: 40 }, (_, index) => index + 1).flatMap((number) => [
      `CASE-${number} 100.00`,
      `CASE-${number} 0.00`,
    ]);
    const all = told();
    expect([...all].sort()).toEqual([...expected].sort());
    const recoveredFirst = all.filter(
      (item, index) =>
        item.endsWith(' 0.00') && !all.slice(0, index).includes(item.replace(' 0.00', ' 100.00')),
    );
    expect(recoveredFirst).toEqual([]);
    expect(JSON.parse((await at.run('status', '--json')).out)).toMatchObject({
      attention: [],
      routes: [{ accepted: 80, open: 0 }],
    });
    expect((await at.run('audit', 'verify')).exit).toBe(0);
  }, 200_000);
});
