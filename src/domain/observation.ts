// An observation: what a source says about one absence case at one moment. Sources repeat themselves, lose changes and
// correct them, so an observation is not an event; comparing it with the ledger gives the notifications.
import type {
  AdministrationOffice,
  Contact,
  Employee,
  Employer,
  Employment,
  Percentage,
  PlainDate,
} from './people.js';

/** What the source says it did with the case. Absent for sources that only show a state. */
export const PROCESSINGS = ['new', 'changed', 'removed', 'unchanged', 'corrected'] as const;
export type Processing = (typeof PROCESSINGS)[number];

export interface PercentageFrom {
  /** First day on which the percentage holds. */
  readonly from: PlainDate;
  /** Share absent: 100.00 is fully absent. */
  readonly percentage: Percentage;
}

export interface Absence {
  readonly caseId: string;
  /** Set when the source renumbered the case: the receiver must re-key, not open a second case. */
  readonly previousCaseId?: string;
  /** Number of the report within the case at the source; a lower one is out of date. Absent for state sources. */
  readonly sequence?: number;
  readonly processing?: Processing;
  /** The case should never have been reported. */
  readonly withdrawn: boolean;
  readonly firstDay: PlainDate;
  readonly previousFirstDay?: PlainDate;
  /** Day from which the reported change holds, and the wrong one that it corrects. */
  readonly effectiveDate?: PlainDate;
  readonly previousEffectiveDate?: PlainDate;
  /** The percentages that the source states, oldest first: one entry, or the whole course. */
  readonly percentages: readonly PercentageFrom[];
  /** True when `percentages` is the whole course; false when it is one change of it. */
  readonly wholeCourse?: boolean;
  readonly ended: boolean;
  readonly recoveryDate?: PlainDate;
  readonly employerRecoveryDate?: PlainDate;
  readonly expectedRecovery?: PlainDate;
  /** Day on which the absence was reported to the employer. */
  readonly reportDate?: PlainDate;
  readonly specialReason?: string;
  readonly cause?: string;
  readonly safetyNet?: string;
  readonly endReason?: string;
  readonly statutoryLeave?: string;
  readonly conflict?: boolean;
  readonly therapeuticPercentage?: Percentage;
  readonly contacts?: readonly Contact[];
  readonly actions?: readonly { readonly action?: string }[];
  readonly notes?: readonly { readonly text?: string }[];
}

export interface Observation {
  /** The sender's message: its reference, and whether it is marked as a test. */
  readonly message?: { readonly reference?: string; readonly test?: boolean };
  readonly administrationOffice?: AdministrationOffice;
  readonly employer: Employer;
  readonly employee: Employee;
  readonly employment: Employment;
  readonly absence: Absence;
}
