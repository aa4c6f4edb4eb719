// What the store keeps of the daemon's own running: cursors, dedupe keys, polls, pauses, first loads, forgetting.
import type { PlainDate } from '../domain/people.js';
import type { ErrorCode } from '../errors.js';

export interface ConnectionState {
  readonly connection: string;
  readonly lastPollAt: number | null;
  readonly lastPollOk: boolean | null;
  readonly lastPollCode: ErrorCode | null;
  readonly lastPollDetail: string | null;
}

export interface RouteState {
  readonly route: string;
  readonly pausedAt: number | null;
  readonly pausedCode: ErrorCode | null;
  readonly pausedDetail: string | null;
  /** When the paused route tries again by itself. */
  readonly nextProbeAt: number | null;
}

export interface PurgeState {
  readonly lastPurgeAt: number | null;
  readonly lastPurgedBodies: number;
  /** Acceptance time of the oldest body that is still kept, or null. */
  readonly oldestBodyAt: number | null;
}

export interface RetentionTerms {
  /** Bodies of final items go when they were settled before this instant. */
  readonly bodiesBefore: number;
  /** Dedupe keys older than this go. */
  readonly seenBefore: number;
  /** Cases that have recovered or were withdrawn are reduced (see ledger/forget.ts) when last put before this. */
  readonly casesBefore: number;
}

export interface Purged {
  /** Bodies removed. */
  readonly bodies: number;
  /** Cases reduced. */
  readonly cases: number;
  /** More cases are past their term: call again, in a unit of its own and with the same `at`. */
  readonly more: boolean;
}

export interface OperationReader {
  cursor(connection: string): Promise<string | null>;
  /** Was this raw record taken in before? */
  hasSeen(connection: string, key: string): Promise<boolean>;
  connections(): Promise<ConnectionState[]>;
  /** Each that was ever paused. */
  routes(): Promise<RouteState[]>;
  /** Only those that are paused now. */
  pausedRoutes(): Promise<RouteState[]>;
  purgeState(): Promise<PurgeState>;
}

export interface OperationWriter extends OperationReader {
  setCursor(connection: string, cursor: string | null): Promise<void>;
  remember(connection: string, key: string, at: number): Promise<void>;
  setConnection(state: ConnectionState): Promise<void>;
  /** Its cursor and how its last poll went. */
  forgetConnection(connection: string): Promise<void>;
  /** One that is paused already stays paused since the first time. */
  pauseRoutes(routes: readonly string[], pause: Omit<RouteState, 'route'>): Promise<void>;
  /** When those of them that are paused try again. */
  setProbe(routes: readonly string[], nextProbeAt: number): Promise<void>;
  resumeRoutes(routes: readonly string[]): Promise<void>;
  /**
   * Removes what is past its term, of cases as many as one unit should do, and records that it did. Of each counter of
   * a connection the two latest periods that have begun at `at` stay.
   */
  purge(terms: RetentionTerms, at: number): Promise<Purged>;
}

// --- first loads --------------------------------------------------------------------------------------------------

/** The first whole load of a connection for a route: cursors are per connection, and a route may be added later. */
export interface FirstLoad {
  readonly route: string;
  readonly connection: string;
  /** The day on which its first page came. What had ended before it is history. */
  readonly startedDay: PlainDate;
  /** Null as long as no poll has come to its end without an error. */
  readonly completedAt: number | null;
}

export interface FirstLoadReader {
  get(route: string, connection: string): Promise<FirstLoad | null>;
  /** In order of connection and route. */
  list(): Promise<FirstLoad[]>;
}

export interface FirstLoadWriter extends FirstLoadReader {
  /** Does nothing when it has started before: the day of the first page stays. */
  start(route: string, connection: string, day: PlainDate): Promise<void>;
  /** Of one that has started; the first completion stays. */
  complete(route: string, connection: string, at: number): Promise<void>;
  /** The route has it all before it again. */
  forget(route: string, connection: string): Promise<void>;
}
