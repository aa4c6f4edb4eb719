// What the ledger holds of one absence case on one route: the last state that was accepted for that route.
import type { NotificationKind } from '../domain/notification.js';
import type { Absence, PercentageFrom } from '../domain/observation.js';
import type { AdministrationOffice, Employee, Employer, Employment } from '../domain/people.js';

export interface CaseState {
  readonly caseId: string;
  /** The lane of the case's deliveries; stays the first case id when the source renumbers the case. */
  readonly laneCaseId: string;
  /** Highest report number accepted from the source; absent when the source does not number. */
  readonly sequence?: number;
  /** Number of our own last notification of the case; 0 before the first. */
  readonly notified: number;
  readonly withdrawn: boolean;
  /** The whole course as known, oldest first, without the recovery. */
  readonly percentages: readonly PercentageFrom[];
  readonly administrationOffice?: AdministrationOffice;
  readonly employer: Employer;
  readonly employee: Employee;
  readonly employment: Employment;
  /** Remaining values of the absence as last stated. */
  readonly absence: Omit<Absence, 'percentages' | 'wholeCourse' | 'processing' | 'withdrawn' | 'sequence'>;
  /** Digests of the observations accepted so far, to tell a resend from a late correction. */
  readonly seen: readonly string[];
  /** Percentages that the arbodienst advised for this case (from the way back). */
  readonly advisedPercentages: readonly string[];
}

/** How an observation relates to the ledger; `told` means that notifications follow. */
export const COMPARISONS = [
  'told',
  'unchanged',
  'out-of-date',
  'held',
  'nothing-to-withdraw',
  'recovered-employee',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface NotificationSummary {
  readonly kind: NotificationKind;
  readonly sequence: number;
}
