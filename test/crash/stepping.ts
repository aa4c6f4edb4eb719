// More steps than the product itself has: around every file operation that leaves a trace, around every commit of the
// store's driver and where the audit checkpoint and the key come into place. Nothing of the product
// is changed for it: it stands between the product and the machine.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import Database from 'better-sqlite3';
import type { Files } from '../../src/files.js';

export const OUTER_STEPS = [
  'message: before it is written',
  'message: half written',
  'message: written',
  'marker: before it is written',
  'marker: written',
  'message: before it is renamed',
  'message: renamed',
  'note: half written',
  'note: written',
  'original: before it is moved',
  'original: moved',
  'store: before a commit',
  'store: committed, before anybody hears of it',
  'checkpoint: before it is renamed',
  'checkpoint: renamed',
  'key: written, not yet in place',
] as const;

export type OuterStep = (typeof OUTER_STEPS)[number];
export type Reach = (step: OuterStep) => void;

/** What is being written, by its name. */
function kindOf(path: string): 'message' | 'marker' | 'note' {
  if (path.endsWith('.part')) return 'message';
  return path.endsWith('.error.txt') ? 'note' : 'marker';
}

/** `halves`: write the first half by itself first, so that a kill can fall there. */
export function steppingFiles(inner: Files, reach: Reach, halves: boolean): Files {
  return {
    ...inner,
    async write(path, content) {
      const kind = kindOf(path);
      if (kind !== 'note') reach(`${kind}: before it is written`);
      if (kind !== 'marker' && halves) {
        await inner.write(path, content.slice(0, Math.floor(content.length / 2)));
        reach(`${kind}: half written`);
      }
      await inner.write(path, content);
      reach(`${kind}: written`);
    },
    async rename(from, to) {
      reach('message: before it is renamed');
      await inner.rename(from, to);
      reach('message: renamed');
    },
    async move(from, to, at) {
      reach('original: before it is moved');
      await inner.move(from, to, at);
      reach('original: moved');
    },
  };
}

/** Every commit of this process, whoever asks for it. */
export function stepAtCommits(reach: Reach): void {
  const exec = Database.prototype.exec;
  Database.prototype.exec = function (this: Database.Database, sql: string) {
    if (sql !== 'COMMIT') return exec.call(this, sql);
    reach('store: before a commit');
    const result = exec.call(this, sql);
    reach('store: committed, before anybody hears of it');
    return result;
  };
}

/** How the checkpoint and the key come into place: by the store and the first start themselves, not through `Files`. */
export function stepAtPlacing(reach: Reach): void {
  const rename = fs.renameSync;
  fs.renameSync = (from, to) => {
    const isCheckpoint = String(to).endsWith('.audit-checkpoint');
    if (isCheckpoint) reach('checkpoint: before it is renamed');
    rename(from, to);
    if (isCheckpoint) reach('checkpoint: renamed');
  };
  const link = fs.linkSync;
  fs.linkSync = (from, to) => {
    reach('key: written, not yet in place');
    link(from, to);
  };
  syncBuiltinESMExports();
}
