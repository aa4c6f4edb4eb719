// Opens the database file. Durable and private: write-ahead log, every commit forced to disk, freed space overwritten
// with zeros, mode 0600. With lock.ts this is the only file that loads the driver.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { CodedError } from '../errors.js';
import { storeVersion } from './schema.js';
import { unavailable } from './unavailable.js';

export type SqliteFile = Database.Database;

const BUSY_MS = 5000;
/** A checkpoint must not hold up the process: it is tried again after a later commit. */
const SCRUB_BUSY_MS = 200;

function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function connect(path: string, set: (file: SqliteFile) => void): SqliteFile {
  let file: SqliteFile | undefined;
  try {
    file = new Database(path, { fileMustExist: true, timeout: BUSY_MS });
    set(file);
    return file;
  } catch (error) {
    file?.close();
    throw unavailable(error);
  }
}

/** The one connection that writes; makes the file when it is missing. */
export function openForWriting(path: string): SqliteFile {
  makePrivate(path);
  return connect(path, (file) => {
    // Before anything is changed: the file may be somebody else's.
    storeVersion(file);
    file.pragma('journal_mode = WAL');
    // Set after the journal mode: the driver is built to lower it to NORMAL for write-ahead logs.
    file.pragma('synchronous = FULL');
    file.pragma('foreign_keys = ON');
    file.pragma('secure_delete = ON');
  });
}

/**
 * A connection that only reads, and sees only what was committed. Throws NOT_FOUND when there is no file. It is not
 * opened in SQLite's read-only mode, which would leave `-wal` and `-shm` behind beside a store that is not running.
 */
export function openForReading(path: string): SqliteFile {
  if (!existsSync(path)) throw new CodedError('NOT_FOUND', [], { detail: 'There is no store yet.' });
  return connect(path, (file) => {
    file.pragma('query_only = ON');
  });
}

/** Empties the write-ahead log, so that what was deleted is in no file any more; false when others still read it. */
export function emptyLog(file: SqliteFile): boolean {
  file.pragma(`busy_timeout = ${SCRUB_BUSY_MS}`);
  try {
    const [result] = file.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return result?.busy === 0;
  } finally {
    file.pragma(`busy_timeout = ${BUSY_MS}`);
  }
}

const ROWS_AT_ONCE = 500;

/** All rows of a table, in batches, in the order in which the file keeps them. */
export function* rowsOf(file: SqliteFile, table: string): Generator<Record<string, unknown>[]> {
  let batch: Record<string, unknown>[] = [];
  for (const row of file.prepare(`SELECT * FROM "${table}"`).iterate()) {
    batch.push(row as Record<string, unknown>);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
