// The store put together from its parts, whatever database is under it: what a unit and a query are given, and the
// proof of the key.
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.js';
import { CodedError } from '../errors.js';
import type { Hash } from '../ledger/case-keys.js';
import type { Log } from '../log.js';
import { auditReader, auditWriter } from './audit.js';
import type { AuditTail } from './audit-tail.js';
import type { CheckpointFile } from './checkpoint.js';
import type { CommitQueue } from './commit-queue.js';
import type { Db } from './database.js';
import type { OwnedParts } from './delivery-rows.js';
import { firstLoadReader, firstLoadWriter } from './first-loads.js';
import type { Keyring } from './keyring.js';
import { hold, type Leasing, leaseReader, leaseWriter } from './leases.js';
import { ledgerReader, ledgerWriter } from './ledger.js';
import { memoryReader, memoryWriter } from './memory.js';
import { operationReader, operationWriter } from './operation.js';
import { outboxReader, outboxWriter } from './outbox.js';
import { returnReader, returnWriter } from './returns.js';
import { createSeal } from './seal.js';
import type { ReadTx, Store, WriteTx } from './types.js';
import { keyedHash, makeSecrets, registerKey, unlock } from './unlock.js';

/** What every opening of a store is given. */
export interface StoreBasics {
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Where the end of the audit chain is noted: best on another disk, or where another account can read it. */
  readonly checkpointPath: string;
  /** Makes and changes nothing; `write` is refused, and a missing store is NOT_FOUND. */
  readonly readOnly?: boolean;
  /** Told when the checkpoint file does not fit the chain or cannot be written. */
  readonly log?: Log;
}

export interface Ingredients extends OwnedParts {
  readonly checkpoint: () => CheckpointFile;
  readonly hash: Hash;
  /** See audit-tail.ts. */
  readonly tail?: AuditTail;
}

export function readTx(parts: Ingredients): ReadTx {
  return {
    outbox: outboxReader(parts),
    ledger: ledgerReader(parts),
    audit: auditReader(parts),
    operation: operationReader(parts.db),
    firstLoads: firstLoadReader(parts.db),
    memory: memoryReader(parts),
    leases: leaseReader(parts),
    returns: returnReader(parts),
  };
}

export function writeTx(parts: Ingredients, onPurge: () => void): WriteTx {
  return {
    outbox: outboxWriter(parts),
    ledger: ledgerWriter(parts),
    audit: auditWriter(parts, parts.tail),
    operation: operationWriter(parts, onPurge),
    firstLoads: firstLoadWriter(parts.db),
    memory: memoryWriter(parts),
    leases: leaseWriter(parts),
    returns: returnWriter(parts),
  };
}

/** Secrets and the proof of the key, in the transaction that brought the tables up to date. Throws STORE_KEY. */
export async function prepareKeys(
  db: Db,
  { keyring, clock, isNew }: Pick<StoreBasics, 'keyring' | 'clock'> & { isNew: boolean },
): Promise<KeyObject> {
  const seal = createSeal(keyring);
  if (isNew) await makeSecrets(db, seal);
  const hashKey = await unlock(db, seal, keyring);
  await registerKey(db, seal, keyring.current, clock.now());
  return hashKey;
}

/** See Store.hash. */
export function hashOf(key: KeyObject): Hash {
  return (...parts) => keyedHash(key, parts);
}

export interface Assembly {
  readonly queue: CommitQueue;
  readonly read: ReadTx;
  readonly write: WriteTx;
  /** Of the connection that writes. */
  readonly leasing: Leasing;
  readonly hashKey: KeyObject;
  readonly close: () => void | Promise<void>;
}

export function assemble({ queue, read, write, leasing, hashKey, close }: Assembly): Store {
  let closing: Promise<void> | undefined;
  return {
    write: (unit) => queue.run(() => unit(write)),
    read: (query) => query(read),
    hold: (name) => hold(leasing, name, queue.run),
    hash: hashOf(hashKey),
    close() {
      closing ??= queue.close().then(close);
      return closing;
    },
  };
}

export function assembleReader({
  read,
  hashKey,
  close,
}: Pick<Assembly, 'read' | 'hashKey' | 'close'>): Store {
  const refused = () =>
    Promise.reject(new CodedError('NOT_ALLOWED', [], { detail: 'The store is open for reading only.' }));
  return {
    write: refused,
    hold: refused,
    read: (query) => query(read),
    hash: hashOf(hashKey),
    close: async () => close(),
  };
}

/** For a reader. Throws NOT_FOUND without a store, STORE_VERSION for one that has to be brought up to date first. */
export function expectReadable(version: number, known: number): void {
  if (version === 0) throw new CodedError('NOT_FOUND', [], { detail: 'There is no store yet.' });
  if (version < known) {
    throw new CodedError('STORE_VERSION', [], {
      detail: 'It is of an older version: start the daemon once, which brings it up to date.',
    });
  }
}
