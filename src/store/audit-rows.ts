// How rows are added to the audit table: each chained to the one before it, in the caller's unit.
import type { Insertable } from 'kysely';
import { asStored, canonicalDetails, GENESIS, hashRow } from './audit-chain.js';
import type { AuditTable, Db } from './database.js';
import type { AuditEntry } from './types.js';

/** Rows in one statement. */
const BATCH = 1000;

interface Head {
  readonly row: number;
  readonly hash: string;
}

export async function headOf(db: Db): Promise<Head> {
  const last = await db
    .selectFrom('audit')
    .select(['row', 'hash'])
    .orderBy('row', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last ?? { row: 0, hash: GENESIS };
}

/** The row of an entry that follows `before`. */
export function chained(given: AuditEntry, before: Head): Insertable<AuditTable> {
  const entry = asStored(given);
  const row = before.row + 1;
  return {
    row,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    route: entry.route ?? null,
    connection: entry.connection ?? null,
    delivery_id: entry.deliveryId ?? null,
    case_key: entry.caseKey ?? null,
    subject: entry.subject ?? null,
    code: entry.code ?? null,
    details: entry.details ? canonicalDetails(entry.details) : null,
    hash: hashRow(before.hash, { ...entry, row }),
  };
}

export async function insertRows(db: Db, rows: readonly Insertable<AuditTable>[]): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) {
    await db
      .insertInto('audit')
      .values(rows.slice(from, from + BATCH))
      .execute();
  }
}
