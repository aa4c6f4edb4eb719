// A flu Monday: 50,000 notifications of 500 employers in ten minutes, pushed to two daemons on PostgreSQL and Redis, and to
// one on SQLite.
// Measured is the time from the moment at which a notification is sent to us until the receiver has it.
import { setTimeout as pause } from 'node:timers/promises';
import { markedReports } from './messages.js';
import { createSite, type Kind, PUSH_HEADERS, type Servers, type Site } from './site.js';
import type { Row } from './table.js';

const PER_MINUTE = 5_000;
const EMPLOYERS = 500;
/** More at once than this wait here, and that counts. */
const SENDERS = 64;

interface Setting {
  readonly what: string;
  readonly kind: Kind;
  readonly daemons: number;
}

const SETTINGS: readonly Setting[] = [
  { what: 'SQLite, one daemon', kind: 'embedded', daemons: 1 },
  { what: 'PostgreSQL and Redis, two daemons', kind: 'scaled', daemons: 2 },
];

export async function measureFluMonday(servers: Servers, minutes: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const setting of SETTINGS) rows.push(await measureOne(setting, servers, minutes));
  return rows;
}

async function measureOne({ what, kind, daemons }: Setting, servers: Servers, minutes: number): Promise<Row> {
  const count = PER_MINUTE * minutes;
  const messages = markedReports(count, EMPLOYERS);
  const site = await createSite({ kind, servers, source: 'pushed', concurrency: 16 });
  const running = [];
  for (let started = 0; started < daemons; started += 1) running.push(await site.start());
  const sentAt = await sendEvenly(messages, { site, daemons });
  await site.receiver.reached(count);
  const arrivedAt = await site.receiver.times();
  await Promise.all(running.map((daemon) => daemon.end()));
  await site.remove();
  const took = sentAt
    .map((at, number) => (arrivedAt.get(`MARK-${number}`) ?? Number.NaN) - at)
    .sort((one, other) => one - other);
  const at = (share: number) => `${(took[Math.ceil(share * took.length) - 1] ?? Number.NaN).toFixed(0)} ms`;
  return {
    what: `flu Monday: ${count.toLocaleString('en')} notifications of ${EMPLOYERS} employers in ${minutes} minutes; ${what}`,
    figure: `p50 ${at(0.5)}`,
    beside: `p95 ${at(0.95)}, p99 ${at(0.99)}, from being sent until the receiver has it`,
  };
}

/** Resolves to when each was due to be sent, ms UTC: one that could not be sent in time has waited since then. */
async function sendEvenly(
  messages: readonly Uint8Array[],
  { site, daemons }: { site: Site; daemons: number },
): Promise<readonly number[]> {
  const began = performance.timeOrigin + performance.now();
  const dueAt = messages.map((_, number) => began + (number * 60_000) / PER_MINUTE);
  let next = 0;
  const send = async () => {
    for (let number = next++; number < messages.length; number = next++) {
      const wait = (dueAt[number] ?? 0) - performance.timeOrigin - performance.now();
      if (wait > 0) await pause(wait);
      await push(messages[number] ?? new Uint8Array(), site.hookUrl(number % daemons));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  return dueAt;
}

async function push(body: Uint8Array, url: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: PUSH_HEADERS, body: Buffer.from(body) });
  await answer.arrayBuffer();
  if (answer.status !== 202) throw new Error(`a notification was refused with ${answer.status}`);
}
