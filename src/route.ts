// A route, composed: from one connection to another, with its gate, its mappings and its target.
import type { Source, Target } from './connector.js';
import type { Mapping } from './mapping/types.js';
import type { Direction, GateOptions, PrivacyGate } from './privacy/gate.js';

export interface Route {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly options: GateOptions;
  readonly gate: PrivacyGate;
  readonly facts: { readonly targetIsTest?: boolean };
  readonly inMapping: Mapping;
  readonly outMapping: Mapping;
  readonly target: Target;
}

/** A source with the routes that start at it. */
export interface Inlet {
  readonly connection: string;
  readonly source: Source;
  readonly routes: readonly Route[];
}
