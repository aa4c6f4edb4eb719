// The key of a webhook's signature, from the way in which it is written down: looked at by `check` and the start, and
// used for each request.
import type { SignatureSettings } from './webhook-schema.js';

/** Standard Webhooks writes its keys as `whsec_` and base64. Null for a text that is no key in its encoding. */
export function webhookKey(secret: string, { scheme, secretEncoding }: SignatureSettings): Buffer | null {
  const encoding = keyEncoding({ scheme, secretEncoding });
  if (encoding === 'text') return Buffer.from(secret, 'utf8');
  const text = scheme === 'standard' ? secret.replace(/^whsec_/, '') : secret;
  const key = Buffer.from(text, encoding);
  // Node passes over what does not belong there.
  const bare = (written: string) => (encoding === 'hex' ? written.toLowerCase() : written.replace(/=+$/, ''));
  return key.length > 0 && bare(key.toString(encoding)) === bare(text) ? key : null;
}

export function keyEncoding({
  scheme,
  secretEncoding,
}: Pick<SignatureSettings, 'scheme' | 'secretEncoding'>) {
  return scheme === 'standard' ? 'base64' : secretEncoding;
}
