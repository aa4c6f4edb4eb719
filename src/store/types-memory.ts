// What the store keeps for a connection between polls, deliveries and restarts; see src/memory.ts for who uses it.

/** The count of one period, such as `2026-11`; periods of a name sort as text. */
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

export interface MemoryReader {
  /** Unseals; null when nothing is kept under this name. Throws SEAL_BROKEN. */
  recall(connection: string, name: string): Promise<string | null>;
  /** 0 in a period in which nothing was counted. */
  counted(counter: Pick<ConnectionCounter, 'connection' | 'name' | 'period'>): Promise<number>;
  /** Of each connection and name the latest period, in that order. */
  counters(): Promise<ConnectionCounter[]>;
  /** In order of connection and name. */
  notes(): Promise<ConnectionNote[]>;
}

export interface MemoryWriter extends MemoryReader {
  /** Sealed; null forgets it. The name itself is not sealed. */
  keep(connection: string, name: string, value: string | null): Promise<void>;
  /** Adds 1 and gives the new count; the limit is the one that was given last. */
  count(counter: Omit<ConnectionCounter, 'count'>): Promise<number>;
  /** Sets or replaces; `since` stays while the text stays the same. */
  setNote(note: ConnectionNote): Promise<void>;
  clearNote(connection: string, name: string): Promise<void>;
}
