// The language of the mapping files: what a rule can say. A closed set; there is no scripting.
// A value rule takes its value from one origin, then applies its steps in the order of the fields below.
import type { Place, Scalar } from './located.js';

export const VALUE_TYPES = ['date', 'time', 'percentage', 'hours', 'minutes', 'integer'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export type ValueOrigin =
  /** The value of a source field; within `each`, of a field of the item. */
  | { readonly kind: 'from'; readonly path: string }
  | { readonly kind: 'constant'; readonly value: Scalar }
  /** The values of several source fields with a text between them; absent ones are left out. */
  | { readonly kind: 'join'; readonly paths: readonly string[]; readonly between: string }
  /** A value that the route's `employers:` gives for the employer whose id stands in `by` (from the record's root). */
  | { readonly kind: 'lookup'; readonly name: string; readonly by: string };

export interface ValueRule {
  readonly kind: 'value';
  readonly place: Place;
  readonly origin: ValueOrigin;
  /** In place of an absent value, as if the source had said it. */
  readonly default?: Scalar;
  /** Another rule, tried when the value is absent. */
  readonly otherwise?: ValueRule;
  readonly required: boolean;
  /** Characters to take out. */
  readonly remove?: string;
  /** Code table: code to meaning in an in-mapping, meaning to code in an out-mapping. */
  readonly codes?: string;
  /** True when the value is this word, else false. */
  readonly is?: string;
  /** Checks the form; integers, times and minutes have another one in the domain than outside it. */
  readonly as?: ValueType;
  /** 100 minus the percentage. */
  readonly complement: boolean;
  /** Cuts to this many characters, and says so. */
  readonly truncate?: number;
  /** The route's privacy options decide whether this field goes over: where they forbid it, the rule rests. */
  readonly ifAllowed: boolean;
}

export interface ListRule {
  readonly kind: 'list';
  readonly place: Place;
  readonly origin: /** One item for each item of a source list. */
    | { readonly kind: 'each'; readonly path: string; readonly fields: readonly FieldRule[] }
    /** A fixed number of items. */
    | { readonly kind: 'list'; readonly items: readonly (readonly FieldRule[])[] };
  /** Tried when the list has no items. */
  readonly otherwise?: ListRule;
  readonly required: boolean;
  /** `skip`: an item that lacks a required field is left out and reported, instead of stopping the whole. */
  readonly incomplete: 'stop' | 'skip';
}

export type Rule = ValueRule | ListRule;

export interface FieldRule {
  /** Target path, relative to the item within a list. A path that ends in `[]` takes a list rule. */
  readonly target: string;
  readonly place: Place;
  readonly rule: Rule;
}

export const VALUE_ORIGINS = ['from', 'constant', 'join', 'lookup'] as const;
export const LIST_ORIGINS = ['each', 'list'] as const;
export const VALUE_KEYS: readonly string[] = [
  ...VALUE_ORIGINS,
  ...[
    'with',
    'by',
    'default',
    'otherwise',
    'required',
    'remove',
    'codes',
    'is',
    'as',
    'complement',
    'truncate',
  ],
  'ifAllowed',
];
export const LIST_KEYS: readonly string[] = [
  ...LIST_ORIGINS,
  'fields',
  'otherwise',
  'required',
  'incomplete',
];
