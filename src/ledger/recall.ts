// A case that was forgotten (forget.ts) and that a source comes back to: what is no longer known is taken to be as the
// observation states it. So nothing that was forgotten counts as changed, and what has to be told has its people.
import type { Observation } from '../domain/observation.js';
import type { CaseState } from './case-state.js';
import type { Decision } from './decision.js';
import { forget } from './forget.js';
import { facts, peopleOf, whileAbsent } from './merge.js';

export function recall(state: CaseState, observation: Observation): CaseState {
  if (!state.forgotten) return state;
  const { forgotten, ...known } = state;
  const people = peopleOf(observation);
  const stated = { ...known.absence, ...facts(observation.absence) };
  const absence = known.absence.ended ? stated : whileAbsent(stated);
  return {
    ...known,
    ...people,
    employer: { ...people.employer, ...known.employer },
    employee: { ...people.employee, ...known.employee },
    employment: { ...people.employment, ...known.employment },
    absence: { ...absence, ...known.absence },
  };
}

/** Where nothing is told, nobody needs the people again. */
export function forgetAgain(state: CaseState | null, decision: Decision): Decision {
  if (!state?.forgotten || decision.outcome === 'told' || decision.outcome === 'held') return decision;
  return { ...decision, next: decision.next && forget(decision.next) };
}
