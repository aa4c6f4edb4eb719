// Messages as files of a folder: written under another name and renamed when whole. Named by the delivery, so that sending
// one again writes the same file again; and one that was fetched meanwhile is the same entry of a calendar once more.
import {
  CodedError,
  type ConnectorDeps,
  type DeliverOptions,
  RetryableError,
  RouteError,
  UnknownOutcomeError,
} from '../../src/connector.js';
import type { Message } from './message.js';
import type { Settings } from './settings.js';

export interface Outbox {
  readonly folder: string;
  readonly mode: number;
}

export function outboxOf({ folder, fileMode }: Settings, resolve: (path: string) => string): Outbox | null {
  return folder === undefined ? null : { folder: resolve(folder), mode: Number.parseInt(fileMode, 8) };
}

export async function writeMessage(
  { entry, subject, text }: Message,
  { order, idempotencyKey, inTime }: Pick<DeliverOptions, 'order' | 'idempotencyKey' | 'inTime'>,
  { outbox, deps }: { outbox: Outbox; deps: Pick<ConnectorDeps, 'files'> },
): Promise<void> {
  const { files } = deps;
  const { folder, mode } = outbox;
  const path = `${folder}/${encodeURIComponent(order)}-${encodeURIComponent(idempotencyKey)}`;
  const part = `${path}.part`;
  try {
    await files.checkFolder(`${folder}/`);
    inTime?.();
    await files.write(part, entry?.content ?? `${subject}\r\n\r\n${text}`, mode);
  } catch (error) {
    throw folderError(error);
  }
  try {
    await files.rename(part, `${path}.${entry ? 'ics' : 'txt'}`);
  } catch (error) {
    const left = await files.exists(part).catch(() => false);
    throw left ? folderError(error) : new UnknownOutcomeError('folder: while renaming.', error);
  }
}

/** The folder itself is missing, closed to us or read-only: every further file would meet the same. */
const UNUSABLE = ['EACCES', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS'];

/** By the system's code; names the option, no file. What is not the system's is a bug, and stays as it is. */
export function folderError(error: unknown): unknown {
  if (error instanceof CodedError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (!/^E[A-Z0-9]+$/.test(code)) return error;
  const detail = `folder: it cannot be written to (${code}).`;
  return UNUSABLE.includes(code)
    ? new RouteError(detail, error)
    : new RetryableError(detail, { cause: error });
}
