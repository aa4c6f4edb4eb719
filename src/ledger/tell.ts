// Writes notifications out: each tells one step of a case with the ledger's present values around it, and takes the
// next number of the case.
import type { Notification, NotificationKind, NotifiedAbsence } from '../domain/notification.js';
import type { Observation, PercentageFrom } from '../domain/observation.js';
import type { Employee, Employment, PlainDate } from '../domain/people.js';
import type { CaseState } from './case-state.js';
import { FULLY_ABSENT, RECOVERED } from './course.js';
import type { Told } from './decision.js';
import { settledEmployee, settledEmployment, whileAbsent } from './merge.js';

export interface Step {
  readonly kind: NotificationKind;
  /** Day from which this holds, and the percentage from that day on. */
  readonly at: PercentageFrom;
  /** Whether the absence has ended once this was told. */
  readonly ended: boolean;
  readonly previousCaseId?: string;
  readonly previousFirstDay?: PlainDate;
  readonly previousEffectiveDate?: PlainDate;
}

export interface Occasion {
  /** The state before; null for an unknown case. */
  readonly state: CaseState | null;
  /** The people as the observation states them, with their former ids; absent when only the ledger speaks. */
  readonly stated?: Pick<Observation, 'employee' | 'employment'>;
}

/** `next` is the state after the steps but for its number. */
export function tell(next: CaseState, steps: readonly Step[], occasion: Occasion): Told {
  const notifications = steps.map((step, index) => write(next, { step, index, occasion }));
  const known = { employee: settledEmployee(next.employee), employment: settledEmployment(next.employment) };
  return {
    outcome: 'told',
    notifications,
    next: { ...next, ...known, notified: next.notified + steps.length },
  };
}

function write(
  next: CaseState,
  { step, index, occasion }: { step: Step; index: number; occasion: Occasion },
): Notification {
  const { actions, ...known } = step.ended ? next.absence : whileAbsent(next.absence);
  const { previousCaseId, previousFirstDay, previousEffectiveDate } = step;
  const absence: NotifiedAbsence = {
    ...known,
    ended: step.ended,
    sequence: next.notified + index + 1,
    effectiveDate: step.at.from,
    percentage: step.at.percentage,
    ...(previousCaseId !== undefined && { previousCaseId }),
    ...(previousFirstDay !== undefined && { previousFirstDay }),
    ...(previousEffectiveDate !== undefined && { previousEffectiveDate }),
    ...(index === 0 && isNewRequest(next, occasion) && actions && { actions }),
  };
  const { employer, administrationOffice } = next;
  return {
    kind: step.kind,
    ...(administrationOffice && { administrationOffice }),
    employer,
    employee: index === 0 ? employeeOf(next, occasion) : settledEmployee(next.employee),
    employment: index === 0 ? employmentOf(next, occasion) : settledEmployment(next.employment),
    absence,
  };
}

/** A request to the receiver is made once, not again with every later notification. */
function isNewRequest(next: CaseState, { state }: Occasion): boolean {
  return state === null || state.absence.actions !== next.absence.actions;
}

/** With the id by which the receiver knows the employee, if that is another. */
function employeeOf(next: CaseState, { state, stated }: Occasion): Employee {
  if (!stated) return next.employee;
  if (state === null) return stated.employee;
  const knownId = state.employee.previousId ?? state.employee.id;
  if (knownId === stated.employee.id) return settledEmployee(stated.employee);
  return { ...stated.employee, previousId: knownId };
}

function employmentOf(next: CaseState, { state, stated }: Occasion): Employment {
  if (!stated) return next.employment;
  const { id, personnelNumber } = stated.employment;
  const isKnown = state?.employment.id === id && state.employment.personnelNumber === personnelNumber;
  if (!isKnown) return stated.employment;
  const formerId = state.employment.previousId;
  const settled = settledEmployment(stated.employment);
  return formerId === undefined ? settled : { ...settled, previousId: formerId };
}

/** Where a case stands: the recovery when it has ended, else the last percentage that was told. */
export function presentOf(state: CaseState): PercentageFrom {
  const last = state.percentages.at(-1) ?? { from: state.absence.firstDay, percentage: FULLY_ABSENT };
  const { ended, recoveryDate } = state.absence;
  return ended ? { from: recoveryDate ?? last.from, percentage: RECOVERED } : last;
}
