// Puts the SQLite store together: one connection that writes, through the commit queue; one that reads, and sees only
// what was committed. Commands in other processes open the same file beside a running daemon.
import {
  assemble,
  assembleReader,
  expectReadable,
  hashOf,
  prepareKeys,
  readTx,
  type StoreBasics,
  writeTx,
} from './assemble.js';
import { linkAll, selectUnlinked } from './case-links.js';
import { readCheckpoint } from './checkpoint.js';
import { type Chores, createChores } from './chores.js';
import { createCommitQueue } from './commit-queue.js';
import { alone } from './engine.js';
import { commitInPlace } from './in-place.js';
import { expectNotMoved } from './moved.js';
import { MIGRATIONS, migrate, storeVersion } from './schema.js';
import { createSeal } from './seal.js';
import { kyselyOn } from './sqlite-dialect.js';
import { openForReading, openForWriting, type SqliteFile } from './sqlite-file.js';
import type { Store } from './types.js';
import { unlock } from './unlock.js';

export interface StoreOptions extends StoreBasics {
  /** The database file; its folder is made when missing. */
  readonly path: string;
  /** This process delivers: refused for a file whose store was copied elsewhere. */
  readonly delivers?: boolean;
}

/** Throws STORE_KEY, STORE_VERSION, STORE_MOVED, STORE_UNAVAILABLE, and NOT_FOUND when `readOnly`. */
export async function openSqliteStore(options: StoreOptions): Promise<Store> {
  return options.readOnly ? openReader(options) : openWriter(options);
}

function around(options: StoreOptions) {
  return {
    seal: createSeal(options.keyring),
    engine: alone(() => options.clock.now()),
    checkpoint: () => readCheckpoint(options.checkpointPath),
  };
}

async function openReader(options: StoreOptions): Promise<Store> {
  const file = openForReading(options.path);
  try {
    expectReadable(storeVersion(file), MIGRATIONS.length);
    const parts = { ...around(options), db: kyselyOn(file, { guarded: false }) };
    const hashKey = await unlock(parts.db, parts.seal, options.keyring);
    return assembleReader({
      read: readTx({ ...parts, hash: hashOf(hashKey) }),
      hashKey,
      close: () => void file.close(),
    });
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openWriter(options: StoreOptions): Promise<Store> {
  const { keyring, clock, log, path } = options;
  const writer = openForWriting(path);
  const files: SqliteFile[] = [writer];
  try {
    const shared = around(options);
    const db = kyselyOn(writer, { guarded: true });
    const chores = createChores(writer, options);
    const { afterCommit } = chores;
    const queue = createCommitQueue(commitInPlace(writer, path), { afterCommit, ...(log && { log }) });
    // In one transaction: a store is made whole or not at all.
    const hashKey = await queue.run(async () => {
      const isNew = migrate(writer);
      if (options.delivers) await expectNotMoved(db);
      return prepareKeys(db, { keyring, clock, isNew });
    });
    chores.start();
    const hash = hashOf(hashKey);
    // A unit for nothing would count as a commit, and put off the next note of how the chain ended.
    if (await selectUnlinked(kyselyOn(writer, { guarded: false })).executeTakeFirst())
      await linkAll(queue, { ...shared, hash, db });
    const reader = openForReading(path);
    files.push(reader);
    return assemble({
      queue,
      hashKey,
      read: readTx({ ...shared, hash, db: kyselyOn(reader, { guarded: false }) }),
      write: writeTx({ ...shared, hash, db }, chores.scrub),
      leasing: { db, engine: shared.engine },
      close: () => closeAll(files, chores),
    });
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

function closeAll(files: readonly SqliteFile[], chores: Chores): void {
  try {
    chores.finish();
  } finally {
    for (const file of files) file.close();
  }
}
