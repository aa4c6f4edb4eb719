// Proves that the key file opens this store, and gets out the store's own key for keyed hashes. That key is random,
// made with the store and sealed in it: it stays the same when the master key is replaced.
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { CodedError } from '../errors.js';
import type { Db } from './database.js';
import type { Keyring } from './keyring.js';
import type { Place, Seal } from './seal.js';

export const HASH_KEY_PLACE: Place = { table: 'secret', row: 'hash-key', column: 'value' };
const PROOF = 'this key opens the store';

export function proofPlace(keyId: string): Place {
  return { table: 'seal_key', row: keyId, column: 'proof' };
}

/** First use of a store: makes its hash key. Runs in the transaction that makes the tables. */
export async function makeSecrets(db: Db, seal: Seal): Promise<void> {
  const value = seal.sealBytes(randomBytes(32), HASH_KEY_PLACE);
  await db.insertInto('secret').values({ name: HASH_KEY_PLACE.row, value }).execute();
}

/** From now on values may be sealed under the current key: later openings must have it. */
export async function registerKey(db: Db, seal: Seal, keyId: string, at: number): Promise<void> {
  const known = await db.selectFrom('seal_key').select('id').where('id', '=', keyId).executeTakeFirst();
  if (known) return;
  const proof = seal.sealBytes(Buffer.from(PROOF), proofPlace(keyId));
  await db.insertInto('seal_key').values({ id: keyId, proof, first_used_at: at }).execute();
}

/** Throws STORE_KEY unless every key under which something may be sealed is there and is the right one. */
export async function unlock(db: Db, seal: Seal, keyring: Keyring): Promise<KeyObject> {
  for (const { id, proof } of await db
    .selectFrom('seal_key')
    .select(['id', 'proof'])
    .orderBy('id')
    .execute()) {
    if (!keyring.sealingKey(id)) {
      throw new CodedError('STORE_KEY', [], {
        detail: `Values are sealed under key ${id}, which is not in the key file.`,
      });
    }
    openOrRefuse(
      () => seal.openBytes(proof, proofPlace(id)),
      `Key ${id} of the key file is not the key ${id} of the store.`,
    );
  }
  const row = await db
    .selectFrom('secret')
    .select('value')
    .where('name', '=', HASH_KEY_PLACE.row)
    .executeTakeFirst();
  if (!row) throw new CodedError('STORE_KEY', [], { detail: 'The store has lost its own key for hashes.' });
  return createSecretKey(openOrRefuse(() => seal.openBytes(row.value, HASH_KEY_PLACE), ''));
}

function openOrRefuse(open: () => Buffer, detail: string): Buffer {
  try {
    return open();
  } catch (cause) {
    throw new CodedError('STORE_KEY', [], { detail, cause });
  }
}

/** HMAC-SHA256 cut to 128 bits, 32 hex digits; the parts cannot run into each other. */
export function keyedHash(key: KeyObject, parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
