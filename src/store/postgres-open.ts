// Puts the PostgreSQL store together: one connection that writes, through the commit queue; a pool that reads; the sign
// of life of this process, if it delivers.
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
import { createAuditTail } from './audit-tail.js';
import { linkAll } from './case-links.js';
import { createCommitQueue } from './commit-queue.js';
import type { Db } from './database.js';
import { among, type Engine } from './engine.js';
import { signalLife } from './life.js';
import type { PostgresServer } from './postgres-address.js';
import { createSharedCheckpoint, readSharedCheckpoint } from './postgres-checkpoint.js';
import { kyselyAsking } from './postgres-dialect.js';
import { inTransaction, keepAlive, readingFrom, takeLeave } from './postgres-pool.js';
import { knownVersion, migratePostgres, POSTGRES_MIGRATIONS, postgresVersion } from './postgres-schema.js';
import { connect, createLifeline, createPool, type PostgresPool } from './postgres-server.js';
import { createPostgresWriter } from './postgres-writer.js';
import { createSeal } from './seal.js';
import type { Store } from './types.js';
import { unlock } from './unlock.js';

export interface PostgresOptions extends StoreBasics {
  readonly server: PostgresServer;
  /** This process delivers: what it claims is its own for as long as it shows that it lives. */
  readonly delivers?: boolean;
  /** How long it may be sending after a sign of life: longer than one delivery may take, by half. Default 120 s. */
  readonly aliveMs?: number;
  /** For tests: the clock of leases, in place of the database's. */
  readonly leaseClock?: () => number;
  /** For tests: other migrations than the product's. */
  readonly migrations?: typeof POSTGRES_MIGRATIONS;
}

/** Throws STORE_KEY, STORE_VERSION, STORE_UNAVAILABLE, and NOT_FOUND when `readOnly`. */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const pool = createPool(options.server, options.log);
  const lifeline = createLifeline(options.server);
  const endAll = async () => void (await Promise.all([pool.end(), lifeline.end()]));
  const engine = among({ aliveMs: options.aliveMs, now: options.leaseClock });
  const shared = {
    engine,
    seal: createSeal(options.keyring),
    checkpoint: () => readSharedCheckpoint(options.checkpointPath),
  };
  const db = readingFrom(pool);
  try {
    if (!options.readOnly) return await openWriter(options, { pool, lifeline, engine, shared, reading: db });
    expectReadable(await postgresVersion(db), knownVersion());
    const hashKey = await unlock(db, shared.seal, options.keyring);
    return assembleReader({
      read: readTx({ ...shared, hash: hashOf(hashKey), db }),
      hashKey,
      close: endAll,
    });
  } catch (error) {
    await endAll();
    throw error;
  }
}

interface Around {
  readonly pool: PostgresPool;
  readonly lifeline: PostgresPool;
  readonly engine: Engine;
  readonly shared: Omit<Parameters<typeof readTx>[0], 'db' | 'hash'>;
  readonly reading: Db;
}

async function openWriter(
  options: PostgresOptions,
  { pool, lifeline, engine, shared, reading }: Around,
): Promise<Store> {
  const { server, keyring, clock, log, migrations = POSTGRES_MIGRATIONS } = options;
  let migrating = true;
  const ended = new AbortController();
  let living: Promise<void> | null = null;
  const writer = createPostgresWriter({
    connect: (onLost) => connect(server, onLost, migrating),
    clock,
    owner: engine.owner,
  });
  const db = kyselyAsking(writer.ask);
  let tidy = () => {};
  const queue = createCommitQueue(writer, { afterCommit: () => tidy(), ...(log && { log }) });
  try {
    // In one transaction, under the lock of the writers: a store is made whole or not at all, and by one process.
    const hashKey = await queue.run(async () => {
      const isNew = await migratePostgres(db, migrations);
      if (options.delivers) await signalLife({ db, engine });
      return prepareKeys(db, { keyring, clock, isNew });
    });
    migrating = false;
    // The next one waits no longer for an answer than one ever takes.
    await writer.end();
    const hash = hashOf(hashKey);
    writer.mark();
    const tail = createAuditTail(db);
    writer.follow(tail);
    const checkpoint = createSharedCheckpoint({
      path: options.checkpointPath,
      alone: (run) => inTransaction(pool, run),
      clock,
      ...(log && { log }),
    });
    await checkpoint.begin();
    tidy = checkpoint.afterCommit;
    const { signal } = ended;
    if (options.delivers) living = keepAlive(lifeline, engine, { signal, ...(log && { log }) });
    await linkAll(queue, { ...shared, hash, db });
    return assemble({
      ...{
        queue,
        hashKey,
        read: readTx({ ...shared, hash, db: reading }),
        write: writeTx({ ...shared, hash, db, tail }, () => {}),
        leasing: { db, engine },
      },
      async close() {
        ended.abort();
        await living;
        await checkpoint.finish();
        await takeLeave(lifeline, engine).catch(() => {});
        await writer.end();
        await Promise.all([pool.end(), lifeline.end()]);
      },
    });
  } catch (error) {
    ended.abort();
    await living;
    // Others would wait for one that never came to deliver.
    if (options.delivers) await takeLeave(lifeline, engine).catch(() => {});
    await writer.end();
    throw error;
  }
}
