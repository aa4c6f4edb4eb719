// A route, composed: from one connection to another, with its gate, its mappings and its target. It carries absences,
// or what an arbodienst says on the way back.
import type { ReturnKind, Source, Target } from './connector.js';
import type { Mapping } from './mapping/types.js';
import type { Direction, GateOptions, PrivacyGate, ReturnGate } from './privacy/gate.js';

interface AnyRoute {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly options: GateOptions;
  readonly facts: { readonly targetIsTest?: boolean };
  readonly target: Target;
}

export interface AbsenceRoute extends AnyRoute {
  readonly carries?: 'absences';
  readonly gate: PrivacyGate;
  readonly inMapping: Mapping;
  readonly outMapping: Mapping;
}

export type ReturnMappings = Readonly<Partial<Record<ReturnKind, Mapping>>>;

export type EmployerIds = Readonly<Record<string, string>>;

export interface ReturnRoute extends AnyRoute {
  readonly carries: 'returns';
  readonly gate: ReturnGate;
  /** Without an in-mapping the source gives nothing of that kind; without an out-mapping the target does not take it. */
  readonly mappings: { readonly in: ReturnMappings; readonly out: ReturnMappings };
  /** Names of the routes whose cases and deliveries this route's source may speak about. */
  readonly answers: readonly string[];
  /** Of each of those routes: under which number its receiver was told of an employer, by our own id. */
  readonly employerIds: Readonly<Record<string, EmployerIds>>;
  /** Which results of our own messages the employer is told. */
  readonly results: 'refused' | 'all';
}

export type Route = AbsenceRoute | ReturnRoute;

/** A source with the routes that start at it. */
export interface Inlet {
  readonly connection: string;
  readonly source: Source;
  readonly routes: readonly Route[];
}
