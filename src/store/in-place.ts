// Whether the database is still the file at its path. Under a running process the file can be moved, removed or put back
// from a copy; SQLite goes on writing where nobody will ever look again, and the source would be told that all is safe.
import { statSync } from 'node:fs';
import { CodedError } from '../errors.js';
import type { Transactor } from './commit-queue.js';
import type { SqliteFile } from './sqlite-file.js';

/** The connection as the commit queue uses it: a commit to a file that is not in its place is refused. */
export function commitInPlace(file: SqliteFile, path: string): Transactor {
  const opened = identityOf(path);
  return {
    get inTransaction() {
      return file.inTransaction;
    },
    exec(sql) {
      if (sql === 'COMMIT' && identityOf(path) !== opened) {
        const detail = `Another file, or none, is at ${path} now. Restart once the right one is there.`;
        throw new CodedError('STORE_UNAVAILABLE', [], { detail });
      }
      return file.exec(sql);
    },
  };
}

function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.dev} ${found.ino}` : null;
}
