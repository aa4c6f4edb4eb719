// What to tell of a case that the receiver knows. The order of the questions is the decision table in README.md.
import type { Observation } from '../domain/observation.js';
import type { CaseState } from './case-state.js';
import { type Change, changeOf, settled } from './change.js';
import { at, type Course, FULLY_ABSENT, include, RECOVERED, startingOn } from './course.js';
import {
  type Allowed,
  type Decision,
  type HeldCode,
  hasDisappeared,
  held,
  isWithdrawal,
  type Told,
} from './decision.js';
import { firstReport } from './first-report.js';
import { recoveryOf, untoldPeople } from './merge.js';
import { presentOf, type Step, tell } from './tell.js';

export function reportOnKnown(state: CaseState, observation: Observation, allowed: Allowed): Decision {
  const isApproved = (code: HeldCode) => allowed.approvals.includes(code);
  if (namesAnother(state, observation) && !isApproved('HELD_OTHER_EMPLOYEE'))
    return held('HELD_OTHER_EMPLOYEE');
  if (isWithdrawal(observation.absence)) {
    if (state.withdrawn) return { outcome: 'unchanged', next: null };
    if (!hasDisappeared(observation.absence)) return withdrawal(state);
    // What is over drops out of a list some day; that says nothing of it.
    if (state.absence.ended) return { outcome: 'unchanged', next: null };
    return isApproved('HELD_DISAPPEARED') ? withdrawal(state) : held('HELD_DISAPPEARED');
  }
  if (state.withdrawn) {
    if (!isApproved('HELD_AFTER_WITHDRAWAL')) return held('HELD_AFTER_WITHDRAWAL');
    return firstReport(observation, allowed, state);
  }
  const change = changeOf(state, observation);
  const surprise = surpriseIn(change, observation);
  if (surprise && !(surprise.approvable && isApproved(surprise.code))) return held(surprise.code);
  return change.next.absence.ended
    ? reportEnded(change, observation)
    : reportOpen(change, observation, surprise?.code === 'HELD_SECOND_SICK_REPORT');
}

/** A case that turns up with another employee may be a case number used twice: never hand one person's case on. */
function namesAnother(state: CaseState, { employee }: Observation): boolean {
  return employee.id !== state.employee.id && employee.previousId !== state.employee.id;
}

/** Told with the last values that were told, under the id that the receiver knows, even if the source has another. */
function withdrawal(state: CaseState): Told {
  const step: Step = { kind: 'Withdrawal', at: presentOf(state), ended: state.absence.ended };
  const told = tell(state, [step], { state });
  return { ...told, next: { ...told.next, withdrawn: true } };
}

function surpriseIn(
  { state, next, moved, plan }: Change,
  { absence }: Observation,
): { code: HeldCode; approvable: boolean } | null {
  const recovery = recoveryOf(absence, state.absence);
  if (absence.ended && recovery === undefined)
    return { code: 'HELD_RECOVERY_WITHOUT_DATE', approvable: false };
  if (recovery !== undefined && recovery < absence.firstDay) {
    return { code: 'HELD_RECOVERY_BEFORE_FIRST_DAY', approvable: false };
  }
  if (state.absence.ended && !next.absence.ended && absence.processing !== 'corrected') {
    return { code: 'HELD_PERCENTAGE_AFTER_RECOVERY', approvable: true };
  }
  const isLater = absence.sequence === undefined || absence.sequence !== state.sequence;
  const isOther = moved || plan.tellings.length > 0;
  if (!state.absence.ended && absence.processing === 'new' && isLater && isOther) {
    return { code: 'HELD_SECOND_SICK_REPORT', approvable: true };
  }
  return null;
}

function reportOpen(change: Change, observation: Observation, isSecond: boolean): Decision {
  const { state, next, moved, renamed, plan, facts, people } = change;
  const isCorrection = moved || renamed || isSecond || state.absence.ended;
  if (isCorrection || facts || plan.tellings.length > 0) {
    const isCorrected = isCorrection || (plan.tellings.length === 0 && isMarkedCorrected(observation));
    const steps = openSteps(change, isCorrected);
    return tell(afterTelling(change, steps), steps, { state, stated: observation });
  }
  const after = settled({ ...change, next }, plan.told);
  if (!people) return { outcome: 'unchanged', next: after };
  const step: Step = { kind: 'EmployeeChange', at: presentOf(after), ended: false };
  return tell(after, [step], { state, stated: observation });
}

function reportEnded(change: Change, observation: Observation): Decision {
  const { state, next, moved, renamed, plan, recoveryMoved, facts, people } = change;
  const recovery = { from: next.absence.recoveryDate ?? next.absence.firstDay, percentage: RECOVERED };
  const isOpen = !state.absence.ended;
  if (plan.tellings.length > 0 || (isOpen && (moved || renamed))) {
    // The course of an ended case can only be told while it is open, so it is opened for it and closed again.
    const steps = openSteps(change, moved || renamed || !isOpen);
    const end: Step = { kind: 'Recovery', at: recovery, ended: true };
    return tell(afterTelling(change, steps), [...steps, end], { state, stated: observation });
  }
  const after = settled(change, plan.told);
  if (isOpen) {
    const end: Step = { kind: 'Recovery', at: recovery, ended: true };
    return tell(after, [end], { state, stated: observation });
  }
  if (moved || renamed || recoveryMoved || facts) {
    const previous = recoveryMoved ? state.absence.recoveryDate : undefined;
    const end: Step = { kind: 'Correction', at: recovery, ended: true, ...formerOf(change) };
    const step = previous === undefined ? end : { ...end, previousEffectiveDate: previous };
    return tell(after, [step], { state, stated: observation });
  }
  if (!people) return { outcome: 'unchanged', next: after };
  return { outcome: 'recovered-employee', next: { ...after, ...untoldPeople(observation, state) } };
}

/** Every change of the course, or the present standing when something else is told; the first carries what moved. */
function openSteps(change: Change, isCorrected: boolean): Step[] {
  const { state, next, plan } = change;
  const last = startingOn(state.percentages, next.absence.firstDay).at(-1);
  const changes = plan.tellings.map(({ replaces, ...at }): Step => {
    const isNews = replaces === undefined && last !== undefined && at.from > last.from;
    const step: Step = { kind: isNews ? 'AbsenceChange' : 'Correction', at, ended: false };
    return replaces === undefined ? step : { ...step, previousEffectiveDate: replaces };
  });
  const [first, ...later] = changes.length > 0 ? changes : [standing(change, isCorrected)];
  if (!first) return [];
  return [{ ...first, ...(isCorrected && { kind: 'Correction' }), ...formerOf(change) }, ...later];
}

/** On the day that the observation speaks of, where that cannot be taken for a step back. */
function standing({ next, visible, plan, stated }: Change, isCorrected: boolean): Step {
  const last = plan.told.at(-1) ?? { from: next.absence.firstDay, percentage: FULLY_ABSENT };
  const entry = stated === undefined ? undefined : at(visible, stated);
  const isFit = entry && (isCorrected || entry.from >= last.from);
  const kind = isCorrected ? 'Correction' : 'AbsenceChange';
  return { kind, at: isFit ? entry : last, ended: false };
}

function formerOf({ state, moved, renamed }: Change): Pick<Step, 'previousCaseId' | 'previousFirstDay'> {
  return {
    ...(renamed && { previousCaseId: state.caseId }),
    ...(moved && { previousFirstDay: state.absence.firstDay }),
  };
}

function afterTelling(change: Change, steps: readonly Step[]): CaseState {
  const told = steps.reduce<Course>((course, step) => include(course, step.at), change.plan.told);
  return settled(change, told);
}

function isMarkedCorrected({ absence }: Observation): boolean {
  return absence.processing === 'corrected';
}
