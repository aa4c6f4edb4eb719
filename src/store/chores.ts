// What follows a commit on the store's writing connection: the end of the audit chain is noted in its checkpoint file,
// and what was purged leaves the write-ahead log. Neither can fail a commit that is already on disk.
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { GENESIS } from './audit-chain.js';
import { type ChainAccess, createCheckpointKeeper } from './checkpoint.js';
import { emptyLog, type SqliteFile } from './sqlite-file.js';
import { unavailable } from './unavailable.js';

export interface ChoreOptions {
  readonly clock: Clock;
  readonly checkpointPath: string;
  readonly log?: Log;
}

export interface Chores {
  /** Once the store is unlocked. Throws when the checkpoint file cannot be made. */
  start(): void;
  readonly afterCommit: () => void;
  /** The log is emptied after the commit or, while others read it, after a later one. */
  readonly scrub: () => void;
  finish(): void;
}

const RETRY_SCRUB_MS = 1000;

export function createChores(file: SqliteFile, { clock, checkpointPath, log }: ChoreOptions): Chores {
  const failed = (what: string) => (error: unknown) =>
    log?.warn(`${what} could not be written`, { error: unavailable(error).message });
  const keeper = createCheckpointKeeper(checkpointPath, chainAccess(file), {
    onFailure: failed('the audit checkpoint'),
    onMisfit: (state) => log?.warn('the audit checkpoint file does not fit the chain', { state }),
  });
  let started = false;
  // A process that was killed after a purge may have left the purged bytes in the log.
  let dirty = true;
  let scrubAt = 0;

  function scrub(): void {
    const now = clock.now();
    if (!dirty || now < scrubAt) return;
    scrubAt = now + RETRY_SCRUB_MS;
    try {
      dirty = !emptyLog(file);
    } catch (error) {
      failed('the emptied log')(error);
    }
  }

  return {
    start() {
      try {
        keeper.begin(clock.now());
      } catch (error) {
        throw unavailable(error);
      }
      started = true;
      scrub();
    },
    afterCommit() {
      if (!started) return;
      keeper.afterCommit(clock.now());
      scrub();
    },
    scrub() {
      dirty = true;
      scrubAt = 0;
    },
    finish() {
      keeper.finish(clock.now());
      scrubAt = 0;
      scrub();
    },
  };
}

function chainAccess(file: SqliteFile): ChainAccess {
  return {
    locked(run) {
      file.exec('BEGIN IMMEDIATE');
      try {
        return run();
      } finally {
        file.exec('ROLLBACK');
      }
    },
    head() {
      const head = file.prepare('SELECT row, hash FROM audit ORDER BY row DESC LIMIT 1').get();
      return (head as { row: number; hash: string } | undefined) ?? { row: 0, hash: GENESIS };
    },
    hashOf(row) {
      return (file.prepare('SELECT hash FROM audit WHERE row = ?').get(row) as { hash: string } | undefined)
        ?.hash;
    },
  };
}
