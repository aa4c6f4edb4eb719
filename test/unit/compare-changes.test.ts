// The decision table of src/ledger/README.md, rows 14 to 22: what changes in a known case, and telling it all again.
import { describe, expect, it } from '@jest/globals';
import type { Absence } from '../../src/domain/observation.js';
import { resendAll } from '../../src/ledger/compare.js';
import { reopen } from '../../src/privacy/gate.js';
import { frozen } from '../support/ledger-run.js';
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
  type Told,
  toldOf,
} from '../support/reports.js';

describe('what is known of the case changes', () => {
  it('a later percentage is an AbsenceChange', () => {
    expect(briefs(sick(), report(2, from('2026-03-10', '50.00')))).toEqual([
      'AbsenceChange 2026-03-10 50.00',
    ]);
  });

  it('a later day with the same percentage is silent, but counts when a day before it is corrected', () => {
    const state = stateAfter(report(1), report(2, from('2026-03-15', '100.00')));
    expect(state).toMatchObject({ notified: 1, unsaid: [{ from: '2026-03-15', percentage: '100.00' }] });
    const result = ask(state, report(3, { ...corrected, ...from('2026-03-10', '50.00') }));
    if (result.outcome !== 'told') throw new Error(result.outcome);
    expect(result.notifications.map(brief)).toEqual([
      'AbsenceChange 2026-03-10 50.00',
      'AbsenceChange 2026-03-15 100.00',
    ]);
    expect(result.next).not.toHaveProperty('unsaid');
  });

  it.each([
    ['the same day', from('2026-03-10', '25.00'), 'Correction 2026-03-10 25.00'],
    ['an earlier day', from('2026-03-05', '75.00'), 'Correction 2026-03-05 75.00'],
  ])('another percentage from %s is a Correction', (_, absence, expected) => {
    expect(briefs(half(), report(3, absence))).toEqual([expected]);
  });

  it('a corrected day takes the wrong one away', () => {
    const absence = { ...corrected, ...from('2026-03-12', '50.00'), previousEffectiveDate: '2026-03-10' };
    const result = ask(half(), report(3, absence));
    if (result.outcome !== 'told') throw new Error(result.outcome);
    expect(result.notifications.map(brief)).toEqual(['Correction 2026-03-12 50.00 was //2026-03-10']);
    expect(result.next.percentages).toEqual([
      { from: '2026-03-02', percentage: '100.00' },
      { from: '2026-03-12', percentage: '50.00' },
    ]);
  });

  it('a percentage that turns out not to hold from the first day leaves "sick" there', () => {
    const state = stateAfter(report(1, from('2026-03-02', '50.00')));
    const absence = { ...corrected, ...from('2026-03-06', '50.00'), previousEffectiveDate: '2026-03-02' };
    expect(briefs(state, report(2, absence))).toEqual([
      'Correction 2026-03-02 100.00',
      'AbsenceChange 2026-03-06 50.00',
    ]);
  });

  it('another first day is a Correction that names the former one', () => {
    const absence = { ...corrected, firstDay: '2026-03-01', ...from('2026-03-01', '100.00') };
    expect(briefs(half(), report(3, absence))).toEqual(['Correction 2026-03-01 100.00 was /2026-03-02/']);
  });

  it('a renumbered case is a Correction that names the former id, and stays in its lane', () => {
    const result = ask(half(), report(1, { ...corrected, caseId: 'new', previousCaseId: 'case' }));
    if (result.outcome !== 'told') throw new Error(result.outcome);
    expect(result.notifications.map(brief)).toEqual(['Correction 2026-03-02 100.00 was case//']);
    expect(result.next).toMatchObject({ caseId: 'new', laneCaseId: 'case', sequence: 1, notified: 3 });
    expect(result.next.absence).not.toHaveProperty('previousCaseId');
  });

  it('a recovery is a Recovery on its day, with nothing left of the absence', () => {
    const [told] = toldOf(half(), report(3, { ...recovery('2026-03-20'), endReason: 'recovered' }));
    expect(told).toMatchObject({
      kind: 'Recovery',
      absence: {
        ended: true,
        recoveryDate: '2026-03-20',
        percentage: '0.00',
        endReason: 'recovered',
        sequence: 3,
      },
    });
  });

  it('a recovery together with another first day is a Correction and a Recovery', () => {
    const absence = { ...recovery('2026-03-20'), firstDay: '2026-03-01' };
    expect(briefs(sick(), report(2, absence))).toEqual([
      'Correction 2026-03-01 100.00 was /2026-03-02/',
      'Recovery 2026-03-20 0.00',
    ]);
  });

  it('another recovery day is a Correction that names the former one', () => {
    expect(briefs(back(), report(4, { ...corrected, ...recovery('2026-03-22') }))).toEqual([
      'Correction 2026-03-22 0.00 was //2026-03-20',
    ]);
  });

  it('a recovery before percentages that were told hides them, and a later one tells them again', () => {
    const state = stateAfter(
      report(1),
      report(2, from('2026-03-10', '50.00')),
      report(3, recovery('2026-03-08')),
    );
    expect(state.percentages).toHaveLength(1);
    expect(briefs(state, report(4, { ...corrected, ...recovery('2026-03-20') }))).toEqual([
      'Correction 2026-03-10 50.00',
      'Recovery 2026-03-20 0.00',
    ]);
  });

  it('another percentage before the recovery is told while the case is open for a moment', () => {
    const absence = { ...corrected, ...recovery('2026-03-20'), ...from('2026-03-10', '25.00') };
    expect(briefs(back(), report(4, absence))).toEqual([
      'Correction 2026-03-10 25.00',
      'Recovery 2026-03-20 0.00',
    ]);
  });
});

describe('other facts of the absence', () => {
  it.each([
    { expectedRecovery: '2026-04-01' },
    { reportDate: '2026-03-03' },
    { safetyNet: 'yes' },
    { cause: 'other' },
    { therapeuticPercentage: '20.00' },
    { conflict: true },
    { actions: [{ action: 'call' }] },
    { statutoryLeave: 'pregnancy' },
  ] satisfies Partial<Absence>[])('%j is an AbsenceChange, or a Correction when marked as one', (fact) => {
    expect(toldOf(sick(), report(2, fact))).toMatchObject([{ kind: 'AbsenceChange', absence: fact }]);
    expect(toldOf(sick(), report(2, { ...fact, ...corrected }))).toMatchObject([
      { kind: 'Correction', absence: fact },
    ]);
  });

  it('keep their value when a report leaves them out', () => {
    const state = stateAfter(report(1, { cause: 'other' }));
    expect(ask(state, report(2))).toMatchObject({
      outcome: 'unchanged',
      next: { absence: { cause: 'other' } },
    });
  });

  it('are told from the day of the report when that is the latest', () => {
    const absence = { ...from('2026-03-15', '100.00'), expectedRecovery: '2026-04-01' };
    expect(briefs(sick(), report(2, absence))).toEqual(['AbsenceChange 2026-03-15 100.00']);
    const earlier = { ...from('2026-03-02', '100.00'), expectedRecovery: '2026-04-01' };
    expect(briefs(half(), report(3, earlier))).toEqual(['AbsenceChange 2026-03-10 50.00']);
  });

  it('of a recovered case are a Correction', () => {
    const absence = { ...recovery('2026-03-20'), endReason: 'retired' };
    expect(briefs(back(), report(4, absence))).toEqual(['Correction 2026-03-20 0.00']);
  });

  it('a requested action is not requested again with the next change', () => {
    const actions = [{ action: 'call' }];
    const state = stateAfter(report(1, { actions }));
    const [told] = toldOf(state, report(2, { actions, ...from('2026-03-10', '50.00') }));
    expect(told?.absence).not.toHaveProperty('actions');
  });
});

describe('data of people', () => {
  const moved = { employee: { id: 'employee', lastName: 'Visser', communications: [{ value: '06' }] } };

  it('are an EmployeeChange while the case is open, at its present standing', () => {
    const [told] = toldOf(half(), report(2, from('2026-03-10', '50.00'), moved));
    expect(told && brief(told)).toBe('EmployeeChange 2026-03-10 50.00');
    expect(told?.employee).toEqual(moved.employee);
  });

  it.each([
    { employment: { id: 'employment', unitCode: 'U' } },
    { employer: { id: 'employer', name: 'School' } },
    { administrationOffice: { name: 'Office' } },
  ] satisfies Told[])('%j is one too', (rest) => {
    expect(toldOf(sick(), report(2, {}, rest))).toMatchObject([{ kind: 'EmployeeChange', ...rest }]);
  });

  it('include the contacts of the absence', () => {
    const contacts = [{ lastName: 'Bakker' }];
    expect(toldOf(sick(), report(2, { contacts }))).toMatchObject([
      { kind: 'EmployeeChange', absence: { contacts } },
    ]);
  });

  it('go along with a change of the absence', () => {
    const told = toldOf(sick(), report(2, from('2026-03-10', '50.00'), moved));
    expect(told).toMatchObject([{ kind: 'AbsenceChange', employee: moved.employee }]);
  });

  it('are not sent after recovery, but remembered', () => {
    const result = ask(back(), report(3, recovery('2026-03-20'), moved));
    expect(result).toMatchObject({
      outcome: 'recovered-employee',
      next: { employee: moved.employee, notified: 3 },
    });
  });

  it('of a renumbered employment go with the former id, once', () => {
    const renumbered = {
      employment: { id: 'new', previousId: 'employment', workRelation: { id: 'r2', previousId: 'r1' } },
    };
    const first = report(2, {}, renumbered);
    expect(toldOf(sick(), first)).toMatchObject([{ kind: 'EmployeeChange', ...renumbered }]);
    const state = stateAfter(report(1), first);
    const [told] = toldOf(state, report(3, from('2026-03-10', '50.00'), renumbered));
    expect(told?.employment).toEqual({ id: 'new', workRelation: { id: 'r2' } });
  });

  it('that are left out are gone', () => {
    const state = stateAfter(report(1, {}, moved));
    const [told] = toldOf(state, report(2));
    expect(told?.employee).toEqual({ id: 'employee', lastName: 'Visser' });
  });

  it.each([
    ['an effective date', { employee: { id: 'employee', lastName: 'Visser', effectiveDate: '2026-03-09' } }],
    ['an empty list', { employment: { id: 'employment', contacts: [] } }],
    ['the message', { message: { reference: 'other', test: true } }],
  ] satisfies [string, Told][])('do not differ by %s', (_, rest) => {
    expect(ask(sick(), report(1, {}, rest)).outcome).toBe('unchanged');
  });

  it('do not differ by the order of a list', () => {
    const list = [{ value: '1' }, { value: '2' }];
    const employee = (communications: typeof list) => ({ employee: { id: 'employee', communications } });
    const state = stateAfter(report(1, {}, employee(list)));
    expect(ask(state, report(2, {}, employee(list.toReversed()))).outcome).toBe('unchanged');
  });
});

describe('the state', () => {
  it('remembers the last fifty messages of a numbered source', () => {
    const reports = Array.from({ length: 60 }, (_, index) => report(index + 1, { processing: 'changed' }));
    expect(stateAfter(...reports).seen).toHaveLength(50);
  });

  it('stays as it is when an unnumbered source repeats itself', () => {
    const { sequence, processing, ...absence } = report(1).absence;
    const shown = { ...report(1), absence };
    const state = stateAfter(shown);
    expect(ask(state, { ...shown, message: { reference: 'later' } })).toEqual({
      outcome: 'unchanged',
      next: null,
    });
    expect(state.seen).toEqual([]);
  });
});

describe('sending all again', () => {
  it('tells the present state with numbers that go on', () => {
    const { notifications, next } = resendAll(reopen(frozen(back())));
    expect(notifications.map(brief)).toEqual([
      'SickReport 2026-03-02 100.00',
      'AbsenceChange 2026-03-10 50.00',
      'Recovery 2026-03-20 0.00',
    ]);
    expect(notifications.map(({ absence }) => absence.sequence)).toEqual([4, 5, 6]);
    expect(next.notified).toBe(6);
  });

  it('tells nothing of a withdrawn case', () => {
    expect(resendAll(reopen(gone())).notifications).toEqual([]);
  });
});
