// What an error of the file system means for the connection: try again, or pause until somebody mends the folder.
// Decided by the error's code, never by its text. Messages name the option and the system's code, no file.
import { CodedError, RetryableError, RouteError } from '../../src/connector.js';

/** The folder itself is missing, closed to us or read-only: every further file would meet the same. */
const FOLDER_UNUSABLE = new Set([
  'EACCES',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EOPNOTSUPP',
  'EPERM',
  'EROFS',
]);

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'the folder may not be read or written',
  EBUSY: 'the folder is busy',
  EFAILURE: 'the server refuses it and says no more; a full disk is one reason',
  EIO: 'the disk does not answer',
  EMFILE: 'too many files are open',
  ENOENT: 'the folder does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'something on the path is no folder',
  EOPNOTSUPP: 'the server knows no such request',
  EPERM: 'the folder may not be read or written',
  EROFS: 'the disk is read-only',
};

/** The system's code of an error, such as `ENOENT`; null for an error that is not the system's. */
export function errnoOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
}

/**
 * The coded error for an error of the file system: RouteError when the folder is unusable, else RetryableError (disk
 * full, busy, too many open files, a share that is away). Anything else is given back as it is: a bug.
 */
export function fileError(error: unknown, option: string): unknown {
  if (error instanceof CodedError) return error;
  const code = errnoOf(error);
  if (code === null) return error;
  const words = WORDS[code];
  const detail = words ? `${option}: ${words} (${code}).` : `${option}: ${code}.`;
  return FOLDER_UNUSABLE.has(code)
    ? new RouteError(detail, error)
    : new RetryableError(detail, { cause: error });
}
