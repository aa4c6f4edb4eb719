// The one value that the gate decides on at a time, and what it can decide.
import type { ErrorCode } from '../errors.js';
import type { GateFacts, GateOptions } from './options.js';
import type { Verdict } from './rule.js';

export type LeafValue = string | number | boolean;

export interface Leaf {
  readonly value: unknown;
  /** Path of the field catalogue, without indexes. */
  readonly field: string;
  /** The group that the value stands in. */
  readonly siblings: Readonly<Record<string, unknown>>;
  readonly context: LeafContext;
}

/** What is the same for all values of one observation. */
export interface LeafContext {
  readonly options: GateOptions;
  readonly facts: GateFacts;
  /** Neither ended nor withdrawn, and both are stated. */
  readonly open: boolean;
  readonly withdrawn: boolean;
  readonly namePreference: unknown;
}

/**
 * `replace` goes over in place of the value. `hold` asks a person; `release` says what goes over if that person agrees:
 * the value, nothing, or the substitute.
 */
export type Decision =
  | 'pass'
  | 'drop'
  | { readonly replace: string }
  | { readonly hold: ErrorCode; readonly release: 'pass' | 'drop' | { readonly substitute: string } };

/** What the options of a route make of a condition. `mayPass` is false when the value itself can never go over. */
export interface Settled {
  readonly verdict: Verdict;
  readonly mayPass: boolean;
  readonly words: string;
}

export interface Condition {
  readonly decide: (leaf: Leaf) => Decision;
  readonly settle: (options: GateOptions) => Settled;
}

export const settled = (verdict: Verdict, words: string, mayPass = verdict !== 'drop'): Settled => ({
  verdict,
  mayPass,
  words,
});

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
  /** The value is still in the observation, so that clearing that again decides again. */
  readonly kept?: boolean;
}
