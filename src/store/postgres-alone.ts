// What is done to a PostgreSQL store while no daemon runs on it: replacing the master key, and looking whether there is a
// store at all.

import type { Clock } from '../clock.js';
import { CodedError } from '../errors.js';
import { type CommitQueue, createCommitQueue } from './commit-queue.js';
import type { Db } from './database.js';
import { among } from './engine.js';
import { livingReplicas } from './life.js';
import type { PostgresServer } from './postgres-address.js';
import { kyselyAsking } from './postgres-dialect.js';
import { readingFrom } from './postgres-pool.js';
import { migratePostgres, postgresVersion } from './postgres-schema.js';
import { connect, createPool } from './postgres-server.js';
import { createPostgresWriter } from './postgres-writer.js';
import { type RekeyBasics, type Rekeyed, rekeyThrough } from './rekey.js';
import { createSeal } from './seal.js';

/** Throws STORE_UNAVAILABLE, STORE_VERSION. */
export async function isPostgresStore(server: PostgresServer): Promise<boolean> {
  const pool = createPool(server);
  try {
    return (await postgresVersion(readingFrom(pool))) > 0;
  } finally {
    await pool.end();
  }
}

/** Throws STORE_IN_USE while a daemon lives, or one died so recently that it may still live. */
export async function expectNoDaemon(server: PostgresServer): Promise<void> {
  const pool = createPool(server);
  try {
    const db = readingFrom(pool);
    if ((await postgresVersion(db)) === 0) return;
    if ((await livingReplicas(db, among({}))) > 0) throw new CodedError('STORE_IN_USE');
  } finally {
    await pool.end();
  }
}

/** A connection and its queue for one piece of work. */
export async function withWriter<T>(
  server: PostgresServer,
  clock: Clock,
  work: (queue: CommitQueue, db: Db) => Promise<T>,
): Promise<T> {
  const writer = createPostgresWriter({
    connect: (onLost) => connect(server, onLost, true),
    clock,
    owner: among({}).owner,
  });
  try {
    return await work(createCommitQueue(writer, { afterCommit: () => {} }), kyselyAsking(writer.ask));
  } finally {
    await writer.end();
  }
}

export interface PostgresRekeyOptions extends RekeyBasics {
  readonly server: PostgresServer;
}

/** Throws STORE_IN_USE while a daemon runs, STORE_KEY when an old key is missing, NOT_FOUND without a store. */
export async function rekeyPostgres(options: PostgresRekeyOptions): Promise<Rekeyed> {
  const { server, keyring, clock } = options;
  return withWriter(server, clock, async (queue, db) => {
    await queue.run(async () => {
      if ((await postgresVersion(db)) === 0)
        throw new CodedError('NOT_FOUND', [], { detail: 'There is no store yet.' });
      await migratePostgres(db);
      if ((await livingReplicas(db, among({}))) > 0) throw new CodedError('STORE_IN_USE');
    });
    return rekeyThrough(queue, { db, seal: createSeal(keyring) }, options);
  });
}
