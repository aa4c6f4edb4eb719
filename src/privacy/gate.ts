// The privacy gate: the only maker of Cleared<T>. Ledger, mapping, outbox, audit and targets take nothing else, so
// that unfiltered data does not compile into them.
import type { ErrorCode } from '../errors.js';

declare const clearedBrand: unique symbol;

/** A value that passed the gate, or was derived from one that did. */
export type Cleared<T> = T & { readonly [clearedBrand]: 'cleared' };

/** Computes something from cleared values only. `compute` must be pure: it may add constants, never other data. */
export function derive<A, B>(from: Cleared<A>, compute: (value: A) => B): Cleared<B> {
  return compute(from) as Cleared<B>;
}

/** What was sealed was cleared: the seal is authenticated, so an opened body is what it was. For store/seal.ts only. */
export function reopen<T>(opened: T): Cleared<T> {
  return opened as Cleared<T>;
}

export interface Removal {
  /** Domain path with indexes, such as `absence.notes[0].text`. */
  readonly path: string;
  /** Rule id of the direction's table. */
  readonly rule: string;
}

export interface Hold {
  readonly code: ErrorCode;
  readonly path: string;
  readonly rule: string;
}
