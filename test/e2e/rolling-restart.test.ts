// Two daemons on one PostgreSQL and one Redis are restarted one after the other while messages keep coming in and
// the receiver takes its time for each: what the stopping one had is taken up by the other at once.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { message, recoveredOn } from '../support/absence-messages.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { absences, HR, type Installation, makeInstallation } from '../support/installation.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { type RedisServer, startRedis } from '../support/redis.js';

/** A lease of one that does not hand over lasts 20 s; a handful of polls may be missed on a machine that is busy. */
const LONGEST_GAP_MS = 8_000;
const DRAIN_SECONDS = 5;
/** So long the receiver is busy with each message, so that a signal always meets some that are being sent. */
const RECEIVING_MS = 150;

let postgres: PostgresFixture;
let redis: RedisServer;
let at: Installation;
let client: pg.Client;
let receiver: Server;
let received: string[];
let daemons: Daemon[];

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
  received = [];
  receiver = await startReceiver();
  const server = await postgres.database();
  at = makeInstallation(configured(server));
  client = await postgres.connect(server);
});
afterEach(async () => {
  for (const daemon of daemons) await daemon.stop('SIGKILL');
  await client.end();
  receiver.closeAllConnections();
  receiver.close();
  at.remove();
});

function configured({ host, port, database, user }: PostgresServer) {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const agreed = { release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1', concurrency: 3 };
  return {
    ...{ logLevel: 'info', delivery: { drainSeconds: DRAIN_SECONDS }, queue: { url: redis.url } },
    store: { url: `postgres://${user}@${host}:${port}/${database}`, encryption: 'off' },
    connections: {
      hr: HR,
      arbo: { connector: 'sivi-http', party: 'arbodienst', settings: { url, ...agreed } },
    },
    routes: [absences({ schedule: '* * * * * *' })],
  };
}

/** Counts what it was sent as often as it comes. */
async function startReceiver(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    received.push(Buffer.concat(parts).toString());
    await pause(RECEIVING_MS);
    response.writeHead(202).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function start(): Promise<Daemon> {
  const daemon = await startDaemon(at.config);
  daemons.push(daemon);
  return daemon;
}

/** Sick and recovered of one case after the other, until told to stop; gives the number of cases. */
function feed(everyMs: number): { stop(): Promise<number> } {
  let going = true;
  const fed = (async () => {
    let cases = 0;
    for (; going; cases += 1) {
      at.put(`${cases}-1.xml`, message(cases + 1));
      at.put(`${cases}-2.xml`, message(cases + 1, { absence: recoveredOn('2026-03-16', 2) }));
      await pause(everyMs);
    }
    return cases;
  })();
  return {
    stop() {
      going = false;
      return fed;
    },
  };
}

/** The longest time between two polls, of whichever daemon: with each the turn gets another fence. */
function watchPolls(): { stop(): Promise<number> } {
  let going = true;
  const watched = (async () => {
    let longest = 0;
    let fence: unknown;
    let since = performance.now();
    while (going) {
      const { rows } = await client.query("select fence from lease where name = 'life poll hr'");
      const now = performance.now();
      longest = Math.max(longest, now - since);
      if (rows[0]?.fence !== fence) since = now;
      fence = rows[0]?.fence;
      await pause(100);
    }
    return longest;
  })();
  return {
    stop() {
      going = false;
      return watched;
    },
  };
}

async function claimsNow(): Promise<number> {
  const { rows } = await client.query(
    "select count(*)::int as many from delivery where state in ('claimed', 'sending')",
  );
  return rows[0].many;
}

/** Case and percentage of each message, in the order in which they came. */
function told(): string[] {
  return received.flatMap((text) =>
    decodeMessage(Buffer.from(text)).records.map(({ record }) => {
      const absence = record.absence as JsonObject;
      return `${absence.caseId} ${absence.percentage}`;
    }),
  );
}

describe('a rolling restart under load', () => {
  it('hands over at once: nothing is lost, doubled or out of order, and polling goes on', async () => {
    const running = [await start(), await start()];
    const feeding = feed(300);
    await until('messages arrive', () => received.length > 0);
    const polls = watchPolls();
    for (const index of [0, 1]) {
      await until('something is being sent', async () => (await claimsNow()) > 0);
      const from = performance.now();
      expect(await running[index]?.stop('SIGTERM')).toBe(0);
      expect(performance.now() - from).toBeLessThan((DRAIN_SECONDS + 3) * 1000);
      const before = received.length;
      await until('the other one delivers', () => received.length > before + 3, LONGEST_GAP_MS);
      running[index] = await start();
    }
    const cases = await feeding.stop();
    await until('all have arrived', () => received.length >= 2 * cases);
    await until('all is put away', () => at.names('in').length === 0);
    expect(await polls.stop()).toBeLessThan(LONGEST_GAP_MS);
    await until('all is written down', async () => (await claimsNow()) === 0);
    for (const daemon of running) expect(await daemon.stop('SIGTERM')).toBe(0);
    const expected = Array.from({ length: cases }, (_, index) => [
      `CASE-${index + 1} 100.00`,
      `CASE-${index + 1} 0.00`,
    ]).flat();
    const all = told();
    expect([...all].sort()).toEqual([...expected].sort());
    const early = all.filter(
      (item, index) =>
        item.endsWith(' 0.00') && !all.slice(0, index).includes(item.replace(' 0.00', ' 100.00')),
    );
    expect(early).toEqual([]);
    expect(JSON.parse((await at.run('status', '--json')).out)).toMatchObject({
      attention: [],
      routes: [{ accepted: 2 * cases, open: 0 }],
    });
    expect((await at.run('audit', 'verify')).exit).toBe(0);
  }, 120_000);
});
