// A disk that is full for a moment: any single commit is refused once, whichever it is. The bridge keeps running, and at
// the next poll and the next look everything goes on: without a restart, nothing is lost, doubled or out of order.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/log.js';
import { type Bridge, startBridge } from '../../src/main.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { endFaults, readBooks } from './books.js';
import { createFeed, type FedFile } from './feed.js';
import { deliverAll, releaseAll, skippingClock } from './finish.js';
import { addFindings, judgeAgainstReference, judgeAgainstTruth, judgeOrder, NO_FINDINGS } from './oracle.js';
import { makeSite, ROUTES, type Site } from './site.js';
import { stepAtCommits } from './stepping.js';

const FILES = 6;
const feed = createFeed(5, 10);
const fed: readonly FedFile[] = feed.next(FILES);

let folder: TempFolder;
let undisturbed: Site;
/** Commits so far since the bridge was started, and the one that is refused. */
const commits = { seen: 0, refused: 0 };

beforeAll(async () => {
  folder = tempFolder();
  stepAtCommits((step) => {
    if (step !== 'store: before a commit') return;
    commits.seen += 1;
    if (commits.seen === commits.refused) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
  });
  undisturbed = await play('undisturbed', 0);
});

afterAll(() => folder.remove());

/** A fresh installation that takes everything in and delivers it, while one commit is refused. */
async function play(name: string, refused: number): Promise<Site> {
  const site = makeSite(`${folder.path}/${name}`);
  site.put(fed);
  Object.assign(commits, { seen: 0, refused });
  const clock = skippingClock();
  const start = () => startBridge(site.loaded, { world: { clock, log: silentLog } });
  const bridge = await start().catch(start);
  try {
    // In the worst case the refused commit ends each of the four once.
    for (let tries = 0; tries < 5; tries += 1) await finish(bridge, clock).catch(() => {});
  } finally {
    await bridge.stop();
  }
  return site;
}

async function finish(bridge: Bridge, clock: ReturnType<typeof skippingClock>): Promise<void> {
  for (const poller of bridge.pollers.values()) await poller.poll();
  await deliverAll(bridge, clock);
  await releaseAll(bridge, clock);
}

describe('a commit that is refused once', () => {
  it('leaves nothing lost, doubled, out of order or under way, whichever commit it is', async () => {
    const commitsInAll = commits.seen;
    expect(commitsInAll).toBeGreaterThan(15);
    const books = await readBooks(undisturbed);
    for (let refused = 1; refused <= commitsInAll; refused += 1) {
      const site = await play(`refused-${refused}`, refused);
      const judged = ROUTES.flatMap((route) => [
        judgeOrder(site.arrivals(route)),
        judgeAgainstReference(site.arrivals(route), undisturbed.arrivals(route)),
        judgeAgainstTruth(site.arrivals(route), feed.truths()),
      ]);
      const own = await readBooks(site);
      const arrived = Object.fromEntries(ROUTES.map((route) => [route, site.arrivals(route).length]));
      const other = [...own.faults, ...site.faults(true), ...endFaults(own, books, arrived)];
      expect({ refused, ...addFindings(...judged, { ...NO_FINDINGS, other }) }).toEqual({
        refused,
        ...NO_FINDINGS,
      });
    }
  }, 120_000);
});
