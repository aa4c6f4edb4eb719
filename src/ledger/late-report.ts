// A report with a lower number than the ledger's. It changes nothing, unless it corrects or withdraws something and was
// never seen before: then a person decides whether it still holds.
import type { Observation } from '../domain/observation.js';
import type { CaseState } from './case-state.js';
import { type Mark, wasSeen } from './content.js';
import { type Allowed, type Decision, held, isWithdrawal } from './decision.js';
import { reportOnKnown } from './known-case.js';

/** A renumbered case counts anew, so its first report under the new number is never late. */
export function isLate(state: CaseState, { absence }: Observation): boolean {
  if (absence.sequence === undefined || state.sequence === undefined) return false;
  return absence.sequence < state.sequence && absence.previousCaseId !== state.caseId;
}

export function reportLate(
  state: CaseState,
  { observation, mark, allowed }: { observation: Observation; mark: Mark; allowed: Allowed },
): Decision {
  const { absence } = observation;
  const mends = absence.processing === 'corrected' || isWithdrawal(absence);
  if (!mends || state.withdrawn || wasSeen(state.seen, mark.content)) {
    return { outcome: 'out-of-date', next: null };
  }
  if (!allowed.approvals.includes('HELD_LATE_CORRECTION')) return held('HELD_LATE_CORRECTION');
  return reportOnKnown(state, inPresent(observation, state), allowed);
}

/** What a late correction still says: nothing of the people, and nothing of a recovery or a reopening since. */
function inPresent(observation: Observation, state: CaseState): Observation {
  const { contacts, recoveryDate, sequence, ...absence } = observation.absence;
  const { administrationOffice, ...rest } = observation;
  const known = state.absence;
  const recovery = (absence.ended ? recoveryDate : undefined) ?? known.recoveryDate;
  return {
    ...rest,
    employer: state.employer,
    employee: state.employee,
    employment: state.employment,
    absence: {
      ...absence,
      processing: absence.processing === 'removed' ? 'removed' : 'corrected',
      ended: known.ended,
      percentages: absence.ended && !known.ended ? [] : absence.percentages,
      ...(known.ended && recovery !== undefined && { recoveryDate: recovery }),
    },
  };
}
