// A case that a source no longer shows: only an absence that is open at the receiver is a question for a person.
import { describe, expect, it } from '@jest/globals';
import type { Absence, Observation } from '../../src/domain/observation.js';
import { ERRORS, type ErrorCode } from '../../src/errors.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { compare } from '../../src/ledger/compare.js';
import { frozen } from '../support/ledger-run.js';
import { plainObservation } from '../support/plain-observation.js';
import { cleared } from '../support/store-material.js';

const shown = (absence: Partial<Absence> = {}) =>
  plainObservation({ absence: { wholeCourse: true, ...absence } });
const recovered = shown({ ended: true, recoveryDate: '2026-03-16' });

/** Ids and the first day, as much as is left to say. */
const gone: Observation = {
  employer: { id: 'W-7' },
  employee: { id: '007' },
  employment: { id: 'D-1' },
  absence: {
    caseId: 'C-1',
    firstDay: '2026-03-02',
    withdrawn: true,
    percentages: [],
    wholeCourse: true,
    ended: false,
  },
};

function report(state: CaseState | null, observation: Observation, ...approvals: ErrorCode[]) {
  return compare(state && cleared(frozen(state)), cleared(frozen(observation)), approvals);
}

function stateAfter(observation: Observation): CaseState {
  const result = report(null, observation);
  if (result.outcome !== 'told') throw new Error(result.outcome);
  return result.next;
}

describe('a case that the source no longer shows', () => {
  it('is held while it is open; approved, it is withdrawn with the last values told', () => {
    const open = stateAfter(shown());
    expect(report(open, gone)).toEqual({
      outcome: 'held',
      code: 'HELD_DISAPPEARED',
      reason: ERRORS.HELD_DISAPPEARED.text,
    });
    expect(report(open, gone, 'HELD_DISAPPEARED')).toMatchObject({
      outcome: 'told',
      notifications: [
        {
          kind: 'Withdrawal',
          employee: { lastName: 'Voorbeeld' },
          absence: { percentage: '100.00', effectiveDate: '2026-03-02', sequence: 2 },
        },
      ],
      next: { withdrawn: true },
    });
  });

  it('is told nothing of when it had recovered, also when it was forgotten long ago', () => {
    const state = stateAfter(recovered);
    const forgotten: CaseState = { ...state, forgotten: true };
    for (const known of [state, forgotten])
      expect(report(known, gone)).toEqual({ outcome: 'unchanged', next: null });
  });

  it('is told nothing of when it was withdrawn', () => {
    const withdrawn = { ...stateAfter(shown()), withdrawn: true };
    expect(report(withdrawn, gone)).toEqual({ outcome: 'unchanged', next: null });
  });

  it('leaves no trace when the receiver never heard of it, and is an ordinary report once it is shown', () => {
    expect(report(null, gone)).toEqual({ outcome: 'nothing-to-withdraw', next: null });
    const history = compare(null, cleared(recovered), [], { recoveredBefore: '2026-06-01' });
    if (history.outcome !== 'unchanged' || !history.next) throw new Error(history.outcome);
    expect(report(history.next, gone)).toEqual({ outcome: 'nothing-to-withdraw', next: null });
    expect(report(null, shown())).toMatchObject({ outcome: 'told', notifications: [{ kind: 'SickReport' }] });
  });

  it('and that turns up again after it was withdrawn is held as any report after a withdrawal', () => {
    const told = report(stateAfter(shown()), gone, 'HELD_DISAPPEARED');
    if (told.outcome !== 'told') throw new Error(told.outcome);
    expect(report(told.next, shown())).toMatchObject({ outcome: 'held', code: 'HELD_AFTER_WITHDRAWAL' });
  });

  it('of another employee is asked about as that, first', () => {
    const other = { ...gone, employee: { id: '008' } };
    expect(report(stateAfter(shown()), other)).toMatchObject({ code: 'HELD_OTHER_EMPLOYEE' });
  });

  it('is no disappearance when the source says that it withdraws one report', () => {
    const absence = { ...gone.absence, wholeCourse: false };
    const open = stateAfter(shown());
    expect(report(open, { ...gone, absence })).toMatchObject({ outcome: 'told' });
  });
});
