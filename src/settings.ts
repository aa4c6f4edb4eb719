// Settings that connections of any system have: an address that a secret may be sent to, and a reference to a secret.
import { z } from 'zod';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Tokens and data about illness go there: never in the clear, but on this very machine. */
export function httpsAddress() {
  return z.string().superRefine((text, context) => {
    const message = addressFault(text);
    if (message) context.addIssue({ code: 'custom', message });
  });
}

/** One to which paths are appended: given without the slashes at its end. */
export function baseAddress() {
  return httpsAddress().transform((text) => text.replace(/\/+$/, ''));
}

function addressFault(text: string): string | null {
  if (!URL.canParse(text)) return 'is no URL';
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  if (username || password) return 'holds a user name or a password';
  if (search || hash) return 'has no place for a query';
  if (protocol === 'https:') return null;
  return protocol === 'http:' && LOOPBACK.includes(hostname) ? null : 'must begin with https://';
}

/** How a secret is named where it must not stand itself. */
export const SECRET_REFERENCE = /^(env|file):./;

/** `what` without a full stop: it becomes the option's description. */
export function secretReference(what: string) {
  return z
    .string()
    .regex(SECRET_REFERENCE, 'must be env:NAME or file:PATH')
    .describe(`${what}, as env:NAME or file:PATH.`);
}
