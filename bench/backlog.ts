// How fast deliveries drain, and how much memory a daemon takes, with up to a million of them waiting.
import type { MeasuredDaemon } from './daemon.js';
import { fill } from './fill.js';
import { createSite, type Kind, type Servers, type Site } from './site.js';
import { median, type Row } from './table.js';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** Of the deliveries measured, the first are left out: the daemon has just started. */
const [WARM, WINDOW] = [200, 900];
const ROUNDS = 3;

interface Measured {
  readonly perSecond: number;
  readonly peakMb: number;
}

export async function measureBacklog(servers: Servers): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of ['embedded', 'scaled'] as const) {
    const sizes = await measureSizes(kind, servers);
    const smallest = sizes.get(SIZES[0] ?? 0)?.perSecond ?? Number.NaN;
    for (const [size, { perSecond, peakMb }] of sizes) {
      rows.push({
        what: `${NAMES[kind]}: drained with ${size.toLocaleString('en')} waiting`,
        figure: `${perSecond.toFixed(0)} /s`,
        beside: `${(perSecond / smallest).toFixed(2)} x with 1,000 (aim: 0.8 to 1.2); memory at most ${peakMb.toFixed(0)} MB (aim: below 300)`,
      });
    }
  }
  return rows;
}

const NAMES = { embedded: 'SQLite, embedded queue', scaled: 'PostgreSQL and Redis, one daemon' };

/** The sizes take turns, so that a slow minute of the machine is no property of a size. */
async function measureSizes(kind: Kind, servers: Servers): Promise<Map<number, Measured>> {
  const found = new Map(SIZES.map((size) => [size, [] as Measured[]]));
  const large = new Map<number, Site>();
  for (const size of SIZES.slice(1)) large.set(size, await filled(kind, size, servers));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const size of SIZES) {
      const site = large.get(size) ?? (await filled(kind, size, servers));
      // What woke the daemon of another size is not for this one.
      if (kind === 'scaled') await servers.redis.run('FLUSHALL');
      found.get(size)?.push(await drain(site));
      if (!large.has(size)) await site.remove();
    }
  }
  for (const site of large.values()) await site.remove();
  return new Map([...found].map(([size, all]) => [size, summaryOf(all)]));
}

function summaryOf(all: readonly Measured[]): Measured {
  return {
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
  };
}

async function filled(kind: Kind, size: number, servers: Servers): Promise<Site> {
  const site = await createSite({ kind, servers, source: 'folder' });
  await fill(site, size, servers.postgres);
  return site;
}

async function drain({ start, receiver }: Site): Promise<Measured> {
  const before = await receiver.count();
  const daemon: MeasuredDaemon = await start();
  const from = await receiver.reached(before + WARM);
  const until = await receiver.reached(before + WINDOW);
  const peakMb = daemon.peakMb();
  await daemon.end();
  return { perSecond: ((WINDOW - WARM) / (until - from)) * 1000, peakMb };
}
