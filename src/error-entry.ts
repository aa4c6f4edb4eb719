// What an entry of the error table is. The kind decides who acts, and what becomes of an item.

/** Who acts, and what becomes of the item: see `delivery/settle.ts` for the transitions. */
export type ErrorKind =
  | 'retryable'
  | 'unknown-outcome'
  | 'rejected'
  | 'needs-human'
  | 'route'
  | 'config'
  | 'bug';

export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** What happened, in plain words. */
  readonly text: string;
  /** What to do about it. */
  readonly act: string;
}

export const entry = (kind: ErrorKind, text: string, act: string): ErrorEntry => ({ kind, text, act });
