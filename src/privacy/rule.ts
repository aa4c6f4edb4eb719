// What a rule is: which fields it decides on, its verdict, and the reason and source that a privacy officer can check.
// The rules themselves stand in the table of their direction.

export const CONDITIONS = [
  'bsn-in-open-case',
  'partner-name-used',
  'death',
  'home-or-nursing',
  'nursing-place',
  'work-kinds',
  'cost-centres',
  'partial-percentage',
  'listed-cause',
  'safety-net',
  'statutory-leave',
  'conflict',
  'therapeutic',
  'end-reason',
  'action',
  'free-text',
  'death-on-return',
  'employers-own',
  'reference',
  'opaque-key',
  'instant',
  'appointment-status',
  'appointment-form',
  'listed-place',
  'neutral-word',
  'advice-text',
  'scanned-text',
  'result-outcome',
  'listed-document',
] as const;
/** Names of the decisions in conditions.ts. */
export type ConditionName = (typeof CONDITIONS)[number];

export type Verdict = 'allow' | 'allow-if' | 'hold' | 'drop';

/** How sure a source is: primary page seen, secondary page, general knowledge, own design decision. */
export type Certainty = 'P' | 'S' | 'K' | 'D';

export interface Rule {
  /** `EA-07` is row 7 of the direction, `AE-` begins those of the other way; a letter tells parts of a row apart. */
  readonly id: string;
  /** Paths of the field catalogue, without indexes. */
  readonly paths: readonly string[];
  readonly verdict: Verdict;
  /** What decides in `allow-if` and `hold`. */
  readonly condition?: ConditionName;
  /** The rule that carries this row's fields, when two rows of the book share them. */
  readonly coveredBy?: string;
  /** What it is about, for a privacy officer. */
  readonly what: string;
  readonly why: string;
  readonly source: string;
  readonly sure: readonly Certainty[];
}
