// A disk that is full for a moment: any single commit is refused once, whichever it is. The bridge keeps running, and at
// the next poll and the next look everything goes on: without a restart, nothing is lost, doubled or out of order.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/log.js';
import { type Bridge, startBridge } from '../../src/main.js';
import type { PathStep } from '../../src/steps.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { endFaults, readBooks } from './books.js';
import { createFeed } from './feed.js';
import { deliverAll, releaseAll, skippingClock } from './finish.js';
import {
  addFindings,
  type Findings,
  judgeAgainstReference,
  judgeAgainstTruth,
  judgeOrder,
  NO_FINDINGS,
} from './oracle.js';
import { makeSite, ROUTES, type Site } from './site.js';
import { stepAtCommits } from './stepping.js';

const FILES = 3;
const MOST_TRIES = 10;
// A history that begins with a held case among others.
const feed = createFeed(53, 10);
const fed = feed.next(FILES);
/** Refused is the commit that follows, at the first and, where there is one, the second time. */
const STEPS: readonly PathStep[] = [
  'intake: before the commit',
  'resume: before the commit',
  'delivery: claimed',
  'delivery: sent, before the outcome is committed',
];

let folder: TempFolder;
let undisturbed: Site;
/** Commits of the present bridge so far, and the one that is refused. */
const commits = { seen: 0, refused: 0 };

beforeAll(async () => {
  folder = tempFolder();
  stepAtCommits((step) => {
    if (step !== 'store: before a commit') return;
    commits.seen += 1;
    if (commits.seen === commits.refused) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
  });
  undisturbed = await play('undisturbed', () => {});
});

afterAll(() => folder.remove());

/** A fresh installation that takes everything in and delivers it. */
async function play(name: string, reach: (step: PathStep) => void, refused = 0): Promise<Site> {
  const site = makeSite(`${folder.path}/${name}`);
  site.put(fed);
  Object.assign(commits, { seen: 0, refused });
  const clock = skippingClock();
  const start = () => startBridge(site.loaded, { world: { clock, log: silentLog }, steps: { reach } });
  const bridge = await start().catch(start);
  try {
    // Twice well: what the refused commit belonged to may have been put off to the next poll or the next look.
    for (let well = 0, tries = 0; well < 2; tries += 1) {
      const error = await finish(bridge, clock).then(
        () => null,
        (failed: unknown) => failed,
      );
      well = error === null ? well + 1 : 0;
      if (tries > MOST_TRIES) throw error;
    }
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

async function judge(site: Site): Promise<Findings> {
  const judged = ROUTES.flatMap((route) => [
    judgeOrder(site.arrivals(route)),
    judgeAgainstReference(site.arrivals(route), undisturbed.arrivals(route)),
    judgeAgainstTruth(site.arrivals(route), feed.truths()),
  ]);
  const [books, reference] = [await readBooks(site), await readBooks(undisturbed)];
  const arrived = Object.fromEntries(ROUTES.map((route) => [route, site.arrivals(route).length]));
  const other = [...books.faults, ...site.faults(true), ...endFaults(books, reference, arrived)];
  return addFindings(...judged, { ...NO_FINDINGS, other });
}

describe('a commit that is refused once', () => {
  it('leaves nothing lost, doubled, out of order or under way, whichever commit it is', async () => {
    const commitsInAll = commits.seen;
    expect(commitsInAll).toBeGreaterThan(12);
    for (let refused = 1; refused <= commitsInAll; refused += 1) {
      const site = await play(`commit-${refused}`, () => {}, refused);
      expect({ refused, ...(await judge(site)) }).toEqual({ refused, ...NO_FINDINGS });
    }
  }, 120_000);

  it.each(STEPS)(
    'leaves nothing behind when it is the one after "%s"',
    async (step) => {
      let refusals = 0;
      for (const time of [1, 2]) {
        let seen = 0;
        const reach = (reached: PathStep) => {
          if (reached !== step) return;
          seen += 1;
          if (seen !== time) return;
          commits.refused = commits.seen + 1;
          refusals += 1;
        };
        const site = await play(`step-${STEPS.indexOf(step)}-${time}`, reach);
        expect({ time, ...(await judge(site)) }).toEqual({ time, ...NO_FINDINGS });
      }
      expect(refusals).toBeGreaterThan(0);
    },
    180_000,
  );
});
