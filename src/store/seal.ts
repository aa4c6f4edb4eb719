// Everything personal at rest passes here. A sealed value is AES-256-GCM, bound to its place (table, row, column):
// copied to another row or column it does not open.
//   version 1 | length of key id | key id | nonce (12) | ciphertext | tag (16)
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CodedError } from '../errors.js';
import { type Cleared, reopen } from '../privacy/gate.js';
import type { Keyring } from './keyring.js';

export interface Place {
  readonly table:
    | 'delivery_content'
    | 'ledger'
    | 'secret'
    | 'seal_key'
    | 'connection_memory'
    | 'return_state'
    | 'acknowledgement';
  readonly row: string;
  readonly column: string;
}

/** Of a case in the ledger. The case key is a hash without a space, so route and key cannot run into each other. */
export function statePlace(route: string, caseKey: string): Place {
  return { table: 'ledger', row: `${route} ${caseKey}`, column: 'state' };
}

export interface Seal {
  seal<T>(value: Cleared<T>, place: Place): Buffer;
  /** Throws SEAL_BROKEN. */
  open<T>(sealed: Uint8Array, place: Place): Cleared<T>;
  /** For what never passes the gate: references of a source, keys of the store itself. */
  sealBytes(value: Uint8Array, place: Place): Buffer;
  /** Throws SEAL_BROKEN. */
  openBytes(sealed: Uint8Array, place: Place): Buffer;
  /** What every value begins with that is sealed under the current key. */
  readonly header: Buffer;
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const ALGORITHM = 'aes-256-gcm';

export function createSeal(keyring: Keyring): Seal {
  const seal: Seal = {
    header: headerOf(keyring.current),
    sealBytes(value, place) {
      const key = keyring.sealingKey(keyring.current);
      if (!key) throw broken('the key file holds no key');
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      cipher.setAAD(boundTo(seal.header, place));
      return Buffer.concat([seal.header, nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    },
    openBytes(sealed, place) {
      const id = keyIdOf(sealed);
      const key = keyring.sealingKey(id);
      if (!key) throw broken(`it is sealed under key ${id}, which is not in the key file`);
      const header = headerOf(id);
      const body = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).subarray(header.length);
      if (body.length < NONCE + TAG) throw broken('it is cut short');
      const decipher = createDecipheriv(ALGORITHM, key, body.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(boundTo(header, place));
      decipher.setAuthTag(body.subarray(-TAG));
      const opened = decipher.update(body.subarray(NONCE, -TAG));
      try {
        return Buffer.concat([opened, decipher.final()]);
      } catch {
        throw broken(`it does not fit its place in ${place.table}`);
      }
    },
    seal: (value, place) => seal.sealBytes(Buffer.from(JSON.stringify(value)), place),
    open: <T>(sealed: Uint8Array, place: Place) =>
      reopen(JSON.parse(seal.openBytes(sealed, place).toString()) as T),
  };
  return seal;
}

/** Null in place of SEAL_BROKEN, where one broken value must not stop the rest. */
export function unlessBroken<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof CodedError && error.code === 'SEAL_BROKEN') return null;
    throw error;
  }
}

/** Id of the key under which a value is sealed. Throws SEAL_BROKEN when the bytes are no sealed value. */
export function keyIdOf(sealed: Uint8Array): string {
  const length = sealed[1] ?? 0;
  if (sealed[0] !== VERSION || length === 0 || sealed.length < 2 + length)
    throw broken('it is not a sealed value');
  return Buffer.from(sealed.subarray(2, 2 + length)).toString('latin1');
}

function headerOf(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([VERSION, keyId.length]), Buffer.from(keyId, 'latin1')]);
}

function boundTo(header: Buffer, place: Place): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([place.table, place.row, place.column]))]);
}

function broken(reason: string): CodedError {
  return new CodedError('SEAL_BROKEN', [], { detail: `The value cannot be opened: ${reason}.` });
}
