// Puts the SQLite store together: one connection that writes, through the commit queue; one that reads, and sees only
// what was committed. Commands in other processes open the same file beside a running daemon.
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.js';
import { CodedError } from '../errors.js';
import type { Log } from '../log.js';
import { auditReader, auditWriter } from './audit.js';
import { readCheckpoint } from './checkpoint.js';
import { type Chores, createChores } from './chores.js';
import { type CommitQueue, createCommitQueue } from './commit-queue.js';
import type { Db } from './database.js';
import { firstLoadReader, firstLoadWriter } from './first-loads.js';
import { commitInPlace } from './in-place.js';
import type { Keyring } from './keyring.js';
import { ledgerReader, ledgerWriter } from './ledger.js';
import { memoryReader, memoryWriter } from './memory.js';
import { operationReader, operationWriter } from './operation.js';
import { outboxReader, outboxWriter } from './outbox.js';
import { MIGRATIONS, migrate, storeVersion } from './schema.js';
import { createSeal, type Seal } from './seal.js';
import { kyselyOn } from './sqlite-dialect.js';
import { openForReading, openForWriting, type SqliteFile } from './sqlite-file.js';
import type { ReadTx, Store, WriteTx } from './types.js';
import { keyedHash, makeSecrets, registerKey, unlock } from './unlock.js';

export interface StoreOptions {
  /** The database file; its folder is made when missing. */
  readonly path: string;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Where the end of the audit chain is noted: best on another disk, or where another account can read it. */
  readonly checkpointPath: string;
  /** Makes and changes nothing; `write` is refused, and a missing store is NOT_FOUND. */
  readonly readOnly?: boolean;
  /** Told when the checkpoint file does not fit the chain or cannot be written. */
  readonly log?: Log;
}

/** Throws STORE_KEY, STORE_VERSION, STORE_UNAVAILABLE, and NOT_FOUND when `readOnly`. */
export async function openSqliteStore(options: StoreOptions): Promise<Store> {
  return options.readOnly ? openReader(options) : openWriter(options);
}

async function openReader(options: StoreOptions): Promise<Store> {
  const file = openForReading(options.path);
  try {
    const version = storeVersion(file);
    if (version === 0) throw new CodedError('NOT_FOUND', [], { detail: 'There is no store yet.' });
    if (version < MIGRATIONS.length) {
      throw new CodedError('STORE_VERSION', [], {
        detail: 'It is of an older version: start the daemon once, which brings it up to date.',
      });
    }
    const db = kyselyOn(file, { guarded: false });
    const seal = createSeal(options.keyring);
    const hashKey = await unlock(db, seal, options.keyring);
    const tx = readTx(db, seal, options);
    return {
      write: () =>
        Promise.reject(new CodedError('NOT_ALLOWED', [], { detail: 'The store is open for reading only.' })),
      read: (query) => query(tx),
      hash: (...parts) => keyedHash(hashKey, parts),
      async close() {
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openWriter(options: StoreOptions): Promise<Store> {
  const writer = openForWriting(options.path);
  const files: SqliteFile[] = [writer];
  try {
    const seal = createSeal(options.keyring);
    const db = kyselyOn(writer, { guarded: true });
    const chores = createChores(writer, options);
    const transactor = commitInPlace(writer, options.path);
    const queue = createCommitQueue(transactor, {
      afterCommit: chores.afterCommit,
      ...(options.log && { log: options.log }),
    });
    const hashKey = await queue.run(() => prepare(writer, { db, seal, options }));
    chores.start();
    const reader = openForReading(options.path);
    files.push(reader);
    const read = readTx(kyselyOn(reader, { guarded: false }), seal, options);
    const write = writeTx({ db, seal, options, onPurge: chores.scrub });
    return assemble({ queue, read, write, hashKey, close: () => closeAll(files, chores) });
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

interface Assembly {
  readonly queue: CommitQueue;
  readonly read: ReadTx;
  readonly write: WriteTx;
  readonly hashKey: KeyObject;
  readonly close: () => void;
}

function assemble({ queue, read, write, hashKey, close }: Assembly): Store {
  let closing: Promise<void> | undefined;
  return {
    write: (unit) => queue.run(() => unit(write)),
    read: (query) => query(read),
    hash: (...parts) => keyedHash(hashKey, parts),
    close() {
      closing ??= queue.close().then(close);
      return closing;
    },
  };
}

interface Made {
  readonly db: Db;
  readonly seal: Seal;
  readonly options: StoreOptions;
}

/** Tables, secrets and the proof of the key, in one transaction: a store is made whole or not at all. */
async function prepare(file: SqliteFile, { db, seal, options }: Made): Promise<KeyObject> {
  if (migrate(file)) await makeSecrets(db, seal);
  const hashKey = await unlock(db, seal, options.keyring);
  await registerKey(db, seal, options.keyring.current, options.clock.now());
  return hashKey;
}

function readTx(db: Db, seal: Seal, { checkpointPath }: StoreOptions): ReadTx {
  return {
    outbox: outboxReader({ db, seal }),
    ledger: ledgerReader({ db, seal }),
    audit: auditReader({ db, checkpoint: () => readCheckpoint(checkpointPath) }),
    operation: operationReader(db),
    firstLoads: firstLoadReader(db),
    memory: memoryReader({ db, seal }),
  };
}

function writeTx({ db, seal, options, onPurge }: Made & { onPurge: () => void }): WriteTx {
  return {
    outbox: outboxWriter({ db, seal }),
    ledger: ledgerWriter({ db, seal }),
    audit: auditWriter({ db, checkpoint: () => readCheckpoint(options.checkpointPath) }),
    operation: operationWriter({ db, seal }, onPurge),
    firstLoads: firstLoadWriter(db),
    memory: memoryWriter({ db, seal }),
  };
}

function closeAll(files: readonly SqliteFile[], chores: Chores): void {
  try {
    chores.finish();
  } finally {
    for (const file of files) file.close();
  }
}
