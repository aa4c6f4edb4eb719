// A case that ended long ago keeps no person, and is still known again: repeats are silent, corrections are told whole.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Observation } from '../../src/domain/observation.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { compare, resendAll } from '../../src/ledger/compare.js';
import { forget } from '../../src/ledger/forget.js';
import { derive } from '../../src/privacy/gate.js';
import { histories } from '../support/history-arbitrary.js';
import { run } from '../support/ledger-run.js';
import { type PlainChanges, plainObservation } from '../support/plain-observation.js';
import { cleared } from '../support/store-material.js';

const RECOVERED = {
  sequence: 2,
  percentages: [],
  ended: true,
  recoveryDate: '2026-03-16',
  endReason: '01',
  cause: '02',
} as const;

const sick = plainObservation({ absence: { sequence: 1, reportDate: '2026-03-02' } });
const recovered = (changes: PlainChanges = {}): Observation =>
  plainObservation({ ...changes, absence: { ...RECOVERED, ...changes.absence } });

function stateAfter(...observations: readonly Observation[]): CaseState {
  const state = run(observations).states.get('C-1');
  if (!state) throw new Error('no state');
  return state;
}

const whole = stateAfter(sick, recovered());
const forgotten = derive(cleared(whole), forget);
const report = (observation: Observation, ...approvals: Parameters<typeof compare>[2] & object) =>
  compare(forgotten, cleared(observation), approvals);

describe('a forgotten case', () => {
  it('keeps numbers, course, days, marks and ids, and nothing else', () => {
    expect(forget(whole)).toEqual({
      caseId: 'C-1',
      laneCaseId: 'C-1',
      laneEmployment: { employeeId: '007', employmentId: 'D-1' },
      sequence: 2,
      notified: 2,
      withdrawn: false,
      percentages: [{ from: '2026-03-02', percentage: '100.00' }],
      employer: { id: 'W-7' },
      employee: { id: '007' },
      employment: { id: 'D-1' },
      absence: { caseId: 'C-1', firstDay: '2026-03-02', ended: true, recoveryDate: '2026-03-16' },
      seen: whole.seen,
      advisedPercentages: [],
      forgotten: true,
    });
    expect(whole.seen).toHaveLength(2);
    expect(forget(forget(whole))).toEqual(forget(whole));
  });

  it('keeps the former id of an employee as long as the receiver knows no other', () => {
    const employee = { id: '008', previousId: '007', lastName: 'Voorbeeld' };
    expect(forget({ ...whole, employee }).employee).toEqual({ id: '008', previousId: '007' });
  });

  it('was withdrawn, or has recovered: an open one stays as it is', () => {
    const open = stateAfter(sick);
    expect(forget(open)).toBe(open);
    expect(forget({ ...open, withdrawn: true })).toMatchObject({ withdrawn: true, forgotten: true });
  });

  it.each([
    ['the last report again', recovered()],
    ['a change of the employee', recovered({ employee: { lastName: 'Anders' }, absence: { sequence: 3 } })],
    ['facts that it no longer knows', recovered({ absence: { sequence: 3, cause: '03', conflict: true } })],
    ['the report of the sickness again', sick],
  ])('is told nothing of %s, and stays forgotten', (_what, observation) => {
    const result = report(observation);
    if (result.outcome === 'told' || result.outcome === 'held') throw new Error(result.outcome);
    expect(['unchanged', 'out-of-date']).toContain(result.outcome);
    const { sequence, seen, ...rest } = result.next ?? forgotten;
    expect({ ...rest, sequence: 2, seen: forgotten.seen }).toEqual(forgotten);
  });

  it('stays as it is when a source that shows states shows it again', () => {
    const { sequence, ...absence } = recovered({ absence: { cause: '03' } }).absence;
    const percentages = whole.percentages;
    const shown = { ...recovered(), absence: { ...absence, wholeCourse: true, percentages } };
    expect(report(shown)).toEqual({ outcome: 'unchanged', next: null });
  });

  it('keeps the id that the receiver knows when the employee is renumbered', () => {
    const renumbered = recovered({ employee: { id: '008', previousId: '007' }, absence: { sequence: 3 } });
    const result = report(renumbered);
    expect(result).toMatchObject({ outcome: 'recovered-employee' });
    expect(result).toMatchObject({ next: { employee: { id: '008', previousId: '007' }, forgotten: true } });
  });

  it('still holds a report about somebody else', () => {
    const other = recovered({ employee: { id: '009' }, absence: { sequence: 3 } });
    expect(report(other)).toMatchObject({ outcome: 'held', code: 'HELD_OTHER_EMPLOYEE' });
  });

  it('takes another recovery day as a correction, with the people of the observation', () => {
    const result = report(recovered({ absence: { sequence: 3, recoveryDate: '2026-03-17' } }));
    expect(result).toMatchObject({
      outcome: 'told',
      notifications: [
        {
          kind: 'Correction',
          employee: { id: '007', lastName: 'Voorbeeld' },
          absence: { sequence: 3, previousEffectiveDate: '2026-03-16', recoveryDate: '2026-03-17' },
        },
      ],
    });
    expect(result).toMatchObject({ next: { employee: { lastName: 'Voorbeeld' } } });
    expect(result).not.toHaveProperty('next.forgotten');
  });

  it('is reopened by a correction, and withdrawn, with the people of the observation', () => {
    const reopening = plainObservation({ absence: { sequence: 3, processing: 'corrected' } });
    const withdrawal = recovered({ absence: { sequence: 3, withdrawn: true } });
    for (const [observation, kind] of [
      [reopening, 'Correction'],
      [withdrawal, 'Withdrawal'],
    ] as const) {
      expect(report(observation)).toMatchObject({
        outcome: 'told',
        notifications: [
          { kind, employee: { lastName: 'Voorbeeld' }, employment: { jobName: 'Docent wiskunde' } },
        ],
      });
    }
  });

  it('holds a late correction; approved, it is told with the people of the observation', () => {
    const percentages = [{ from: '2026-03-09', percentage: '50.00' }];
    const late = plainObservation({ absence: { sequence: 1, processing: 'corrected', percentages } });
    expect(report(late)).toMatchObject({ outcome: 'held', code: 'HELD_LATE_CORRECTION' });
    const told = report(late, 'HELD_LATE_CORRECTION');
    expect(told).toMatchObject({ outcome: 'told' });
    expect(told).toMatchObject({
      notifications: [{ employee: { lastName: 'Voorbeeld' } }, { kind: 'Recovery' }],
    });
  });

  it('cannot be told anew from the ledger alone', () => {
    expect(() => resendAll(forgotten)).toThrow('no longer knows who it is about');
  });

  it('is never told more than one whose people are known, whatever comes again', () => {
    const property = fc.property(histories, fc.boolean(), ({ sent }, numbered) => {
      for (const state of run(sent.map(({ observation }) => observation)).states.values()) {
        for (const { observation } of sent) {
          if (observation.absence.caseId !== state.caseId) continue;
          const { message, ...rest } = observation;
          const { sequence, ...absence } = observation.absence;
          const again = cleared<Observation>(numbered ? observation : { ...rest, absence });
          const known = compare(cleared(state), again);
          const unknown = compare(derive(cleared(state), forget), again);
          const tellings = [known, unknown].map((result) =>
            result.outcome === 'told' ? result.notifications.length : 0,
          );
          expect(tellings[1]).toBeLessThanOrEqual(tellings[0] ?? 0);
        }
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
