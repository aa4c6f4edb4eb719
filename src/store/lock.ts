// One running process per store. The lock is held by the operating system on a small file beside the store, so it is
// gone by itself when the process is, however it ended. Commands that work beside the daemon do not take it.
import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { CodedError } from '../errors.js';
import { codeOf, unavailable } from './unavailable.js';

export interface StoreLock {
  release(): void;
}

/** Throws STORE_IN_USE when another process (or another lock of this one) has the store. */
export function lockStore(path: string): StoreLock {
  const lockPath = `${path}-lock`;
  const file = openLockFile(lockPath);
  try {
    chmodSync(lockPath, 0o600);
    // Nothing is ever written to it, so it needs no journal beside it.
    file.pragma('journal_mode = OFF');
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    throw codeOf(error) === 'SQLITE_BUSY' ? new CodedError('STORE_IN_USE') : unavailable(error);
  }
  return { release: () => void file.close() };
}

function openLockFile(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw unavailable(error);
  }
}
