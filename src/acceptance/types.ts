// What the acceptance of one observation needs, and what it gives.
import type { Clock } from '../clock.js';
import type { Log } from '../connector.js';
import type { AbsenceRoute, Route } from '../route.js';
import type { Steps } from '../steps.js';
import type { Store, WriteTx } from '../store/types.js';

export interface PathDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: Steps;
  /** Asked in each unit that writes what a source gave, and before its receipt: throws LEASE_LOST when it may not. */
  readonly guard?: (tx: WriteTx) => Promise<void>;
  /** Commits with what a source gave, and is told what came of it; throws NOT_ALLOWED to refuse all of it. */
  readonly beside?: (tx: WriteTx, taken: Taken) => Promise<void>;
}

/** How many records, counted per route, and how many of them are of no use. */
export interface Taken {
  readonly records: number;
  readonly unusable: number;
}

/** On a route that carries absences, if nothing else is said. */
export interface Acceptance<R extends Route = AbsenceRoute> {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tx: WriteTx;
  readonly route: R;
  /** The source's own reference for the record. */
  readonly reference: string;
  /** `daemon`, or the account that runs a command. */
  readonly actor: string;
}

/** What came of observations, counted. */
export interface Accepted {
  /** Notifications on their way. */
  queued: number;
  unchanged: number;
  /** Waiting for a person at the gate or at the comparison. */
  held: number;
  /** Records and notifications that cannot be used until something is mended. */
  parked: number;
  /** Records of which nothing is kept but that they cannot be used; also those that are parked since they came before. */
  unusable: number;
  /** Waiting uncompared behind a held one of the same lane. */
  waiting: number;
  /** Of the way back: what the employer may not know of, or does not take; nothing of it is kept. */
  leftOut: number;
}

export const NOTHING: Readonly<Accepted> = {
  queued: 0,
  unchanged: 0,
  held: 0,
  parked: 0,
  unusable: 0,
  waiting: 0,
  leftOut: 0,
};
