// What a connection keeps between polls, deliveries and restarts: a token, the counts of its calls, what it has to tell
// an operator. The daemon keeps it in the store, sealed; a preview or a test keeps it nowhere.

/** Counts within a period such as `2026-11` or `2026-11-22`; a new period begins at 0. */
export interface Counter {
  readonly name: string;
  readonly period: string;
  /** Shown beside the count in `status`; null when there is none. Nothing is refused here. */
  readonly limit: number | null;
}

/** `used` is how many there were before. */
export interface Reservation {
  readonly counted: boolean;
  readonly used: number;
}

/** A line for the operator in `status`, without values of personal fields. `attention` asks for a person. */
export interface Note {
  readonly level: 'attention' | 'notice';
  readonly text: string;
}

export interface Memory {
  /** What was kept under this name, or null. */
  recall(name: string): Promise<string | null>;
  /** Sealed, but for the name; null forgets it. */
  keep(name: string, value: string | null): Promise<void>;
  /**
   * Keeps `value` only where `before` is what is kept now (null: nothing); else it gives false. So a process that was
   * halted between a look and this call never writes over what another kept meanwhile.
   */
  replace(name: string, before: string | null, value: string): Promise<boolean>;
  /** Adds 1, also when several processes count at once, and gives the new count. */
  count(counter: Counter): Promise<number>;
  counted(counter: Pick<Counter, 'name' | 'period'>): Promise<number>;
  /**
   * Counts one only if `may` says so of how many there were. Nobody counts between that question and its answer, so that
   * several processes together never exceed what it allows.
   */
  reserve(counter: Counter, may: (used: number) => boolean): Promise<Reservation>;
  /**
   * Does the work while no other process does any of that name for this connection; waits for its turn. RetryableError when
   * `signal` aborts while it waits. Saves work and guarantees nothing: who stops for long may find another at it.
   */
  alone<T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** One note per name, until it is replaced or taken back with null. */
  note(name: string, note: Note | null): Promise<void>;
}

/** Forgets with the process. */
export function volatileMemory(): Memory {
  const kept = new Map<string, string>();
  const counts = new Map<string, number>();
  const keyOf = ({ name, period }: Pick<Counter, 'name' | 'period'>) => `${name} ${period}`;
  const count = (counter: Counter) => {
    const counted = (counts.get(keyOf(counter)) ?? 0) + 1;
    counts.set(keyOf(counter), counted);
    return counted;
  };
  return {
    recall: async (name) => kept.get(name) ?? null,
    async keep(name, value) {
      if (value === null) kept.delete(name);
      else kept.set(name, value);
    },
    async replace(name, before, value) {
      if ((kept.get(name) ?? null) !== before) return false;
      kept.set(name, value);
      return true;
    },
    count: async (counter) => count(counter),
    counted: async (counter) => counts.get(keyOf(counter)) ?? 0,
    async reserve(counter, may) {
      const used = counts.get(keyOf(counter)) ?? 0;
      const counted = may(used);
      if (counted) count(counter);
      return { used, counted };
    },
    alone: (_name, work) => work(),
    async note() {},
  };
}
