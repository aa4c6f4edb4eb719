// Ids and chance without a source of chance: the same calls in the same order give the same ids, so that a test that
// fails once fails again.
import { createHash } from 'node:crypto';

export interface Ids {
  /** A version 4 UUID by its form. */
  uuid(): string;
  /** 64 characters, for access tokens. */
  token(): string;
}

export function createIds(): Ids {
  let made = 0;
  const next = (kind: string) => {
    made += 1;
    return digest(`${kind} ${made}`);
  };
  return { uuid: () => uuidFrom(next('row')), token: () => next('token') };
}

/** Always the same UUID for the same name. */
export function namedUuid(name: string): string {
  return uuidFrom(digest(`named ${name}`));
}

/** Numbers in [0, 1): mulberry32, a small public-domain generator. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

function uuidFrom(hex: string): string {
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
