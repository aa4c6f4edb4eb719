// What a route may set, and what has to be known from elsewhere, when the gate clears an observation.
// The defaults are the strictest choices that the rules leave open.
import type { PercentageFrom } from '../domain/observation.js';
import type { Employee, Employer, Employment, Percentage } from '../domain/people.js';

/** From which kind of party to which. Only directions with a table let anything pass: see rules.ts. */
export interface Direction {
  readonly from: string;
  readonly to: string;
}

export interface GateOptions {
  /** `open-case`: the citizen service number goes over while the case is open, never otherwise. */
  readonly bsn: 'never' | 'open-case';
  /** Percentages other than 0 and 100: ask a person, pass those that the arbodienst advised, or pass all. */
  readonly partialPercentage: 'hold' | 'with-advice' | 'allow';
  /** Free text never goes over; `hold` shows a person that there was some before the rest goes. */
  readonly freeText: 'drop' | 'hold';
  /** `allow` when invoicing per cost centre is agreed. */
  readonly costCentres: 'drop' | 'allow';
  /** `allow` when only leave that is really registered in HR is filled in. */
  readonly statutoryLeave: 'drop' | 'allow';
  /** A reported labour conflict: ask a person (the report then goes without it), or pass it. */
  readonly conflict: 'hold' | 'allow';
  /** Name of a nursing address: ask a person when it seems to name a care institution, or always leave it out. */
  readonly nursingPlaceName: 'hold' | 'drop';
  /** Meanings of the code table for requested actions that may go over. */
  readonly actions: readonly string[];
  /** Meanings of the code table for the reason of the end that may go over. */
  readonly endReasons: readonly string[];
  /** On the way back: kinds of document that may be offered to the employer. */
  readonly documents: readonly string[];
  /** On the way back: names of places whose name and town may go with an appointment. */
  readonly places: readonly string[];
}

/** The lists of codes are empty because no meaning of these codes is verified (dutch-rules.md sections 2 and 6, point 4). */
export const DEFAULT_GATE_OPTIONS: GateOptions = {
  bsn: 'never',
  partialPercentage: 'hold',
  freeText: 'drop',
  costCentres: 'drop',
  statutoryLeave: 'drop',
  conflict: 'hold',
  nursingPlaceName: 'hold',
  actions: [],
  endReasons: [],
  documents: [],
  places: [],
};

/** The most that any route can be given: what does not pass under these never passes in this direction. */
export const WIDEST_GATE_OPTIONS: GateOptions = {
  bsn: 'open-case',
  partialPercentage: 'allow',
  freeText: 'drop',
  costCentres: 'allow',
  statutoryLeave: 'allow',
  conflict: 'allow',
  nursingPlaceName: 'hold',
  actions: ['any'],
  endReasons: ['any'],
  documents: ['any'],
  places: ['any'],
};

/** What this route has accepted of the case before; a ledger state has this shape. */
export interface Accepted {
  readonly employer: Employer;
  readonly employee: Employee;
  readonly employment: Employment;
  readonly percentages: readonly PercentageFrom[];
  readonly absence: { readonly therapeuticPercentage?: Percentage };
}

export interface GateFacts {
  /** Whether the target is for test messages; undefined when it knows no such thing. */
  readonly targetIsTest?: boolean | undefined;
  /** Percentages of absence that the arbodienst advised for this case. */
  readonly advisedPercentages: readonly Percentage[];
  /** Percentages of therapeutic work that the arbodienst advised for this case. */
  readonly advisedTherapeutic?: readonly Percentage[] | undefined;
  /** What a person released once is not held again when the source repeats it. */
  readonly accepted?: Accepted | undefined;
}
