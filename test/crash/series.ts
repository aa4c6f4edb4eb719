// A series of crashes on one installation: feed it, end it, look at what is on disk, start it again, and so on; then let
// it finish, and hold all that arrived against the truth and against an undisturbed run with the same files.
import { type Chance, createChance } from '../../src/demo/chance.js';
import { type Fault, FIRST_START } from './fault.js';
import { createFeed, type FedFile } from './feed.js';
import { judgeEnd, judgeNow, notificationsOf, undisturbed } from './judge.js';
import { addFindings, type Findings } from './oracle.js';
import { runRound } from './round.js';
import { makeSite, ROUTES, type Site } from './site.js';

export interface Series {
  /** An empty folder. */
  readonly root: string;
  readonly seed: number;
  /** One crash each, in this order. */
  readonly faults: readonly Fault[];
  /** As in the configuration; the undisturbed run is always on the embedded one. */
  readonly queue?: string;
}

/** What a series of any fault tells. */
export interface SeriesResult extends Findings {
  /** Crashes that took place, by the name of the fault. */
  readonly rounds: ReadonlyMap<string, number>;
  /** Faults that did not come about, however often they were tried. */
  readonly missed: readonly string[];
  /** Files that the receivers got. */
  readonly notifications: number;
}

/** A fault that is not reached is tried again with more new files. */
const MOST_TRIES = 4;
const FILES_PER_ROUND = 5;
/** Long enough that no series comes to the end of its history. */
const DAYS_PER_FILE = 0.5;

interface Running {
  readonly site: Site;
  readonly chance: Chance;
  put(count: number): void;
}

export async function runSeries({ root, seed, faults, queue }: Series): Promise<SeriesResult> {
  const chance = createChance(seed);
  const days = faults.reduce((sum, { files = FILES_PER_ROUND }) => sum + files * DAYS_PER_FILE, 10);
  const feed = createFeed(seed, days);
  const site = makeSite(`${root}/crashed`, queue === undefined ? {} : { queue });
  const fed: FedFile[] = [];
  const put = (count: number) => {
    const files = feed.next(count);
    fed.push(...files);
    site.put(files);
  };
  const rounds = new Map<string, number>();
  const missed: string[] = [];
  const found: Findings[] = [];
  for (const fault of [FIRST_START, ...faults].flatMap((one) => [...(one.before ?? []), one])) {
    const crashed = await crash(fault, { site, chance, put });
    found.push(...crashed.findings);
    if (crashed.killed) rounds.set(fault.name, (rounds.get(fault.name) ?? 0) + 1);
    else missed.push(fault.name);
  }
  put(FILES_PER_ROUND);
  await runRound({ job: { config: site.config, release: true } });
  found.push(await judgeEnd(site, await undisturbed(`${root}/undisturbed`, fed), feed.truths()));
  return { ...addFindings(...found), rounds, missed, notifications: notificationsOf(site) };
}

async function crash(
  fault: Fault,
  { site, chance, put }: Running,
): Promise<{ killed: boolean; findings: Findings[] }> {
  const findings: Findings[] = [];
  const takeSometimes = () => {
    if (chance.percent(10)) site.take(chance.pick(ROUTES));
  };
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    // Now and then a start finds nothing new but what the last crash left.
    if (tries > 1 || fault.files || chance.percent(75)) put((fault.files ?? FILES_PER_ROUND) * tries);
    const { end, killAfter } = fault.draw(chance, tries === MOST_TRIES);
    const { killed } = await runRound({
      job: { config: site.config, ...(end && { end }), ...(fault.needsRelease && { release: true }) },
      ...(killAfter && { killAfter }),
      ...(fault.taking && { onStep: takeSometimes }),
    });
    findings.push(await judgeNow(site));
    if (killed) return { killed, findings };
  }
  return { killed: false, findings };
}
