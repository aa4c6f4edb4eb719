// From states of the WFM API to notifications, through the real mapping, the gate and the comparison: what a receiver is
// told of a sick leave's life, whenever somebody looks.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/connector.js';
import { plusDays } from '../../src/domain/dates.js';
import { meaning } from '../support/receiver.js';
import { leaveOf, type WfmApi, wfmApi } from '../support/wfm-api.js';
import { wfmRoute } from '../support/wfm-route.js';

const periods = (...entries: readonly (readonly [day: string, percentage: number])[]) => ({
  sicknessPeriod: entries.map(([periodStartDate, percentage]) => ({ periodStartDate, percentage })),
});
const RELEASED = ['HELD_PERCENTAGE_AFTER_RECOVERY', 'HELD_AFTER_WITHDRAWAL'] as const;

function oneLeave(options = {}) {
  const api = wfmApi();
  api.put(leaveOf(9));
  const route = wfmRoute(api, options);
  const show = async (more: JsonObject, parts = {}) => {
    api.put(leaveOf(1, more), parts);
    return route.poll();
  };
  return { api, route, show };
}

describe('the life of a sick leave', () => {
  it('is told step by step', async () => {
    const { route, show } = oneLeave();
    expect(await route.poll()).toEqual(['SickReport']);
    expect(await show({})).toEqual(['SickReport']);
    expect(await show({})).toEqual([]);
    const half = periods(['2026-03-02', 100], ['2026-03-09', 50]);
    expect(await show(half)).toEqual(['AbsenceChange']);
    expect(route.told.at(-1)?.absence).toMatchObject({ effectiveDate: '2026-03-09', percentage: '50.00' });
    expect(await show({ ...half, recoveryDate: '2026-03-16' })).toEqual(['Recovery']);
    expect(route.told.at(-1)?.absence).toMatchObject({ recoveryDate: '2026-03-16', ended: true });
    expect(await show({ ...half, recoveryDate: '2026-03-17' })).toEqual(['Correction']);
  });

  it('a sick leave that is reopened waits for a person, and is then a correction', async () => {
    const held = oneLeave();
    await held.show({ recoveryDate: '2026-03-16' });
    expect(await held.show({})).toEqual(['HELD_PERCENTAGE_AFTER_RECOVERY']);
    const { route, show } = oneLeave({ approvals: RELEASED });
    await show({ recoveryDate: '2026-03-16' });
    expect(await show({})).toEqual(['Correction']);
    expect(route.told.at(-1)?.absence).toMatchObject({ ended: false, percentage: '100.00' });
  });

  it('a first day that moves back is a correction with the former day', async () => {
    const { route, show } = oneLeave();
    await show({});
    const moved = { startDate: '2026-02-27', ...periods(['2026-02-27', 100]) };
    expect(await show(moved)).toEqual(['Correction']);
    expect(route.told.at(-1)?.absence).toMatchObject({
      firstDay: '2026-02-27',
      previousFirstDay: '2026-03-02',
    });
  });

  it('a percentage that is corrected back to an earlier value is told both times', async () => {
    const { route, show } = oneLeave();
    const course = (percentage: number) => periods(['2026-03-02', 100], ['2026-03-09', percentage]);
    await show(course(50));
    expect(await show(course(80))).toEqual(['Correction']);
    expect(await show(course(50))).toEqual(['Correction']);
    expect(route.told.at(-1)?.absence).toMatchObject({ effectiveDate: '2026-03-09', percentage: '50.00' });
  });

  it('another telephone number is a change of the employee, and nothing about the absence', async () => {
    const { show } = oneLeave();
    await show({});
    const person = { phoneNumbers: [{ type: 'Mobile', number: '06 11111111' }] };
    expect(await show({}, { person })).toEqual(['EmployeeChange']);
    expect(await show({ recoveryDate: '2026-03-16' }, { person })).toEqual(['Recovery']);
    expect(await show({ recoveryDate: '2026-03-16' })).toEqual([]);
  });

  it('a sick leave that is removed waits for a person, and is never withdrawn by itself', async () => {
    const { api, route, show } = oneLeave();
    await show({});
    api.remove('SickLeaves', '1001 1 1');
    expect(await route.poll()).toEqual(['HELD_DISAPPEARED']);
    expect(await route.poll()).toEqual([]);
    expect(await show({})).toEqual([]);
  });

  it('released, its withdrawal has what the receiver was told', async () => {
    const { api, route, show } = oneLeave({ approvals: ['HELD_DISAPPEARED'] });
    await show(periods(['2026-03-02', 100], ['2026-03-09', 50]));
    api.remove('SickLeaves', '1001 1 1');
    expect(await route.poll()).toEqual(['Withdrawal']);
    expect(route.told.at(-1)).toMatchObject({
      employee: { id: '1001', lastName: 'Voorbeeld' },
      absence: { firstDay: '2026-03-02', percentage: '50.00' },
    });
  });

  it('a sick leave that began and ended between two polls is told in full', async () => {
    const { route, show } = oneLeave({ recoveredBefore: '2026-03-02' });
    await route.poll();
    const course = periods(['2026-03-02', 100], ['2026-03-04', 50]);
    expect(await show({ ...course, recoveryDate: '2026-03-06' })).toEqual([
      'SickReport',
      'AbsenceChange',
      'Recovery',
    ]);
  });

  it('years of sick leaves that ended before the first load are not told; those that go on are', async () => {
    const api = wfmApi();
    for (let number = 1; number <= 50; number += 1) {
      const startDate = plusDays('2015-01-05', number * 70);
      api.put(
        leaveOf(number, { startDate, ...periods([startDate, 100]), recoveryDate: plusDays(startDate, 9) }),
      );
    }
    api.put(leaveOf(60));
    const route = wfmRoute(api, { recoveredBefore: '2026-03-02' });
    expect(await route.poll()).toEqual(['SickReport']);
    expect(await route.poll()).toEqual([]);
  });

  it('the meaning of a setting that turns out wrong is corrected by a new load', async () => {
    const { route, show } = oneLeave();
    await show(periods(['2026-03-02', 100], ['2026-03-09', 25]));
    expect(await route.poll({ settings: { recoveryDateMeans: 'last-sick-day' } })).toEqual([]);
    expect(await route.poll({ settings: { percentageMeans: 'working' } })).toContain('Correction');
    const known = route.receiver.find('1001 1 1');
    expect(meaning(known?.course ?? {}, null)).toEqual(['2026-03-02 0.00', '2026-03-09 75.00']);
  });

  it('days do not move in the nights when the clock changes', async () => {
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-24', '2026-10-25', '2026-10-26']) {
      const { route, show } = oneLeave();
      await show({ startDate: day, ...periods([day, 100]), recoveryDate: plusDays(day, 1) });
      expect(route.receiver.find('1001 1 1')).toMatchObject({ firstDay: day, recovery: plusDays(day, 1) });
    }
  });
});

/** What the API shows of one leave; null when it shows none. */
interface State {
  readonly startDate: string;
  readonly periods: readonly (readonly [string, number])[];
  readonly recoveryDate: string | null;
  readonly phone: string;
}

const state: fc.Arbitrary<State> = fc
  .record({
    shift: fc.integer({ min: -4, max: 4 }),
    later: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
    percentages: fc.array(fc.constantFrom(100, 80, 50, 33.33, 0), { minLength: 4, maxLength: 4 }),
    hasFirst: fc.boolean(),
    recovery: fc.option(fc.nat(30), { freq: 2 }),
    phone: fc.constantFrom('1', '2'),
  })
  .map(({ shift, later, percentages, hasFirst, recovery, phone }) => {
    const startDate = plusDays('2026-03-10', shift);
    const days = [...(hasFirst ? [0] : []), ...later];
    const recoveryDate = recovery === null ? null : plusDays(startDate, recovery);
    const entries = days.map((day, at) => [plusDays(startDate, day), percentages[at] ?? 100] as const);
    // What would contradict the recovery is not shown by an honest source.
    const shown = entries.filter(
      ([day, percentage]) =>
        recoveryDate === null || day < recoveryDate || (day === startDate && percentage > 0),
    );
    return { startDate, periods: shown, recoveryDate, phone };
  });

type Step =
  | { readonly kind: 'show'; readonly number: number; readonly state: State }
  | { readonly kind: 'hide'; readonly number: number }
  | { readonly kind: 'poll'; readonly dies: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('show' as const), number: fc.nat(2), state }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hide' as const), number: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('poll' as const), dies: fc.boolean() }) },
);

function apply(api: WfmApi, shown: Map<number, State>, action: Exclude<Step, { kind: 'poll' }>): void {
  const { number } = action;
  if (action.kind === 'hide') {
    shown.delete(number);
    api.remove('SickLeaves', String(leaveOf(number).id));
    return;
  }
  const { startDate, recoveryDate, phone } = action.state;
  shown.set(number, action.state);
  const person = { phoneNumbers: [{ type: 'Mobile', number: phone }] };
  const backwards = [...action.state.periods].reverse();
  api.put(leaveOf(number, { startDate, recoveryDate, ...periods(...backwards) }), { person });
}

/** The source's own course, worked out from its state and from nothing else. */
function truthOf({ startDate, periods: shown, recoveryDate }: State): string[] {
  const course = Object.fromEntries(shown.map(([day, percentage]) => [day, percentage.toFixed(2)]));
  return meaning({ [startDate]: '100.00', ...course }, recoveryDate);
}

describe('random histories', () => {
  it('leave the receiver with what the source shows, whenever it is polled and whatever the process dies of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const api = wfmApi();
        api.put(leaveOf(9));
        const shown = new Map<number, State>();
        const route = wfmRoute(api, { approvals: [...RELEASED, 'HELD_DISAPPEARED'] });
        for (const action of [...steps, { kind: 'poll', dies: false } as const]) {
          if (action.kind === 'poll') await route.poll(action.dies ? { diesAtPage: 1 } : {});
          else apply(api, shown, action);
        }
        expect(await route.poll()).toEqual([]);
        for (const [number, now] of shown) {
          const known = route.receiver.find(String(leaveOf(number).id));
          expect(known).toMatchObject({
            firstDay: now.startDate,
            recovery: now.recoveryDate,
            withdrawn: false,
          });
          expect(meaning(known?.course ?? {}, now.recoveryDate)).toEqual(truthOf(now));
          const [reached] = known?.people.employee.communications ?? [];
          if (now.recoveryDate === null) expect(reached?.value).toBe(now.phone);
        }
        for (const { caseId, withdrawn, recovery } of route.receiver.cases()) {
          const isShown = [9, ...shown.keys()].some((number) => leaveOf(number).id === caseId);
          if (!isShown) expect(withdrawn || recovery !== null).toBe(true);
        }
      }),
      { numRuns: 75 },
    );
  });
});
