// Signatures of pushed requests: Standard Webhooks version 1 (github.com/standard-webhooks, "spec/standard-webhooks.md":
// webhook-id, webhook-timestamp, webhook-signature; HMAC-SHA256 over "id.timestamp.body") and keyed hashes in a header
// of the sender's choice, such as X-VWD-Signature-V1 (domain notes on Visma Raet, section 9). Over the bytes as they came.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureSettings } from '../config/webhook-schema.js';
import { CodedError } from '../errors.js';

export interface Signed {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a request without a fault says of itself; null when it says no such thing. */
export interface SignedFacts {
  readonly messageId: string | null;
  /** Instant, ms UTC. */
  readonly sentAt: number | null;
}

/** One scheme, as numbers and names: Standard Webhooks is one of them. */
interface Form {
  readonly header: string;
  readonly idHeader: string | undefined;
  readonly timestampHeader: string | undefined;
  readonly signs: string;
  readonly algorithm: string;
  readonly encoding: 'base64' | 'base64url' | 'hex';
  readonly prefix: string;
  /** Several signatures in one header, with spaces between them, while a sender changes its key. */
  readonly several: boolean;
}

const STANDARD: Form = {
  header: 'webhook-signature',
  idHeader: 'webhook-id',
  timestampHeader: 'webhook-timestamp',
  signs: '{id}.{timestamp}.{body}',
  algorithm: 'sha256',
  encoding: 'base64',
  prefix: 'v1,',
  several: true,
};

/** More signatures in one header than any change of keys needs. */
const MOST_SIGNATURES = 10;

/**
 * The facts of a request that one of the keys signed; null for any other. `keys` are the secrets as they are written
 * down. Throws SECRET_MISSING for one that is no key.
 */
export function verifySignature(
  request: Signed,
  settings: SignatureSettings,
  keys: readonly string[],
): SignedFacts | null {
  const form = formOf(settings);
  const { headers, body } = request;
  const told = (name: string | undefined) => (name === undefined ? undefined : headers[name]);
  const [given, messageId, timestamp] = [form.header, form.idHeader, form.timestampHeader].map(told);
  if (!given || (form.idHeader && !messageId) || (form.timestampHeader && !timestamp)) return null;
  // Before it goes into what is signed: with a point in it, one text could be read in two ways.
  if (timestamp !== undefined && !/^\d{1,12}$/.test(timestamp)) return null;
  const shown = form.several ? given.split(' ').slice(0, MOST_SIGNATURES) : [given];
  const [before = '', after = ''] = form.signs
    .split('{body}')
    .map((part) => fill(part, messageId, timestamp));
  const isSigned = keys
    .map((key) => signatureOf({ before, body, after }, keyOf(key, settings), form))
    // All of them are looked at, whichever fits.
    .map((expected) => shown.map((one) => isEqual(one, expected)).includes(true))
    .includes(true);
  if (!isSigned) return null;
  return { messageId: messageId ?? null, sentAt: timestamp === undefined ? null : Number(timestamp) * 1000 };
}

function formOf(settings: SignatureSettings): Form {
  if (settings.scheme === 'standard') return STANDARD;
  const { header, idHeader, timestampHeader, signs, algorithm, encoding, prefix } = settings;
  const lower = (name: string | undefined) => name?.toLowerCase();
  return {
    ...{ signs, algorithm, encoding, prefix, several: false },
    ...{ header: header?.toLowerCase() ?? '' },
    ...{ idHeader: lower(idHeader), timestampHeader: lower(timestampHeader) },
  };
}

function fill(part: string, messageId = '', timestamp = ''): string {
  const values: Readonly<Record<string, string>> = { '{id}': messageId, '{timestamp}': timestamp };
  return part.replace(/\{id\}|\{timestamp\}/g, (name) => values[name] ?? '');
}

function keyOf(secret: string, { scheme, secretEncoding }: SignatureSettings): Buffer {
  const encoding = scheme === 'standard' ? 'base64' : secretEncoding;
  if (encoding === 'text') return Buffer.from(secret, 'utf8');
  const text = scheme === 'standard' ? secret.replace(/^whsec_/, '') : secret;
  const key = Buffer.from(text, encoding);
  // Node passes over what does not belong there.
  const bare = (written: string) => (encoding === 'hex' ? written.toLowerCase() : written.replace(/=+$/, ''));
  if (key.length > 0 && bare(key.toString(encoding)) === bare(text)) return key;
  throw new CodedError('SECRET_MISSING', [], { detail: `The key of a webhook is not ${encoding}.` });
}

interface Content {
  readonly before: string;
  readonly body: Uint8Array;
  readonly after: string;
}

function signatureOf({ before, body, after }: Content, key: Buffer, { algorithm, encoding, prefix }: Form) {
  const hash = createHmac(algorithm, key).update(before, 'utf8').update(body).update(after, 'utf8');
  return `${prefix}${hash.digest(encoding)}`;
}

/** In a time that tells nothing of where they differ. As text: every other way to write the same bytes is refused. */
export function isEqual(shown: string, expected: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text, 'utf8').digest();
  return timingSafeEqual(digest(shown), digest(expected));
}
