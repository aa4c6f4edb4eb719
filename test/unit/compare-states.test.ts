// Sources that show states instead of sending numbered reports, and observations that no honest source would send.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPlainDate, plusDays } from '../../src/domain/dates.js';
import type { Observation } from '../../src/domain/observation.js';
import type { ErrorCode } from '../../src/errors.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { type CompareResult, compare } from '../../src/ledger/compare.js';
import { reopen } from '../../src/privacy/gate.js';
import type { Truth } from '../support/absence-source.js';
import { histories } from '../support/history-arbitrary.js';
import { frozen } from '../support/ledger-run.js';
import { makeReceiver, meaning } from '../support/receiver.js';

const APPROVALS: readonly ErrorCode[] = [
  'HELD_DISAPPEARED',
  'HELD_PERCENTAGE_AFTER_RECOVERY',
  'HELD_AFTER_WITHDRAWAL',
  'HELD_SECOND_SICK_REPORT',
  'HELD_OTHER_EMPLOYEE',
  'HELD_RECOVERY_WITHOUT_SICKNESS',
  'HELD_LATE_CORRECTION',
];

/** The case as a state source shows it: no numbers, no word on what was done, the whole course. */
function shown({ truth, observation }: { truth: Truth; observation: Observation }): Observation {
  const { previousCaseId } = observation.absence;
  const { employer, employee, employment } = observation;
  if (truth.withdrawn) return gone(observation);
  return {
    employer,
    employee,
    employment,
    absence: {
      ...truth.facts,
      caseId: truth.caseId,
      ...(previousCaseId !== undefined && { previousCaseId }),
      withdrawn: truth.withdrawn,
      firstDay: truth.firstDay,
      percentages: Object.entries(truth.course)
        .map(([from, percentage]) => ({ from, percentage }))
        .sort((a, b) => (a.from < b.from ? -1 : 1)),
      wholeCourse: true,
      ended: truth.recovery !== null,
      ...(truth.recovery !== null && { recoveryDate: truth.recovery }),
    },
  };
}

/** What is left of a case that is not shown any more: its ids and its first day. */
function gone({ employer, employee, employment, absence }: Observation): Observation {
  const { caseId, firstDay } = absence;
  return {
    employer: { id: employer.id },
    employee: { id: employee.id },
    employment: { id: employment.id },
    absence: { caseId, firstDay, withdrawn: true, percentages: [], wholeCourse: true, ended: false },
  };
}

/** A ledger that finds a renumbered case by each of its ids. */
function makeLedger(approvals: readonly ErrorCode[] = APPROVALS) {
  const keys = new Map<string, string>();
  const states = new Map<string, CaseState>();
  return (observation: Observation): CompareResult => {
    const { caseId, previousCaseId } = observation.absence;
    const key = keys.get(caseId) ?? keys.get(previousCaseId ?? caseId) ?? caseId;
    const state = states.get(key);
    const result = compare(state ? reopen(frozen(state)) : null, reopen(frozen(observation)), approvals);
    if (result.outcome !== 'held' && result.next) {
      keys.set(caseId, key);
      states.set(key, result.next);
    }
    return result;
  };
}

describe('compare, for a source that shows whole courses', () => {
  it('leaves the receiver with the truth by content alone', () => {
    fc.assert(
      fc.property(histories, ({ sent, truths }) => {
        const [tell, receiver] = [makeLedger(), makeReceiver()];
        for (const item of sent) {
          const result = tell(shown(item));
          if (result.outcome === 'told')
            for (const notification of result.notifications) receiver.tell(notification);
          const again = tell(shown(item));
          expect(again).toMatchObject({ next: null });
          expect(['unchanged', 'nothing-to-withdraw']).toContain(again.outcome);
        }
        for (const truth of truths) {
          const known = receiver.find(truth.caseId);
          if (truth.withdrawn) {
            // What had recovered stays so: old cases drop out of such a source.
            if (known?.recovery === null) expect(known.withdrawn).toBe(true);
            continue;
          }
          expect(known?.firstDay).toBe(truth.firstDay);
          expect(known?.recovery).toBe(truth.recovery);
          expect(meaning(known?.course ?? {}, truth.recovery)).toEqual(meaning(truth.course, truth.recovery));
          if (truth.recovery === null) expect(known?.facts).toEqual(truth.facts);
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

const day = fc.nat(9).map((days) => plusDays('2026-03-02', days));
const percentage = fc.constantFrom('100.00', '50.00', '0.00');
const someId = fc.constantFrom('a', 'b');

const wild: fc.Arbitrary<Observation> = fc.record(
  {
    message: fc.record({ reference: fc.constantFrom('1', '2', '3') }, { requiredKeys: [] }),
    employer: fc.record({ id: fc.constant('employer') }),
    employee: fc.record({ id: someId, previousId: someId }, { requiredKeys: ['id'] }),
    employment: fc.record({ id: someId, previousId: someId }, { requiredKeys: ['id'] }),
    absence: fc.record(
      {
        caseId: someId,
        previousCaseId: someId,
        sequence: fc.nat(5),
        processing: fc.constantFrom('new', 'changed', 'removed', 'unchanged', 'corrected'),
        withdrawn: fc.nat(9).map((n) => n === 0),
        firstDay: day,
        previousFirstDay: day,
        effectiveDate: day,
        previousEffectiveDate: day,
        percentages: fc.array(fc.record({ from: day, percentage }), { maxLength: 3 }),
        wholeCourse: fc.boolean(),
        ended: fc.boolean(),
        recoveryDate: day,
        endReason: fc.constant('recovered'),
        cause: fc.constantFrom('other', 'work-accident'),
        contacts: fc.array(fc.record({ lastName: someId }), { maxLength: 2 }),
      },
      { requiredKeys: ['caseId', 'withdrawn', 'firstDay', 'percentages', 'ended'] },
    ),
  },
  { requiredKeys: ['employer', 'employee', 'employment', 'absence'] },
);

describe('compare, whatever it is given', () => {
  it('never throws, never changes its input, and tells nothing that the receiver cannot understand', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(wild, { maxLength: 12 }),
        fc.subarray([...APPROVALS]),
        (observations, approvals) => {
          const [tell, receiver] = [makeLedger(approvals), makeReceiver('any')];
          for (const observation of observations) {
            const result = tell(observation);
            const outcome = result.outcome === 'held' ? result.code : result.outcome;
            outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
            if (result.outcome !== 'told') continue;
            expect(result.notifications.length).toBeGreaterThan(0);
            for (const notification of result.notifications) {
              expect(isPlainDate(notification.absence.effectiveDate)).toBe(true);
              receiver.tell(notification);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
    // Each way out was taken, and more than once.
    const taken = [...outcomes].filter(([, times]) => times > 1).map(([outcome]) => outcome);
    expect(taken).toEqual(
      expect.arrayContaining([
        'HELD_AFTER_WITHDRAWAL',
        'HELD_DISAPPEARED',
        'HELD_LATE_CORRECTION',
        'HELD_OTHER_EMPLOYEE',
        'HELD_PERCENTAGE_AFTER_RECOVERY',
        'HELD_RECOVERY_BEFORE_FIRST_DAY',
        'HELD_RECOVERY_WITHOUT_DATE',
        'HELD_RECOVERY_WITHOUT_SICKNESS',
        'HELD_SECOND_SICK_REPORT',
        'nothing-to-withdraw',
        'out-of-date',
        'told',
        'unchanged',
      ]),
    );
  });
});
