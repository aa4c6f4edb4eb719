// A key in place of an id that may be anything: the same for the same id, and nothing of what the id says. Pure.
import { hash } from 'node:crypto';

const LETTERS = 'ghijklmnop';

/**
 * `id-` and 32 letters: half of the SHA-256, hexadecimal, its digits written as the letters g to p, so that it looks like
 * nobody's number. Without a secret: who guesses the id finds that it is this one.
 */
export function opaqueKey(id: string): string {
  const digest = hash('sha256', `verzuimbrug id ${id}`, 'hex').slice(0, 32);
  return `id-${digest.replace(/\d/g, (digit) => LETTERS[Number(digit)] ?? '')}`;
}
