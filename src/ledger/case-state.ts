// What the ledger holds of one absence case on one route: the last state that was accepted for that route.
import type { Absence, PercentageFrom } from '../domain/observation.js';
import type { AdministrationOffice, Employee, Employer, Employment } from '../domain/people.js';

export interface LaneEmployment {
  readonly employeeId: string;
  readonly employmentId: string;
}

export interface CaseState {
  readonly caseId: string;
  /** The lane of the case's deliveries; stays the first case id when the source renumbers the case. */
  readonly laneCaseId: string;
  /**
   * For targets whose lane is the employment: the ids with which the ledger met the case. They stay when employee or
   * employment are renumbered, so that nothing overtakes what is still on its way. Absent in states of before 0.2.0.
   */
  readonly laneEmployment?: LaneEmployment;
  /** Highest report number accepted from the source; absent when the source does not number. */
  readonly sequence?: number;
  /** Number of our own last notification of the case; 0 before the first. */
  readonly notified: number;
  readonly withdrawn: boolean;
  /** The course exactly as the receiver was told it, oldest first, from the first day on, without the recovery. */
  readonly percentages: readonly PercentageFrom[];
  /**
   * Changes that the source stated and the receiver was not told: they repeat the percentage before them, or lie on
   * or after the recovery. Kept because a later correction can make them matter. Absent when there are none.
   */
  readonly unsaid?: readonly PercentageFrom[];
  readonly administrationOffice?: AdministrationOffice;
  readonly employer: Employer;
  /** With a previous id only as long as the receiver was not told of the new one. */
  readonly employee: Employee;
  readonly employment: Employment;
  /** Remaining values of the absence as last stated; never with notes, an effective date or anything "previous". */
  readonly absence: Omit<Absence, 'percentages' | 'wholeCourse' | 'processing' | 'withdrawn' | 'sequence'>;
  /** Marks of the numbered observations accepted so far (see content.ts), to tell a resend from a late correction. */
  readonly seen: readonly string[];
  /** Percentages that the arbodienst advised for this case (from the way back). */
  readonly advisedPercentages: readonly string[];
  /** Percentages of therapeutic work that it advised; absent when it advised none. */
  readonly advisedTherapeutic?: readonly string[];
  /** Set once the case was reduced to what later reports about it need: see forget.ts. */
  readonly forgotten?: true;
}
