// Mappings as everybody else sees them.
import type { JsonObject } from '../connector.js';
import type { Problem } from '../errors.js';

/** A field that a mapping reads, with its place in the mapping file. */
export interface MappingRead {
  /** Source path without indexes, such as `employee.addresses[].town`. */
  readonly path: string;
  readonly file: string;
  readonly line: number;
}

/** A code whose meaning nobody confirmed. */
export interface Guess {
  readonly table: string;
  readonly code: string;
  readonly meaning: string;
  readonly source: string;
  readonly file: string;
  readonly line: number;
}

export type Mapped =
  | {
      readonly ok: true;
      readonly output: JsonObject /** What was shortened, by path. */;
      readonly notices: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Mapping {
  readonly system: string;
  readonly direction: 'in' | 'out';
  /** Pure and deterministic. */
  apply(source: JsonObject): Mapped;
  readonly reads: readonly MappingRead[];
  /** Guessed codes in the tables that this mapping uses. */
  readonly guesses: readonly Guess[];
}

/** Values that a receiver wants per employer and that no source knows, from the route's `employers:`. */
export type EmployerLookup = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface MappingOptions {
  /** Single fields that a route maps otherwise: target path -> rule, in the language of the mapping files. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly employers?: EmployerLookup;
  /** Refuse codes whose meaning is only a guess. */
  readonly strictCodes?: boolean;
}
