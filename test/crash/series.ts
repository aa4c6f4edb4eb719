// A series of crashes on one installation: feed it, end it, look at what is on disk, start it again, and so on; then let
// it finish, and hold all that arrived against the truth and against an undisturbed run with the same files.
import { type Chance, createChance } from '../../src/demo/chance.js';
import { type Books, endFaults, readBooks } from './books.js';
import { type Fault, FIRST_START } from './fault.js';
import { createFeed, type FedFile, type Truth } from './feed.js';
import {
  type Arrival,
  addFindings,
  type Findings,
  judgeAgainstReference,
  judgeAgainstTruth,
  judgeOrder,
  NO_FINDINGS,
} from './oracle.js';
import { runRound } from './round.js';
import { makeSite, ROUTES, type RouteName, type Site } from './site.js';

export interface Series {
  /** An empty folder. */
  readonly root: string;
  readonly seed: number;
  /** One crash each, in this order. */
  readonly faults: readonly Fault[];
  /** As in the configuration; the undisturbed run is always on the embedded one. */
  readonly queue?: string;
}

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
  const site = makeSite(`${root}/crashed`, queue);
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
  const notifications = ROUTES.reduce((sum, route) => sum + site.arrivals(route).length, 0);
  return { ...addFindings(...found), rounds, missed, notifications };
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

/** What must hold at every moment. */
async function judgeNow(site: Site): Promise<Findings> {
  const books = await readBooks(site);
  const orders = ROUTES.map((route) => judgeOrder(site.arrivals(route)));
  return addFindings(...orders, { ...NO_FINDINGS, other: [...books.faults, ...site.faults(false)] });
}

interface Reference {
  readonly books: Books;
  readonly arrivals: Readonly<Record<RouteName, readonly Arrival[]>>;
}

async function undisturbed(root: string, fed: readonly FedFile[]): Promise<Reference> {
  const site = makeSite(root);
  site.put(fed);
  await runRound({ job: { config: site.config, release: true } });
  const [holding, passing] = [site.arrivals('holding'), site.arrivals('passing')];
  return { books: await readBooks(site), arrivals: { holding, passing } };
}

async function judgeEnd(
  site: Site,
  reference: Reference,
  truths: ReadonlyMap<string, Truth>,
): Promise<Findings> {
  const books = await readBooks(site);
  const arrived: Record<string, number> = {};
  const judged = ROUTES.flatMap((route) => {
    const arrivals = site.arrivals(route);
    arrived[route] = arrivals.length;
    return [
      judgeOrder(arrivals),
      judgeAgainstReference(arrivals, reference.arrivals[route]),
      judgeAgainstTruth(arrivals, truths),
    ];
  });
  const ends = endFaults(books, reference.books, arrived);
  const faults = [...books.faults, ...reference.books.faults, ...ends, ...site.faults(true)];
  return addFindings(...judged, { ...NO_FINDINGS, other: faults });
}
