// Whether a pushed request comes from whom it should: everything that the connection asks for must hold. Looked at over
// the bytes as they came, before anybody reads them, and in constant time.
import type { WebhookSettings } from '../config/webhook-schema.js';
import { isEqual, type Signed, verifySignature } from './signature.js';

export interface ProofDeps {
  /** Reads `env:NAME` or `file:PATH`; throws SECRET_MISSING. */
  readonly secret: (reference: string) => string;
  /** Instant, ms UTC. */
  readonly now: number;
}

export type Proof =
  | { readonly ok: true; readonly messageId: string | null }
  /** `time`: signed well, but too long ago or in the future. */
  | { readonly ok: false; readonly fault: 'credentials' | 'signature' | 'time' };

export function prove(request: Signed, settings: WebhookSettings, { secret, now }: ProofDeps): Proof {
  const { signature, bearer, basic, certificate } = settings;
  const { headers } = request;
  const shown = headers.authorization ?? '';
  const isShown = [
    bearer === undefined || isEqual(credentialsOf(shown, 'bearer'), secret(bearer.token)),
    basic === undefined ||
      isEqual(credentialsOf(shown, 'basic'), userAndPassword(basic.username, secret(basic.password))),
    certificate === undefined || isAmong(headers[certificate.header.toLowerCase()], certificate.values),
  ];
  if (isShown.includes(false)) return { ok: false, fault: 'credentials' };
  if (!signature) return { ok: true, messageId: null };
  const { formerSecret, toleranceSeconds } = signature;
  const keys = [signature.secret, ...(formerSecret ? [formerSecret] : [])].map(secret);
  const facts = verifySignature(request, signature, keys);
  if (!facts) return { ok: false, fault: 'signature' };
  const { sentAt, messageId } = facts;
  if (sentAt !== null && Math.abs(now - sentAt) > toleranceSeconds * 1000)
    return { ok: false, fault: 'time' };
  return { ok: true, messageId };
}

/** What stands behind the scheme, whose name has no case; empty when it is another scheme. */
function credentialsOf(header: string, scheme: 'bearer' | 'basic'): string {
  const [, name, credentials] = /^(\S+) +(\S+)$/.exec(header) ?? [];
  return name?.toLowerCase() === scheme ? (credentials ?? '') : '';
}

function userAndPassword(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
}

function isAmong(shown: string | undefined, values: readonly string[]): boolean {
  return shown !== undefined && values.map((value) => isEqual(shown, value)).includes(true);
}
