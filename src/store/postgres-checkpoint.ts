// The checkpoint file of the audit chain (checkpoint.ts) beside a store that several processes write to: each machine
// keeps a file of its own, begun at its first start, for none can tell what another one's file says. Those that share a
// file take turns by a lock of the database.
import { sql } from 'kysely';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { GENESIS } from './audit-chain.js';
import { type CheckpointFile, checkpointState, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { Db } from './database.js';
import { LOCKS } from './postgres-writer.js';
import { unavailable } from './unavailable.js';

export interface SharedCheckpoint {
  /** Throws when the file cannot be made. */
  begin(): Promise<void>;
  /** Writes in the background when the last time is a second ago or more. */
  afterCommit(): void;
  /** Writes whatever is not yet written. Never throws. */
  finish(): Promise<void>;
}

export interface SharedCheckpointDeps {
  readonly path: string;
  /** Runs in a transaction of its own. */
  readonly alone: <T>(run: (db: Db) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly log?: Log;
}

const EVERY_MS = 1000;
const NOTHING_KNOWN = { row: 0, hash: GENESIS, at: 0 };

/** A machine without a file knows nothing of the chain's length, and claims nothing. */
export function readSharedCheckpoint(path: string): CheckpointFile {
  const known = readCheckpoint(path);
  return known === 'missing' ? NOTHING_KNOWN : known;
}

export function createSharedCheckpoint({ path, alone, clock, log }: SharedCheckpointDeps): SharedCheckpoint {
  let writing: Promise<void> | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  let isTold = false;

  function tell(state: string): void {
    if (isTold) return;
    isTold = true;
    log?.warn('the audit checkpoint file does not fit the chain', { state });
  }

  async function write(): Promise<void> {
    lastAt = clock.now();
    await alone(async (db) => {
      await sql`select pg_advisory_xact_lock(${LOCKS.product}, ${LOCKS.checkpoint})`.execute(db);
      const known = readSharedCheckpoint(path);
      const of = await hashOf(db, typeof known === 'string' ? 0 : known.row);
      const state = checkpointState(known, of);
      if (state !== 'well' || typeof known === 'string') return tell(state);
      const head = await headOf(db);
      if (head.row !== known.row || known === NOTHING_KNOWN)
        writeCheckpoint(path, { ...head, at: clock.now() });
    });
  }

  const failed = (error: unknown) =>
    log?.warn('the audit checkpoint could not be written', { error: unavailable(error).message });

  return {
    begin: write,
    afterCommit() {
      const now = clock.now();
      if (writing || (now >= lastAt && now - lastAt < EVERY_MS)) return;
      writing = write()
        .catch(failed)
        .finally(() => {
          writing = null;
        });
    },
    async finish() {
      await writing;
      await write().catch(failed);
    },
  };
}

async function headOf(db: Db): Promise<{ row: number; hash: string }> {
  const head = await db
    .selectFrom('audit')
    .select(['row', 'hash'])
    .orderBy('row', 'desc')
    .limit(1)
    .executeTakeFirst();
  return head ?? { row: 0, hash: GENESIS };
}

async function hashOf(db: Db, row: number): Promise<string | undefined> {
  return (await db.selectFrom('audit').select('hash').where('row', '=', row).executeTakeFirst())?.hash;
}
