// Replacing the master key: everything that is sealed is sealed anew under the first key of the key file. The order of
// steps, each of which may be cut short and simply be done again:
//   1. write the key file with a new key first and the old one behind it (keyring.ts: withNewKey)
//   2. rekeyStore or rekeyPostgres, while no daemon runs
//   3. write the key file with the new key only (keyring.ts: firstKeyOnly)
// A key file that holds two keys already is at step 2. Between the steps the store opens with the file as it is.
import { existsSync } from 'node:fs';
import type { Clock } from '../clock.js';
import { CodedError } from '../errors.js';
import { type CommitQueue, createCommitQueue } from './commit-queue.js';
import type { Parts } from './delivery-rows.js';
import type { Keyring } from './keyring.js';
import { lockStore } from './lock.js';
import { forgetOldKeys, type ResealOptions, resealAll } from './reseal.js';
import { migrate } from './schema.js';
import { createSeal } from './seal.js';
import { kyselyOn } from './sqlite-dialect.js';
import { emptyLog, openForWriting, type SqliteFile } from './sqlite-file.js';
import { registerKey, unlock } from './unlock.js';

export interface RekeyBasics extends ResealOptions {
  /** The new key first, every old one behind it. */
  readonly keyring: Keyring;
  readonly clock: Clock;
}

export interface RekeyOptions extends RekeyBasics {
  readonly path: string;
}

export interface Rekeyed {
  /** Id of the key under which everything is sealed now. */
  readonly keyId: string;
  /** Rows sealed anew by this run; 0 when an earlier run had done it all. */
  readonly deliveries: number;
  readonly cases: number;
}

/** Throws STORE_IN_USE while a daemon runs, STORE_KEY when an old key is missing, NOT_FOUND without a store. */
export async function rekeyStore(options: RekeyOptions): Promise<Rekeyed> {
  const { path, keyring } = options;
  if (!existsSync(path)) throw new CodedError('NOT_FOUND', [], { detail: 'There is no store yet.' });
  const lock = lockStore(path);
  let file: SqliteFile | undefined;
  try {
    file = openForWriting(path);
    const opened = file;
    const queue = createCommitQueue(opened, { afterCommit: () => {} });
    const parts = { db: kyselyOn(opened, { guarded: true }), seal: createSeal(keyring) };
    await queue.run(async () => void migrate(opened));
    const rekeyed = await rekeyThrough(queue, parts, options);
    emptyLog(opened);
    return rekeyed;
  } finally {
    file?.close();
    lock.release();
  }
}

/** From when the new key is registered, whoever opens the store must have it. */
export async function rekeyThrough(
  queue: CommitQueue,
  parts: Parts,
  { keyring, clock, ...options }: RekeyBasics,
): Promise<Rekeyed> {
  await queue.run(async () => {
    await unlock(parts.db, parts.seal, keyring);
    await registerKey(parts.db, parts.seal, keyring.current, clock.now());
  });
  const rekeyed = await resealAll(parts, queue, options);
  await queue.run(() => forgetOldKeys(parts, keyring.current));
  return { keyId: keyring.current, ...rekeyed };
}
