// The oracle over a whole installation: what must hold at every moment, and what an undisturbed run with the same files
// has to agree with at the end.
import { type Books, deliveredFaults, endFaults, readBooks } from './books.js';
import type { FedFile, Truth } from './feed.js';
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

/** Files that the receivers got. */
export function notificationsOf(site: Site): number {
  return ROUTES.reduce((sum, route) => sum + site.arrivals(route).length, 0);
}

/** What must hold at every moment at which nobody is at work. */
export async function judgeNow(site: Site): Promise<Findings> {
  const books = await readBooks(site);
  const orders = ROUTES.map((route) => judgeOrder(site.arrivals(route)));
  return addFindings(...orders, { ...NO_FINDINGS, other: [...books.faults, ...site.faults(false)] });
}

export interface Reference {
  readonly books: Books;
  readonly arrivals: Readonly<Record<RouteName, readonly Arrival[]>>;
}

export async function undisturbed(root: string, fed: readonly FedFile[]): Promise<Reference> {
  const site = makeSite(root);
  site.put(fed);
  await runRound({ job: { config: site.config, release: true } });
  const [holding, passing] = [site.arrivals('holding'), site.arrivals('passing')];
  return { books: await readBooks(site), arrivals: { holding, passing } };
}

/** `sameFiles`: the undisturbed run got the very same files, so that what came of each is the same, too. */
export async function judgeEnd(
  site: Site,
  reference: Reference,
  truths: ReadonlyMap<string, Truth>,
  sameFiles = true,
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
  const ends = sameFiles ? endFaults(books, reference.books, arrived) : deliveredFaults(books, arrived);
  const faults = [...books.faults, ...reference.books.faults, ...ends, ...site.faults(true)];
  return addFindings(...judged, { ...NO_FINDINGS, other: faults });
}
