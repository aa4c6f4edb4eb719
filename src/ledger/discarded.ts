// What the ledger keeps when a person decides that an observation is not to be told: that it was there. Older reports of
// the case are then out of date, and a resend can still tell it.
import type { Observation } from '../domain/observation.js';
import type { CaseState } from './case-state.js';
import { openingState } from './first-report.js';

/** `state` is the ledger's, null when it knows nothing of the case. The discarded report itself may come in again. */
export function afterDiscard(state: CaseState | null, observation: Observation): CaseState {
  if (state === null) return openingState(observation, null);
  const { sequence } = observation.absence;
  if (sequence === undefined) return state;
  return { ...state, sequence: Math.max(sequence, state.sequence ?? sequence) };
}
