// The decision table of src/ledger/README.md, rows 1 to 13: what is old, first, final, or needs a person.
import { describe, expect, it } from '@jest/globals';
import { ERRORS, type ErrorCode } from '../../src/errors.js';
import {
  ask,
  back,
  brief,
  briefs,
  corrected,
  from,
  gone,
  half,
  recovery,
  report,
  sick,
  stateAfter,
  toldOf,
} from '../support/reports.js';

describe('a message that came before', () => {
  it('is unchanged when it was the last, and out of date otherwise', () => {
    expect(ask(half(), report(2, from('2026-03-10', '50.00')))).toEqual({ outcome: 'unchanged', next: null });
    expect(ask(half(), report(1))).toEqual({ outcome: 'out-of-date', next: null });
  });

  it('is told apart from data that changed back under the same number', () => {
    const phone = (value: string) => ({
      employee: { id: 'employee', communications: [{ kind: 'phone', value }] },
    });
    const [first, second] = [report(1, {}, phone('1')), report(1, {}, phone('2'))];
    const state = stateAfter(first, second);
    expect(ask(state, first)).toEqual({ outcome: 'out-of-date', next: null });
    const back = { ...first, message: { reference: 'a later message' } };
    expect(briefs(state, back)).toEqual(['EmployeeChange 2026-03-02 100.00']);
  });
});

describe('a report with a lower number', () => {
  const late = report(1, { ...corrected, firstDay: '2026-03-01', ...from('2026-03-01', '100.00') });

  it('changes nothing', () => {
    expect(ask(half(), report(1, from('2026-03-05', '80.00')))).toEqual({
      outcome: 'out-of-date',
      next: null,
    });
  });

  it('is held when it corrects something unseen, and corrects it once approved', () => {
    expect(ask(half(), late)).toMatchObject({ outcome: 'held', code: 'HELD_LATE_CORRECTION' });
    expect(briefs(half(), late, ['HELD_LATE_CORRECTION'])).toEqual([
      'Correction 2026-03-01 100.00 was /2026-03-02/',
    ]);
  });

  it('does not reopen a recovered case, nor bring back older data of people', () => {
    const result = ask(back(), { ...late, employee: { id: 'employee', lastName: 'Older' } }, [
      'HELD_LATE_CORRECTION',
    ]);
    if (result.outcome !== 'told') throw new Error(result.outcome);
    expect(result.notifications.map(brief)).toEqual(['Correction 2026-03-20 0.00 was /2026-03-02/']);
    expect(result.next).toMatchObject({
      sequence: 3,
      employee: { lastName: 'Visser' },
      absence: { ended: true, firstDay: '2026-03-01' },
    });
  });

  it('is out of date when the correction was seen under another message', () => {
    const seen = stateAfter(
      report(1),
      report(2, { ...corrected, ...from('2026-03-02', '80.00') }),
      report(3),
    );
    const again = {
      ...report(2, { ...corrected, ...from('2026-03-02', '80.00') }),
      message: { reference: 'x' },
    };
    expect(ask(seen, again)).toEqual({ outcome: 'out-of-date', next: null });
  });
});

describe('a case that the receiver does not know', () => {
  it('has nothing to withdraw, and later news of earlier reports changes nothing', () => {
    const result = ask(null, report(2, { withdrawn: true }));
    expect(result).toMatchObject({ outcome: 'nothing-to-withdraw', next: { withdrawn: true, notified: 0 } });
    expect(ask(result.outcome === 'held' ? null : result.next, report(1)).outcome).toBe('out-of-date');
  });

  it('is reported sick with the percentage of the first day', () => {
    expect(briefs(null, report(1, from('2026-03-02', '50.00')))).toEqual(['SickReport 2026-03-02 50.00']);
    expect(briefs(null, report(1, from('2026-03-01', '50.00')))).toEqual(['SickReport 2026-03-02 50.00']);
    expect(briefs(null, report(1, { percentages: [] }))).toEqual(['SickReport 2026-03-02 100.00']);
  });

  it('is reported sick first when only a later percentage is known', () => {
    expect(briefs(null, report(2, from('2026-03-10', '50.00')))).toEqual([
      'SickReport 2026-03-02 100.00',
      'AbsenceChange 2026-03-10 50.00',
    ]);
    expect(briefs(null, report(2, from('2026-03-10', '100.00')))).toEqual(['SickReport 2026-03-02 100.00']);
  });

  it('is held when it comes in recovered, and reported with its recovery once approved', () => {
    const late = report(2, recovery('2026-03-20'));
    expect(ask(null, late)).toEqual({
      outcome: 'held',
      code: 'HELD_RECOVERY_WITHOUT_SICKNESS',
      reason: ERRORS.HELD_RECOVERY_WITHOUT_SICKNESS.text,
    });
    const told = toldOf(null, late, ['HELD_RECOVERY_WITHOUT_SICKNESS']);
    expect(told.map(brief)).toEqual(['SickReport 2026-03-02 100.00', 'Recovery 2026-03-20 0.00']);
    expect(told[0]?.absence).not.toHaveProperty('recoveryDate');
    expect(told.map(({ absence }) => [absence.sequence, absence.ended])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('is told in full from a whole course, unless it ended before the first load', () => {
    const { sequence, processing, ...absence } = report(1, {
      wholeCourse: true,
      ended: true,
      recoveryDate: '2026-03-20',
      percentages: [
        { from: '2026-03-02', percentage: '100.00' },
        { from: '2026-03-10', percentage: '50.00' },
      ],
    }).absence;
    const whole = { ...report(1), absence };
    expect(briefs(null, whole, [], { recoveredBefore: '2026-03-20' })).toEqual([
      'SickReport 2026-03-02 100.00',
      'AbsenceChange 2026-03-10 50.00',
      'Recovery 2026-03-20 0.00',
    ]);
    const silent = ask(null, whole, [], { recoveredBefore: '2026-03-21' });
    expect(silent).toMatchObject({ outcome: 'unchanged', next: { notified: 0 } });
    const { recoveryDate, ...open } = absence;
    const next = silent.outcome === 'held' ? null : silent.next;
    expect(briefs(next, { ...whole, absence: { ...open, ended: false } })).toEqual([
      'SickReport 2026-03-02 100.00',
      'AbsenceChange 2026-03-10 50.00',
    ]);
  });
});

describe('a recovery that makes no sense', () => {
  it.each([false, true])(
    'is held for good when it lies before the first day (a known case: %s)',
    (isKnown) => {
      const before = report(2, recovery('2026-03-01'));
      const approvals: ErrorCode[] = ['HELD_RECOVERY_BEFORE_FIRST_DAY', 'HELD_RECOVERY_WITHOUT_SICKNESS'];
      const result = ask(isKnown ? sick() : null, before, approvals);
      expect(result).toMatchObject({ outcome: 'held', code: 'HELD_RECOVERY_BEFORE_FIRST_DAY' });
    },
  );

  it.each([false, true])('is held when nothing says when it was (a known case: %s)', (isKnown) => {
    const result = ask(isKnown ? sick() : null, report(2, { ended: true }));
    expect(result).toMatchObject({ outcome: 'held', code: 'HELD_RECOVERY_WITHOUT_DATE' });
  });

  it('is dated by the effective date when it has no date of its own', () => {
    const { recoveryDate, ...undated } = recovery('2026-03-20');
    const [told] = toldOf(sick(), report(2, undated));
    expect(told?.absence).toMatchObject({ effectiveDate: '2026-03-20', recoveryDate: '2026-03-20' });
  });
});

describe('another employee in a known case', () => {
  const other = report(2, {}, { employee: { id: 'other' } });

  it('is held, and told with the former id once approved', () => {
    expect(ask(sick(), other)).toMatchObject({ outcome: 'held', code: 'HELD_OTHER_EMPLOYEE' });
    const [told] = toldOf(sick(), other, ['HELD_OTHER_EMPLOYEE']);
    expect(told).toMatchObject({ kind: 'EmployeeChange', employee: { id: 'other', previousId: 'employee' } });
  });

  it('is a renumbered employee when the report says so', () => {
    const [told] = toldOf(sick(), { ...other, employee: { id: 'other', previousId: 'employee' } });
    expect(told?.employee).toEqual({ id: 'other', previousId: 'employee' });
  });

  it('keeps the former id until something is told of a recovered case', () => {
    const renumbered = { ...other, employee: { id: 'other', previousId: 'employee' } };
    const silent = ask(back(), { ...renumbered, absence: report(4, recovery('2026-03-20')).absence });
    expect(silent.outcome).toBe('recovered-employee');
    const state = silent.outcome === 'held' ? null : silent.next;
    const later = report(5, { ...corrected, ...recovery('2026-03-21') }, { employee: { id: 'other' } });
    const [told] = toldOf(state, later);
    expect(told?.employee).toEqual({ id: 'other', previousId: 'employee' });
  });
});

describe('a withdrawal', () => {
  it('is told with the last values, for an open and for a recovered case', () => {
    const withdrawn = report(9, { withdrawn: true, cause: 'other', ...from('2026-03-25', '10.00') });
    expect(briefs(half(), withdrawn)).toEqual(['Withdrawal 2026-03-10 50.00']);
    const [told] = toldOf(back(), withdrawn);
    expect(told).toMatchObject({ kind: 'Withdrawal', absence: { ended: true, effectiveDate: '2026-03-20' } });
    expect(told?.absence).not.toHaveProperty('cause');
  });

  it('is told once', () => {
    expect(ask(gone(), report(3, { withdrawn: true }))).toMatchObject({
      outcome: 'unchanged',
      next: { sequence: 3 },
    });
  });

  it('is final: a later report is held, and starts the case anew once approved', () => {
    const anew = report(3, from('2026-03-02', '50.00'));
    expect(ask(gone(), anew)).toMatchObject({ outcome: 'held', code: 'HELD_AFTER_WITHDRAWAL' });
    const [told] = toldOf(gone(), anew, ['HELD_AFTER_WITHDRAWAL']);
    expect(told).toMatchObject({ kind: 'SickReport', absence: { sequence: 3, percentage: '50.00' } });
  });
});

describe('a percentage after full recovery', () => {
  it('is held, and reopens the case as a correction once approved', () => {
    const relapse = report(4, from('2026-03-25', '50.00'));
    expect(ask(back(), relapse)).toMatchObject({ outcome: 'held', code: 'HELD_PERCENTAGE_AFTER_RECOVERY' });
    expect(briefs(back(), relapse, ['HELD_PERCENTAGE_AFTER_RECOVERY'])).toEqual([
      'Correction 2026-03-25 50.00',
    ]);
  });

  it('reopens the case when it is marked as a correction, and forgets the end', () => {
    const ended = stateAfter(report(1), report(2, { ...recovery('2026-03-20'), endReason: 'recovered' }));
    const [told] = toldOf(ended, report(3, corrected));
    expect(told).toMatchObject({ kind: 'Correction', absence: { ended: false, percentage: '100.00' } });
    expect(told?.absence).not.toHaveProperty('endReason');
    expect(told?.absence).not.toHaveProperty('recoveryDate');
  });
});

describe('a second sick report in an open case', () => {
  it.each([
    ['another first day', { firstDay: '2026-03-03', ...from('2026-03-03', '100.00') }],
    ['another percentage', from('2026-03-02', '50.00')],
    ['a later percentage', from('2026-03-12', '50.00')],
  ])('is held with %s, and told as a correction once approved', (_, absence) => {
    const second = report(2, { processing: 'new', ...absence });
    expect(ask(sick(), second)).toMatchObject({ outcome: 'held', code: 'HELD_SECOND_SICK_REPORT' });
    expect(toldOf(sick(), second, ['HELD_SECOND_SICK_REPORT'])).toMatchObject([{ kind: 'Correction' }]);
  });

  it('is no surprise when it says the same', () => {
    expect(ask(sick(), report(2, { processing: 'new' })).outcome).toBe('unchanged');
    const moved = report(2, { processing: 'new' }, { employment: { id: 'employment', unitCode: 'U' } });
    expect(toldOf(sick(), moved)).toMatchObject([{ kind: 'EmployeeChange' }]);
  });
});
