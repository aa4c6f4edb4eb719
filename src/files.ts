// The file system as connectors see it: handed to them, so that tests can stand in front of it and no connector
// reaches for the disk by itself.
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileInfo {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface Files {
  /** Plain files of a folder, in no order; throws ENOENT when the folder is missing. */
  list(folder: string): Promise<FileInfo[]>;
  read(path: string): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Writes and forces to disk; mode 0600. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Renames over whatever is there and forces both folders to disk. */
  rename(from: string, to: string): Promise<void>;
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
  read: (path) => readFile(path),
  async exists(path) {
    return stat(path).then(
      () => true,
      () => false,
    );
  },
  async write(path, content) {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async rename(from, to) {
    await rename(from, to);
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  },
  remove: (path) => rm(path, { force: true }),
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  async checkFolder(path) {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  },
};
