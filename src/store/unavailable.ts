// Turns an error of the database itself (disk full, locked, not readable) into a coded one. SQLite's own code goes
// into the text; its message does not, since it may quote what was written.
import { CodedError } from '../errors.js';
import { postgresWords } from './postgres-words.js';

const OF_THE_DISK = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY|CORRUPT|NOTADB|PROTOCOL)/;

/** The code of a system's or database's error: `ENOENT`, `SQLITE_BUSY`. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}

/** The store as a whole has a problem; any other error of the database is a mistake in the statement. */
export function isOfTheDisk(error: unknown): boolean {
  return OF_THE_DISK.test(codeOf(error));
}

export function unavailable(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const code = codeOf(error);
  return new CodedError('STORE_UNAVAILABLE', [], {
    detail: `Database code: ${code}. ${postgresWords(code, error)}`.trim(),
    cause: error,
  });
}
