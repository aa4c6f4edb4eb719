// A small file beside the store that says how long the audit chain was and how it ended: without it a chain that was
// cut off at the end would look whole. It is never ahead of what is committed and never goes back: it is written while
// the store's write lock is held, so that several processes take turns, and only when the chain still holds what the
// file says. A file that no longer fits is left alone: it is the evidence.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { CheckpointState } from './types.js';
import { codeOf } from './unavailable.js';

export interface Checkpoint {
  readonly row: number;
  readonly hash: string;
  /** When it was written, ms UTC. */
  readonly at: number;
}

/** `missing` or `unreadable`, or what the file says. */
export type CheckpointFile = Checkpoint | 'missing' | 'unreadable';

export function readCheckpoint(path: string): CheckpointFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
  try {
    const { row, hash, at } = JSON.parse(text);
    const right = Number.isSafeInteger(row) && /^[0-9a-f]{64}$/.test(hash) && Number.isSafeInteger(at);
    return right ? { row, hash, at } : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** `hash` is the chain's of the row that the file names. */
export function checkpointState(known: CheckpointFile, hash: string | undefined): CheckpointState {
  if (typeof known === 'string') return known;
  return known.row === 0 || hash === known.hash ? 'well' : 'behind';
}

/** All or nothing: written beside and renamed. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify(checkpoint)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** What the keeper needs of the database; all calls run to their end before they return. */
export interface ChainAccess {
  /** Runs while no process can write. */
  locked<T>(run: () => T): T;
  /** The last row, or row 0 with the genesis hash. */
  head(): { row: number; hash: string };
  hashOf(row: number): string | undefined;
}

export interface CheckpointKeeper {
  /**
   * For a chain without rows: makes the file, so that a missing one means that somebody removed it. For any other: a
   * first look whether the file fits. Throws.
   */
  begin(now: number): void;
  /** Writes when the last time is a second ago or more. Never throws: the next time makes up for it. */
  afterCommit(now: number): void;
  /** Writes whatever is not yet written. Never throws. */
  finish(now: number): void;
}

export interface CheckpointTold {
  readonly onFailure: (error: unknown) => void;
  /** Once per opening: the file does not fit the chain, and is left as it is. */
  readonly onMisfit: (state: CheckpointState) => void;
}

const EVERY_MS = 1000;

export function createCheckpointKeeper(
  path: string,
  chain: ChainAccess,
  { onFailure, onMisfit }: CheckpointTold,
): CheckpointKeeper {
  let lastWriteAt = Number.NEGATIVE_INFINITY;
  let isTold = false;

  function fits(known: CheckpointFile): known is Checkpoint {
    const state = checkpointState(known, typeof known === 'string' ? undefined : chain.hashOf(known.row));
    if (state !== 'well' && !isTold) {
      isTold = true;
      onMisfit(state);
    }
    return state === 'well';
  }

  function write(now: number): void {
    lastWriteAt = now;
    try {
      chain.locked(() => {
        const known = readCheckpoint(path);
        const head = chain.head();
        if (fits(known) && known.row !== head.row) writeCheckpoint(path, { ...head, at: now });
      });
    } catch (error) {
      onFailure(error);
    }
  }

  return {
    begin(now) {
      chain.locked(() => {
        const head = chain.head();
        const known = readCheckpoint(path);
        if (head.row === 0 && known === 'missing') writeCheckpoint(path, { ...head, at: now });
        else fits(known);
      });
    },
    afterCommit(now) {
      // A clock that was set back must not stop the file from being written.
      if (now < lastWriteAt || now - lastWriteAt >= EVERY_MS) write(now);
    },
    finish: write,
  };
}
