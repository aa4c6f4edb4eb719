// A ledger in memory around compare: finds the state of each observation the way intake does, and keeps it as text
// between batches, as a store would.
import type { Notification } from '../../src/domain/notification.js';
import type { Observation } from '../../src/domain/observation.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { type CompareResult, compare } from '../../src/ledger/compare.js';
import { reopen } from '../../src/privacy/gate.js';

export interface Run {
  readonly notifications: readonly Notification[];
  readonly results: readonly { readonly observation: Observation; readonly result: CompareResult }[];
  readonly states: ReadonlyMap<string, CaseState>;
}

export function runBatches(batches: readonly (readonly Observation[])[]): Run {
  const notifications: Notification[] = [];
  const results: { observation: Observation; result: CompareResult }[] = [];
  let kept = '[]';
  for (const batch of batches) {
    const states = new Map<string, CaseState>(JSON.parse(kept));
    for (const observation of batch) {
      const result = compareAgainst(states, observation);
      results.push({ observation, result });
      if (result.outcome === 'told') notifications.push(...result.notifications);
      if (result.outcome !== 'held' && result.next) states.set(observation.absence.caseId, result.next);
    }
    kept = JSON.stringify([...states]);
  }
  return { notifications, results, states: new Map<string, CaseState>(JSON.parse(kept)) };
}

export function run(observations: readonly Observation[]): Run {
  return runBatches([observations]);
}

function compareAgainst(states: ReadonlyMap<string, CaseState>, observation: Observation): CompareResult {
  const { caseId, previousCaseId } = observation.absence;
  const state = states.get(caseId) ?? states.get(previousCaseId ?? caseId);
  return compare(state ? reopen(frozen(state)) : null, reopen(frozen(observation)));
}

/** Deep-frozen, so that a change of an input throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
