// Moves a store: every row of a SQLite file into an empty PostgreSQL database, in one transaction there. What is sealed
// stays sealed as it is: the same master key opens both. The target is used only when it holds as many rows of each
// table as the file and its audit chain is whole and ends like the file's; else nothing of it remains.
import { type Insertable, sql } from 'kysely';
import type { Clock } from '../clock.js';
import { CodedError } from '../errors.js';
import { auditReader } from './audit.js';
import { readCheckpoint } from './checkpoint.js';
import type { Db, Tables } from './database.js';
import type { Keyring } from './keyring.js';
import { lockStore } from './lock.js';
import { forgetMark, markMoved } from './moved.js';
import type { PostgresServer } from './postgres-address.js';
import { withWriter } from './postgres-alone.js';
import { migratePostgres } from './postgres-schema.js';
import { MIGRATIONS, storeVersion } from './schema.js';
import { createSeal } from './seal.js';
import { kyselyOn } from './sqlite-dialect.js';
import { openForReading, openForWriting, rowsOf, type SqliteFile } from './sqlite-file.js';
import { unlock } from './unlock.js';

/** In an order that references allow. Leases are left: they belong to processes that do not run. */
export const COPIED_TABLES = [
  'delivery',
  'delivery_content',
  'route_count',
  'counter',
  'ledger',
  'audit',
  'source_cursor',
  'seen',
  'connection_state',
  'route_state',
  'secret',
  'seal_key',
  'connection_memory',
  'connection_counter',
  'connection_note',
  'first_load',
  'acknowledgement',
  'case_link',
  'return_state',
] as const satisfies readonly (keyof Tables)[];

export interface CopyOptions {
  readonly from: { readonly path: string; readonly checkpointPath: string };
  readonly to: PostgresServer;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Told after each table. */
  readonly onTable?: (table: string, rows: number) => void;
}

export interface Copied {
  readonly rows: Readonly<Record<string, number>>;
  readonly audit: { readonly rows: number; readonly head: string };
}

/**
 * The file is marked in the end, so that no daemon runs on it again (see moved.ts).
 * Throws STORE_IN_USE while a daemon runs on the file, STORE_VERSION when the file is not up to date, STORE_KEY,
 * AUDIT_CHAIN_BROKEN when the file's own chain is not whole, NOT_ALLOWED when the target is not empty.
 */
export async function copyStore(options: CopyOptions): Promise<Copied> {
  const { from, to, clock } = options;
  const lock = lockStore(from.path);
  try {
    const file = openForReading(from.path);
    try {
      // Before the transaction there: the server ends one that is left idle, and a long chain takes its time.
      const source = await wholeSource(file, options);
      const copied = await withWriter(to, clock, (queue, db) => queue.run(() => fill(db, source, options)));
      mark(options);
      return copied;
    } finally {
      file.close();
    }
  } finally {
    lock.release();
  }
}

interface Source {
  readonly file: SqliteFile;
  readonly db: Db;
  /** Of its audit chain. */
  readonly head: string;
}

async function wholeSource(file: SqliteFile, options: CopyOptions): Promise<Source> {
  if (storeVersion(file) !== MIGRATIONS.length) {
    const detail =
      'The file is of an older version: start the daemon on it once, which brings it up to date.';
    throw new CodedError('STORE_VERSION', [], { detail });
  }
  const db = kyselyOn(file, { guarded: false });
  await unlock(db, createSeal(options.keyring), options.keyring);
  return { file, db, head: (await wholeChain(db, options)).head };
}

async function fill(target: Db, { file, db: source, head }: Source, options: CopyOptions): Promise<Copied> {
  // No process but this one waits for the lock that it holds, however long a large table takes.
  await sql.raw('SET LOCAL idle_in_transaction_session_timeout = 0').execute(target);
  if (!(await migratePostgres(target))) {
    throw new CodedError('NOT_ALLOWED', [], {
      detail: 'There is a store in the target already: it has to be empty.',
    });
  }
  // The migration puts the first counter there; the file has its own.
  await target.deleteFrom('counter').execute();
  const rows: Record<string, number> = {};
  for (const table of COPIED_TABLES) {
    rows[table] = await copyTable(target, file, table);
    options.onTable?.(table, rows[table]);
  }
  await compareCounts(source, target);
  await forgetMark(target);
  await unlock(target, createSeal(options.keyring), options.keyring);
  const after = await wholeChain(target, options);
  if (after.head !== head) throw broken('The copy of the audit chain ends otherwise than the file.');
  return { rows, audit: after };
}

function mark({ from, clock }: CopyOptions): void {
  const file = openForWriting(from.path);
  try {
    markMoved(file, clock.now());
  } finally {
    file.close();
  }
}

async function wholeChain(db: Db, { from }: CopyOptions): Promise<{ rows: number; head: string }> {
  const audit = auditReader({ db, checkpoint: () => readCheckpoint(from.checkpointPath) });
  const verdict = await audit.verify();
  if (!verdict.whole) throw broken(`First bad row ${verdict.badRow}: ${verdict.reason}`);
  return { rows: verdict.rows, head: verdict.head };
}

async function copyTable(target: Db, file: SqliteFile, table: keyof Tables): Promise<number> {
  let copied = 0;
  for (const batch of rowsOf(file, table)) {
    await target
      .insertInto(table)
      .values(batch as unknown as Insertable<Tables[typeof table]>[])
      .execute();
    copied += batch.length;
  }
  return copied;
}

async function compareCounts(source: Db, target: Db): Promise<void> {
  for (const table of COPIED_TABLES) {
    const [there, here] = [await countOf(source, table), await countOf(target, table)];
    if (there === here) continue;
    const detail = `Of table ${table} ${here} of ${there} rows arrived.`;
    throw new CodedError('NOT_ALLOWED', [], { detail });
  }
}

async function countOf(db: Db, table: keyof Tables): Promise<number> {
  const query = db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('count'));
  return Number((await query.executeTakeFirstOrThrow()).count);
}

function broken(detail: string): CodedError {
  return new CodedError('AUDIT_CHAIN_BROKEN', [], { detail });
}
