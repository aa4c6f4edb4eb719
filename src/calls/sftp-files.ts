// The calls of a disk as requests of SFTP (version 3, with OpenSSH's extensions where the server has them). Nothing is
// taken for done that the server did not confirm.
import { posix } from 'node:path';
import type { FileEntryWithStats, Stats } from 'ssh2';
import type { FileInfo, Files } from '../files.js';
import { StatusError } from './sftp-failure.js';
import type { Request } from './sftp-session.js';

export type Ask = <T>(request: Request<T>) => Promise<T>;
/** Runs one call on a connection. */
export type Use = <T>(work: (ask: Ask) => Promise<T>) => Promise<T>;

const CHUNK = 256 * 1024;
/** Folders that are made are ours: originals and markers, for nobody else. */
const FOLDER_MODE = 0o700;

export function remoteFiles(use: Use): Files {
  return {
    list: (folder) => use((ask) => list(folder, ask)),
    info: (path) => use((ask) => infoOf(path, ask)),
    read: (path) => use((ask) => read(path, ask)),
    exists: (path) => use(async (ask) => (await infoOf(path, ask)) !== null),
    write: (path, content, mode) => use((ask) => write(path, { content, mode }, ask)),
    rename: (from, to) => use((ask) => rename(from, to, ask)),
    move: (from, to, at) => use((ask) => (at === null ? rename(from, to, ask) : move({ from, to, at }, ask))),
    moveToFree: (from, to) => use((ask) => moveToFree(from, to, ask)),
    remove: (path) =>
      use(async (ask) => {
        await ask<void>((sftp, done) => sftp.unlink(path, done)).catch(unless('ENOENT'));
      }),
    makeFolder: (path) => use((ask) => makeFolder(path, ask)),
    checkFolder: (path) => use((ask) => checkFolder(path, ask)),
  };
}

/** For `catch`: this refusal is none; null stands in its place. */
const unless = (code: string) => (error: unknown) => {
  if (error instanceof StatusError && error.code === code) return null;
  throw error;
};

/** The protocol refuses to rename over a file, and not every server does as it says. */
async function moveToFree(from: string, to: string, ask: Ask): Promise<void> {
  if ((await infoOf(to, ask)) !== null)
    throw Object.assign(new Error('the name is taken'), { code: 'EEXIST' });
  await ask<void>((sftp, done) => sftp.rename(from, to, done));
}

async function list(folder: string, ask: Ask): Promise<FileInfo[]> {
  const opened = await ask<Buffer>((sftp, done) => sftp.opendir(folder, done));
  return within(opened, ask, async (handle) => {
    const found: FileInfo[] = [];
    for (;;) {
      const part = await ask<FileEntryWithStats[]>((sftp, done) => sftp.readdir(handle, done)).catch(
        unless('EOF'),
      );
      if (part === null) return found;
      for (const { filename, attrs } of part) if (attrs.isFile()) found.push(shown(filename, attrs));
    }
  });
}

/** Closes what was opened, whatever becomes of the work: a server lets nobody have many open. */
async function within<T>(handle: Buffer, ask: Ask, work: (handle: Buffer) => Promise<T>): Promise<T> {
  const close = () => ask<void>((sftp, done) => sftp.close(handle, done));
  const result = await work(handle).catch(async (error) => {
    await close().catch(() => {});
    throw error;
  });
  await close();
  return result;
}

const shown = (name: string, { size, mtime }: Stats): FileInfo => ({ name, size, modifiedAt: mtime * 1000 });

async function infoOf(path: string, ask: Ask): Promise<FileInfo | null> {
  const stats = await ask<Stats>((sftp, done) => sftp.stat(path, done)).catch(unless('ENOENT'));
  return stats && shown(posix.basename(path), stats);
}

async function read(path: string, ask: Ask): Promise<Uint8Array> {
  const opened = await ask<Buffer>((sftp, done) => sftp.open(path, 'r', done));
  return within(opened, ask, async (handle) => {
    const { size } = await ask<Stats>((sftp, done) => sftp.fstat(handle, done));
    const bytes = Buffer.alloc(size);
    let at = 0;
    while (at < size) {
      const [from, length] = [at, Math.min(CHUNK, size - at)];
      const count = await ask<number>((sftp, done) => sftp.read(handle, bytes, from, length, from, done));
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  });
}

interface Content {
  readonly content: string | Uint8Array;
  /** The server decides when absent. */
  readonly mode: number | undefined;
}

/** Whole there when it resolves: the server counted the bytes, and forced them to its disk where it can. */
async function write(path: string, { content, mode }: Content, ask: Ask): Promise<void> {
  const bytes = Buffer.from(content);
  const attributes = mode === undefined ? {} : { mode };
  const opened = await ask<Buffer>((sftp, done) => sftp.open(path, 'w', attributes, done));
  const size = await within(opened, ask, async (handle) => {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const length = Math.min(CHUNK, bytes.length - at);
      await ask<void>((sftp, done) => sftp.write(handle, bytes, at, length, at, done));
    }
    // Whatever rights an older file by that name had.
    if (mode !== undefined) await ask<void>((sftp, done) => sftp.fchmod(handle, mode, done));
    await ask<void>((sftp, done) => sftp.ext_openssh_fsync(handle, done)).catch(unless('EOPNOTSUPP'));
    return (await ask<Stats>((sftp, done) => sftp.fstat(handle, done))).size;
  });
  if (size !== bytes.length) throw new StatusError('EFAILURE');
}

/** Over whatever is there where the server can; else only to a name that is free. */
async function rename(from: string, to: string, ask: Ask): Promise<void> {
  const over = await ask<void>((sftp, done) => sftp.ext_openssh_rename(from, to, done)).catch(
    unless('EOPNOTSUPP'),
  );
  if (over === null) await ask<void>((sftp, done) => sftp.rename(from, to, done));
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** Never over what is there. The time is left as it was where the server lets only the owner set it. */
async function move({ from, to, at }: Move, ask: Ask): Promise<void> {
  await ask<void>((sftp, done) => sftp.utimes(from, at / 1000, at / 1000, done)).catch((error) => {
    if (!(error instanceof StatusError)) throw error;
  });
  await ask<void>((sftp, done) => sftp.rename(from, to, done));
}

async function makeFolder(path: string, ask: Ask): Promise<void> {
  if ((await infoOf(path, ask)) !== null) return;
  const parent = posix.dirname(path);
  if (parent !== path && parent !== '.') await makeFolder(parent, ask);
  await ask<void>((sftp, done) => sftp.mkdir(path, { mode: FOLDER_MODE }, done)).catch(async (error) => {
    // Made by somebody else meanwhile.
    if ((await infoOf(path, ask)) === null) throw error;
  });
}

async function checkFolder(path: string, ask: Ask): Promise<void> {
  const stats = await ask<Stats>((sftp, done) => sftp.stat(path, done));
  if (!stats.isDirectory()) throw new StatusError('ENOTDIR');
}
