// Telling a case from its beginning: to a receiver that was never told of it, or after it was withdrawn, or again
// because a person asked for it. The one account is: sick from the first day, each later percentage, the recovery.
import type { Observation, PercentageFrom } from '../domain/observation.js';
import type { CaseState, LaneEmployment } from './case-state.js';
import { before, beyond, courseFrom, RECOVERED, steps } from './course.js';
import { type Allowed, type Decision, hasDisappeared, held, isWithdrawal } from './decision.js';
import { mergeAbsence, peopleOf, recoveryOf } from './merge.js';
import { presentOf, type Step, tell } from './tell.js';

/** `former` is what the ledger holds of a case that the receiver does not know (any more): its lane and its numbers. */
export function firstReport(
  observation: Observation,
  allowed: Allowed,
  former: CaseState | null = null,
): Decision {
  const { absence } = observation;
  // Nothing is recorded: it may be shown again, and is then a report as any other.
  if (hasDisappeared(absence)) return { outcome: 'nothing-to-withdraw', next: null };
  const next = openingState(observation, former);
  if (isWithdrawal(absence)) return { outcome: 'nothing-to-withdraw', next: { ...next, withdrawn: true } };
  if (!absence.ended) return tell(next, account(next), { state: null, stated: observation });

  const recovery = recoveryOf(absence);
  if (recovery === undefined) return held('HELD_RECOVERY_WITHOUT_DATE');
  if (recovery < absence.firstDay) return held('HELD_RECOVERY_BEFORE_FIRST_DAY');
  const isWhole = absence.wholeCourse === true;
  const isApproved = former?.withdrawn || allowed.approvals.includes('HELD_RECOVERY_WITHOUT_SICKNESS');
  if (!isWhole && !isApproved) return held('HELD_RECOVERY_WITHOUT_SICKNESS');
  const isHistory = isWhole && allowed.recoveredBefore !== undefined && recovery < allowed.recoveredBefore;
  if (isHistory) return { outcome: 'unchanged', next };
  return tell(next, account(next), { state: null, stated: observation });
}

/** The state that the observation alone gives, in the lane and with the numbers that the case had. */
export function openingState(observation: Observation, former: CaseState | null): CaseState {
  const { absence } = observation;
  const kept = mergeAbsence(absence);
  const course = courseFrom(absence.firstDay, endless(observation));
  const told = steps(kept.recoveryDate === undefined ? course : before(course, kept.recoveryDate));
  const unsaid = beyond(course, told);
  return {
    caseId: absence.caseId,
    laneCaseId: former?.laneCaseId ?? absence.caseId,
    laneEmployment: former?.laneEmployment ?? laneEmploymentOf(former ?? observation),
    ...(absence.sequence !== undefined && { sequence: absence.sequence }),
    notified: former?.notified ?? 0,
    withdrawn: false,
    percentages: told,
    ...(unsaid.length > 0 && { unsaid }),
    ...peopleOf(observation),
    absence: kept,
    seen: former?.seen ?? [],
    advisedPercentages: former?.advisedPercentages ?? [],
    ...(former?.advisedTherapeutic && { advisedTherapeutic: former.advisedTherapeutic }),
  };
}

/** By the ids that a receiver may know already. */
export function laneEmploymentOf({
  employee,
  employment,
}: Pick<Observation, 'employee' | 'employment'>): LaneEmployment {
  return {
    employeeId: employee.previousId ?? employee.id,
    employmentId: employment.previousId ?? employment.id,
  };
}

/** The stated percentages but for those that only say that the absence has ended. */
export function endless({ absence }: Observation, known?: CaseState['absence']): readonly PercentageFrom[] {
  const recovery = recoveryOf(absence, known);
  if (recovery === undefined) return absence.percentages;
  return absence.percentages.filter((entry) => {
    if (!absence.wholeCourse) return entry.from < recovery && entry.percentage !== RECOVERED;
    return entry.from < recovery || (entry.from <= absence.firstDay && entry.percentage !== RECOVERED);
  });
}

/** The steps that tell a receiver without knowledge of the case all that `state` says. */
export function account(state: CaseState): Step[] {
  const [first, ...later] = steps(state.percentages);
  const opening: Step[] = first ? [{ kind: 'SickReport', at: first, ended: false }] : [];
  const changes = later.map((at): Step => ({ kind: 'AbsenceChange', at, ended: false }));
  const end: Step[] = state.absence.ended ? [{ kind: 'Recovery', at: presentOf(state), ended: true }] : [];
  return [...opening, ...changes, ...end];
}
