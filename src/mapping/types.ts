// Mappings as everybody else sees them.
import type { JsonObject } from '../connector.js';
import type { Problem } from '../errors.js';

/** A field that a mapping reads, with its place in the mapping file. */
export interface MappingRead {
  /** Source path without indexes, such as `employee.addresses[].town`. */
  readonly path: string;
  readonly file: string;
  /** 0 for an override of a route, whose `file` then names the field. */
  readonly line: number;
  /** The route's privacy options decide whether it goes over; where they forbid it, nothing is read. */
  readonly ifAllowed?: boolean;
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
      readonly output: JsonObject;
      /** What was shortened or left out, by path. */
      readonly notices: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Mapping {
  readonly system: string;
  readonly direction: 'in' | 'out';
  /** Pure and deterministic. */
  apply(source: JsonObject): Mapped;
  /** What can be mapped, whatever is wrong with the rest: to see whose record it is, never to go on with. Pure. */
  glimpse(source: JsonObject): JsonObject;
  readonly reads: readonly MappingRead[];
  /** Guessed codes in the tables that this mapping uses. */
  readonly guesses: readonly Guess[];
}

/** Values that a receiver wants per employer and that no source knows, from the route's `employers:`. */
export type EmployerLookup = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The fields that there are on both sides of a mapping; `[]` stands for any place in a list. */
export interface MappingFields {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

export interface MappingOptions {
  /** Name of the route, for the place of an error in its options. */
  readonly route?: string;
  /** Single fields that a route maps otherwise: target path -> rule, in the language of the mapping files; null leaves it out. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly employers?: EmployerLookup;
  /** Several mappings share `employers`: a value that this one does not look up is no mistake. */
  readonly sharesEmployers?: boolean;
  /** Refuse codes whose meaning is only a guess. */
  readonly strictCodes?: boolean;
}
