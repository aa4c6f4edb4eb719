// The key file of a new installation: made whole or not at all, and never written over another one.
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { newKeyringText } from './keyring.js';

/** Makes the file, mode 0600, unless there is one; where two first starts meet, both use the key of the quicker one. */
export function makeKeyFile(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A crash leaves a whole key or none: an empty file would stand in the way of every further start. A link, because a
  // rename would write over the key of another first start.
  const own = mkdtempSync(`${file}.`);
  const unfinished = join(own, 'new');
  try {
    writeFileSync(unfinished, newKeyringText(), { mode: 0o600, flush: true });
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  syncFolder(dirname(file));
}

/** Without the key on disk, what is sealed under it would not survive a power cut. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
