// The master keys. The key file holds one `<key id>:<base64 of 32 bytes>` per line; the first line seals, the others
// still open what was sealed before. A file with nothing but one bare key is accepted as key `k1`.
// No error here repeats anything of a key.
import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { CodedError } from '../errors.js';

export interface Keyring {
  /** Id of the key that seals. */
  readonly current: string;
  /** All ids, the current one first. */
  readonly ids: readonly string[];
  /** The sealing key made from the master key of this id. */
  sealingKey(id: string): KeyObject | undefined;
}

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const BARE_KEY_ID = 'k1';

/** Throws CONFIG_INVALID with the number of the wrong line. */
export function loadKeyring(text: string): Keyring {
  const keys = new Map<string, KeyObject>();
  for (const { id, master } of readLines(text)) keys.set(id, derive(id, master));
  const ids = [...keys.keys()];
  return { current: ids[0] ?? BARE_KEY_ID, ids, sealingKey: (id) => keys.get(id) };
}

/** Text of a key file with one new random key. */
export function newKeyringText(): string {
  return `${lineOf(`k${randomBytes(4).toString('hex')}`, randomBytes(KEY_BYTES))}\n`;
}

/** The text of a key file with a new key put first; the old ones still open what they sealed. */
export function withNewKey(text: string): string {
  const old = readLines(text).map(({ id, master }) => lineOf(id, master));
  return `${newKeyringText()}${old.join('\n')}\n`;
}

/** The text of a key file with the first key only. Everything must have been sealed anew before: see rekey.ts. */
export function firstKeyOnly(text: string): string {
  return readLines(text)
    .slice(0, 1)
    .map(({ id, master }) => `${lineOf(id, master)}\n`)
    .join('');
}

interface KeyLine {
  readonly id: string;
  readonly master: Buffer;
}

function readLines(text: string): KeyLine[] {
  const lines = text
    .split('\n')
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));
  const [only] = lines;
  if (!only) throw wrong('it is empty');
  if (lines.length === 1 && !only.text.includes(':')) {
    return [{ id: BARE_KEY_ID, master: readKey(only.text, only.number) }];
  }
  const seen = new Set<string>();
  return lines.map((line) => {
    const [id = '', ...rest] = line.text.split(':');
    if (!KEY_ID.test(id) || rest.length !== 1)
      throw wrong(`line ${line.number} is not <key id>:<base64 of 32 bytes>`);
    if (seen.has(id)) throw wrong(`line ${line.number} repeats a key id`);
    seen.add(id);
    return { id, master: readKey(rest[0] ?? '', line.number) };
  });
}

function readKey(text: string, line: number): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const key = /^[A-Za-z0-9+/]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (key.length !== KEY_BYTES) throw wrong(`line ${line} does not hold 32 bytes as base64 or hex`);
  return key;
}

function lineOf(id: string, master: Buffer): string {
  return `${id}:${master.toString('base64')}`;
}

function derive(id: string, master: Buffer): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, '', `verzuimbrug seal 1 ${id}`, KEY_BYTES)));
}

function wrong(reason: string): CodedError {
  const detail = `The master key file: ${reason}.`;
  return new CodedError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: 'masterKey', detail }], {
    detail,
  });
}
