// Deliveries per second through the whole path, from a folder of messages to a receiver over HTTP: with one daemon on
// SQLite, with one, two and four on PostgreSQL and Redis, and beside the queue alone doing the same POST.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../test/support/temp-folder.js';
import { postThroughBullmq } from './bare-bullmq.js';
import { markedReports } from './messages.js';
import { startReceiver } from './receiver.js';
import { createSite, type Kind, type Servers } from './site.js';
import { median, type Row } from './table.js';

const MESSAGES = 1_500;
const ROUNDS = 3;

interface Setting {
  readonly what: string;
  run(messages: readonly Uint8Array[], servers: Servers): Promise<number>;
}

const daemons = (what: string, kind: Kind, count: number): Setting => ({
  what,
  run: (messages, servers) => throughDaemons(messages, { kind, count, servers }),
});

const BARE: Setting = { what: 'BullMQ alone: add, process, POST', run: throughBullmq };
const SETTINGS: readonly Setting[] = [
  BARE,
  daemons('SQLite, embedded queue', 'embedded', 1),
  daemons('PostgreSQL and Redis, 1 daemon', 'scaled', 1),
  daemons('PostgreSQL and Redis, 2 daemons', 'scaled', 2),
  daemons('PostgreSQL and Redis, 4 daemons', 'scaled', 4),
];

export async function measureDeliveries(servers: Servers): Promise<Row[]> {
  const messages = markedReports(MESSAGES);
  const rates = new Map(SETTINGS.map((setting) => [setting, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const setting of SETTINGS) rates.get(setting)?.push(await setting.run(messages, servers));
  }
  const bare = rates.get(BARE) ?? [];
  return SETTINGS.map((setting) => {
    const own = rates.get(setting) ?? [];
    const ratio = median(own.map((rate, round) => rate / (bare[round] ?? Number.NaN)));
    return {
      what: `whole path, folder to HTTP: ${setting.what}`,
      figure: `${median(own).toFixed(0)} /s`,
      beside: setting === BARE ? '' : `${ratio.toFixed(2)} x BullMQ alone`,
    };
  });
}

async function throughDaemons(
  messages: readonly Uint8Array[],
  { kind, count, servers }: { kind: Kind; count: number; servers: Servers },
): Promise<number> {
  const site = await createSite({ kind, servers, source: 'folder' });
  const running = [];
  for (let started = 0; started < count; started += 1) running.push(await site.start());
  const prepared = tempFolder();
  messages.forEach((bytes, index) => {
    writeFileSync(join(prepared.path, `${String(index).padStart(6, '0')}.xml`), bytes);
  });
  const began = performance.now();
  rmSync(join(site.folder, 'in'), { recursive: true });
  renameSync(prepared.path, join(site.folder, 'in'));
  const ended = await site.receiver.reached(messages.length);
  await Promise.all(running.map((daemon) => daemon.end()));
  await site.remove();
  return (messages.length / (ended - began)) * 1000;
}

async function throughBullmq(messages: readonly Uint8Array[], { redis }: Servers): Promise<number> {
  await redis.run('FLUSHALL');
  const receiver = await startReceiver();
  const began = performance.now();
  const bare = await postThroughBullmq(messages, { redisPort: redis.port, url: receiver.url });
  const ended = await receiver.reached(messages.length);
  await bare.close();
  receiver.stop();
  return (messages.length / (ended - began)) * 1000;
}
