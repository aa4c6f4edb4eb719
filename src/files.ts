// The file system as connectors see it: handed to them, so that tests can stand in front of it and no connector
// reaches for the disk by itself.
import { constants } from 'node:fs';
import {
  access,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { basename, dirname } from 'node:path';

export interface FileInfo {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface Files {
  /** Plain files of a folder, in no order; throws ENOENT when the folder is missing. */
  list(folder: string): Promise<FileInfo[]>;
  /** A file as it is now, or null when there is none by that path. */
  info(path: string): Promise<FileInfo | null>;
  read(path: string): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Writes over whatever is there and forces file and folder to disk; mode 0600 unless told. */
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Renames over whatever is there and forces both folders to disk. */
  rename(from: string, to: string): Promise<void>;
  /**
   * Moves a file, also to another disk; afterwards its time is `at` (ms UTC): when it was moved. A crash may leave the
   * file in both places and a power cut may undo the move, but it is never in none. With null its time stays, and within
   * a folder it is one step: whatever had the name until then is what was moved.
   */
  move(from: string, to: string, at: number | null): Promise<void>;
  /**
   * Renames within a folder, never over another file: refused when one has the name. A crash may leave both names; then the
   * same call gives up the first.
   */
  moveToFree(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Throws unless the folder exists and can be read and written. */
  checkFolder(path: string): Promise<void>;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
}

/** The slow way to move: works between disks, and for a file of another user in a folder of ours. */
export async function copyThenRemove(from: string, to: string, at: number): Promise<void> {
  const part = `${to}.part`;
  try {
    await copyFile(from, part);
    await utimes(part, at / 1000, at / 1000);
    const copy = await open(part, 'r');
    await copy.sync().finally(() => copy.close());
    await renameDurably(part, to);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  try {
    await rm(from);
  } catch (error) {
    // The original stays, so the copy goes: else every further try would leave one more.
    await rm(to, { force: true });
    throw error;
  }
  await syncFolder(dirname(from));
}

/** Two names of the same file, as a crash within `moveToFree` leaves them. */
async function isOneFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(one), stat(other)]);
  return first.ino === second.ino && first.dev === second.dev;
}

/** Where a disk knows no second names, or not for a file of another user. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

export const localFiles: Files = {
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    const found: FileInfo[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      // A file may be gone between the listing and the look at it: another program took it.
      const info = await stat(`${folder}/${entry.name}`).catch(() => undefined);
      if (info) found.push({ name: entry.name, size: info.size, modifiedAt: info.mtimeMs });
    }
    return found;
  },
  async info(path) {
    const info = await stat(path).catch((error) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    return info ? { name: basename(path), size: info.size, modifiedAt: info.mtimeMs } : null;
  },
  read: (path) => readFile(path),
  async exists(path) {
    return stat(path).then(
      () => true,
      () => false,
    );
  },
  async write(path, content, mode = 0o600) {
    const file = await open(path, 'w', 0o600);
    try {
      // Whatever the umask of the process is.
      if (mode !== 0o600) await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  },
  rename: renameDurably,
  async move(from, to, at) {
    try {
      // Before the rename, so that no crash leaves a file at its new place with an old time.
      if (at !== null) await utimes(from, at / 1000, at / 1000);
      await rename(from, to);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // EPERM: only the owner may set a file's time. EXDEV: the other folder is on another disk.
      if (at === null || (code !== 'EPERM' && code !== 'EXDEV')) throw error;
      await copyThenRemove(from, to, at);
    }
  },
  async moveToFree(from, to) {
    try {
      // A second name is never given over a first one; a rename would be.
      await link(from, to);
    } catch (error) {
      const code = String(Object(error).code);
      if (code !== 'EEXIST' && !NO_LINKS.has(code)) throw error;
      if (code !== 'EEXIST' && !(await localFiles.exists(to))) return rename(from, to);
      if (!(await isOneFile(from, to)))
        throw Object.assign(new Error('the name is taken'), { code: 'EEXIST' });
    }
    await rm(from, { force: true });
  },
  remove: (path) => rm(path, { force: true }),
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  async checkFolder(path) {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  },
};
