// The end of the audit chain while a group of units runs: its rows are chained in memory and written together, before the
// commit or before anybody reads. Over a network each row would cost two round trips otherwise. Only for a store whose
// writers take turns by group: nobody else may add a row meanwhile.
import type { Insertable } from 'kysely';
import { chained, headOf, insertRows } from './audit-rows.js';
import type { AuditTable, Db } from './database.js';
import type { AuditEntry } from './types.js';

export interface AuditTail {
  append(entry: AuditEntry): Promise<void>;
  /** Writes what is chained so far. */
  flush(): Promise<void>;
  /** Where a unit begins, and where to it is undone. */
  mark(): void;
  undo(): void;
  /** Nothing of what was chained is known any more: a new group begins. */
  reset(): void;
}

interface Tail {
  readonly head: { readonly row: number; readonly hash: string } | null;
  readonly unwritten: readonly Insertable<AuditTable>[];
}

const EMPTY: Tail = { head: null, unwritten: [] };

export function createAuditTail(db: Db): AuditTail {
  let tail = EMPTY;
  let marked = EMPTY;
  return {
    async append(entry) {
      const before = tail.head ?? (await headOf(db));
      const row = chained(entry, before);
      tail = { head: { row: before.row + 1, hash: row.hash }, unwritten: [...tail.unwritten, row] };
    },
    async flush() {
      const rows = tail.unwritten;
      tail = { ...tail, unwritten: [] };
      await insertRows(db, rows);
    },
    mark() {
      marked = tail;
    },
    // What the unit wrote of earlier rows is undone with it, and is unwritten again.
    undo() {
      tail = marked;
    },
    reset() {
      tail = EMPTY;
      marked = EMPTY;
    },
  };
}
