// The privacy report of a route as data: what `privacy-report --format json` prints. Others read it: add, never rename.
import type { Direction, GateOptions } from './options.js';
import type { Certainty, Verdict } from './rule.js';
import type { Carries } from './rules.js';

/** A route of the configuration has this shape. */
export interface ReportedRoute {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly options: GateOptions;
}

export interface ReportField {
  readonly path: string;
  /** The field in words, such as "employee: date of birth". */
  readonly name: string;
  /** How its text is looked through before it goes over; null when it is not. */
  readonly scanned: string | null;
}

export interface ReportRule {
  readonly id: string;
  readonly verdict: Verdict;
  readonly what: string;
  readonly when: string;
  readonly why: string;
  readonly source: string;
  readonly sure: readonly Certainty[];
  readonly fields: readonly ReportField[];
}

export interface PrivacyReport {
  readonly route: string;
  readonly from: { readonly connection: string; readonly party: string };
  readonly to: { readonly connection: string; readonly party: string };
  /** False when the direction has no table: then nothing goes over. */
  readonly built: boolean;
  /** Null when nothing goes over. */
  readonly carries: Carries | null;
  /** Those that have a say in this direction. */
  readonly options: Partial<GateOptions>;
  readonly goesOver: readonly ReportRule[];
  readonly goesOverOnCondition: readonly ReportRule[];
  readonly heldForPerson: readonly ReportRule[];
  readonly neverGoesOver: readonly ReportRule[];
}
