// What stays of a case once it has ended long ago: enough to know a late report of it again, and no person. The bridge
// keeps things as short as delivery needs (dutch-rules.md, section 1.8). Pure.
import type { CaseState } from './case-state.js';

/** Recovered or withdrawn: nothing more is to be told, unless the source comes back to it. */
export function hasEnded({ withdrawn, absence }: CaseState): boolean {
  return withdrawn || absence.ended;
}

/**
 * The case with its numbers, its course, its days, the marks of what was seen, and the ids of employer, employee and
 * employment. A case that has not ended stays as it is.
 */
export function forget(state: CaseState): CaseState {
  return hasEnded(state) ? withoutPeople(state) : state;
}

/** Also for an open case that is kept in full elsewhere. */
export function withoutPeople(state: CaseState): CaseState {
  const {
    caseId,
    laneCaseId,
    laneEmployment,
    sequence,
    notified,
    withdrawn,
    percentages,
    unsaid,
    seen,
    absence,
  } = state;
  const { employer, employee, employment } = state;
  return {
    caseId,
    laneCaseId,
    ...(laneEmployment && { laneEmployment }),
    ...(sequence !== undefined && { sequence }),
    notified,
    withdrawn,
    percentages,
    ...(unsaid && { unsaid }),
    employer: { id: employer.id },
    employee: idsOf(employee),
    employment: idsOf(employment),
    absence: {
      caseId: absence.caseId,
      firstDay: absence.firstDay,
      ended: absence.ended,
      ...(absence.recoveryDate !== undefined && { recoveryDate: absence.recoveryDate }),
    },
    seen,
    advisedPercentages: [],
    forgotten: true,
  };
}

/** The former id is the one that the receiver knows, as long as it is there. */
function idsOf({ id, previousId }: { readonly id: string; readonly previousId?: string }) {
  return { id, ...(previousId !== undefined && { previousId }) };
}
