// What the store keeps for a connection between polls, deliveries and restarts; see src/memory.ts for who uses it.

/** The count of one period: a month or a day in UTC, such as `2026-11` or `2026-11-22`. */
export interface ConnectionCounter {
  readonly connection: string;
  readonly name: string;
  readonly period: string;
  readonly count: number;
  /** Shown beside the count; null when there is none. */
  readonly limit: number | null;
}

export interface ConnectionNote {
  readonly connection: string;
  readonly name: string;
  readonly level: 'attention' | 'notice';
  /** Plain words without values of personal fields. */
  readonly text: string;
  /** Since when the text is the same. */
  readonly since: number;
}

/** Name of the poller's own note, since when and why polls are postponed; no connector uses it. */
export const POSTPONED_NOTE = 'poll-postponed';

/** How much of it a connection had. */
export interface Forgotten {
  readonly kept: number;
  readonly counters: number;
  readonly notes: number;
}

export interface MemoryReader {
  /** Unseals; null when nothing is kept under this name. Throws SEAL_BROKEN. */
  recall(connection: string, name: string): Promise<string | null>;
  /** 0 in a period in which nothing was counted. */
  counted(counter: Pick<ConnectionCounter, 'connection' | 'name' | 'period'>): Promise<number>;
  /** Of each connection and name the latest period that had begun at this instant, in that order. */
  counters(at: number): Promise<ConnectionCounter[]>;
  /** In order of connection and name. */
  notes(): Promise<ConnectionNote[]>;
  /** Every connection that has anything of all this, in order. */
  connections(): Promise<string[]>;
}

export interface MemoryWriter extends MemoryReader {
  /** Sealed; null forgets it. The name itself is not sealed. */
  keep(connection: string, name: string, value: string | null): Promise<void>;
  /** Adds 1 and gives the new count; the limit is the one that was given last. */
  count(counter: Omit<ConnectionCounter, 'count'>): Promise<number>;
  /** Sets or replaces; `since` stays while the text stays the same. */
  setNote(note: ConnectionNote): Promise<void>;
  clearNote(connection: string, name: string): Promise<void>;
  /** All that it kept, counted and told. */
  forget(connection: string): Promise<Forgotten>;
}
