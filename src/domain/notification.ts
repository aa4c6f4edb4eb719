// A notification: one thing that the receiver of a route has to be told about one absence case.
import type { Absence } from './observation.js';
import type {
  AdministrationOffice,
  Employee,
  Employer,
  Employment,
  Percentage,
  PlainDate,
} from './people.js';

export const NOTIFICATION_KINDS = [
  'SickReport',
  'AbsenceChange',
  'Recovery',
  'Correction',
  'Withdrawal',
  'EmployeeChange',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/**
 * The absence as this notification tells it: the ledger's present values, with the one change of percentage that the
 * notification is about in place of the course. `sequence` counts our own notifications of the case, from 1.
 */
export type NotifiedAbsence = Omit<
  Absence,
  'percentages' | 'wholeCourse' | 'processing' | 'withdrawn' | 'sequence' | 'effectiveDate'
> & {
  readonly sequence: number;
  readonly effectiveDate: PlainDate;
  readonly percentage: Percentage;
};

export interface Notification {
  readonly kind: NotificationKind;
  readonly administrationOffice?: AdministrationOffice;
  readonly employer: Employer;
  readonly employee: Employee;
  readonly employment: Employment;
  readonly absence: NotifiedAbsence;
}
