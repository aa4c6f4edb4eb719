// What a sick leave of the WFM API means: percentages, days and contradictions, without a rounding or a zone in the way.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseOf, dayOf, decimalsOf } from '../../connectors/visma-raet-wfm/course.js';
import { sickLeaveSchema } from '../../connectors/visma-raet-wfm/schema.js';
import { settingsSchema } from '../../connectors/visma-raet-wfm/settings.js';
import { complement } from '../../src/domain/dates.js';
import { SETTINGS } from '../support/wfm-poll.js';

const PLAIN = { percentageMeans: 'sickness', recoveryDateMeans: 'first-working-day' } as const;

function leave(more: object, meanings: Parameters<typeof courseOf>[1] = PLAIN) {
  const shown = { id: '1 1 1', personCode: '1', employmentCode: '1', startDate: '2026-03-02', ...more };
  return courseOf(sickLeaveSchema.parse(shown), meanings);
}

const periods = (...entries: readonly (readonly [string, unknown])[]) => ({
  sicknessPeriod: entries.map(([periodStartDate, percentage]) => ({ periodStartDate, percentage })),
});

describe('the percentage of a period', () => {
  it.each([
    [100, '100.00'],
    [0, '0.00'],
    [33.33, '33.33'],
    [33.335, '33.34'],
    [1.005, '1.01'],
    [66.666666666666671, '66.67'],
    [99.999, '100.00'],
    [12.5, '12.50'],
    ['050.0', '50.00'],
  ])('%s becomes %s', (percentage, text) => {
    expect(leave(periods(['2026-03-02', percentage])).periods).toEqual([
      { from: '2026-03-02', percentage: text },
    ]);
  });

  it.each([[-5], ['half'], [100.01], [1e-9], ['']])(
    '%s is no percentage and stays recognisable as none',
    (odd) => {
      const [period] = leave(periods(['2026-03-02', odd])).periods;
      expect(/^(100\.00|\d\d?\.\d\d)$/.test(period?.percentage ?? '')).toBe(false);
    },
  );

  it('is complemented when the API shows how much somebody works', () => {
    const { periods: shown } = leave(periods(['2026-03-02', 0], ['2026-03-09', 33.33], ['2026-03-10', 150]), {
      ...PLAIN,
      percentageMeans: 'working',
    });
    expect(shown.map(({ percentage }) => percentage)).toEqual(['100.00', '66.67', '150.00']);
  });

  it('of two decimals is never changed, and complemented twice it is itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (hundredths) => {
        const [asSick] = leave(periods(['2026-03-02', hundredths / 100])).periods;
        const [asWork] = leave(periods(['2026-03-02', hundredths / 100]), {
          ...PLAIN,
          percentageMeans: 'working',
        }).periods;
        expect(Number(asSick?.percentage.replace('.', ''))).toBe(hundredths);
        expect(complement(asWork?.percentage ?? '')).toBe(asSick?.percentage);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the course', () => {
  it('is told oldest first, whatever the order of the list, each period once', () => {
    const shown = periods(['2026-03-16', 25], ['2026-03-02', 100], ['2026-03-09', 50], ['2026-03-09', 50]);
    expect(leave(shown).periods.map(({ from }) => from)).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
  });

  it.each([
    ['no list at all', {}],
    ['an empty list', periods()],
    ['a first period after the first day', periods(['2026-03-05', 50])],
    ['a period before the first day', periods(['2026-02-20', 100])],
    ['0 % without a recovery', periods(['2026-03-02', 100], ['2026-03-09', 0])],
    [
      '0 % from the recovery on',
      { ...periods(['2026-03-02', 100], ['2026-03-09', 0]), recoveryDate: '2026-03-09' },
    ],
    [
      '0 % before the recovery',
      { ...periods(['2026-03-02', 100], ['2026-03-06', 0]), recoveryDate: '2026-03-09' },
    ],
    ['back on the first day', { ...periods(['2026-03-02', 100]), recoveryDate: '2026-03-02' }],
  ])('%s is no contradiction', (_name, shown) => {
    expect(leave(shown).contradictions).toEqual([]);
  });

  it.each([
    ['two percentages from one day', periods(['2026-03-02', 100], ['2026-03-02', 50])],
    [
      'sick after the recovery',
      { ...periods(['2026-03-02', 100], ['2026-03-12', 50]), recoveryDate: '2026-03-09' },
    ],
    [
      'sick from the recovery on',
      { ...periods(['2026-03-02', 100], ['2026-03-09', 50]), recoveryDate: '2026-03-09' },
    ],
  ])('%s is a contradiction, told without a value', (_name, shown) => {
    const { contradictions } = leave(shown);
    expect(contradictions).toEqual([
      { code: 'SOURCE_CONTRADICTION', path: 'sickLeave.periods', detail: expect.not.stringMatching(/\d/) },
    ]);
  });
});

describe('the day of recovery', () => {
  it('is the first day of being back: as it is, or the day after the last sick day', () => {
    const shown = { recoveryDate: '2026-03-08', expectedRecoveryDate: '2026-03-31' };
    expect(leave(shown)).toMatchObject({
      ended: true,
      recoveryDate: '2026-03-08',
      expectedRecoveryDate: '2026-03-31',
    });
    expect(leave(shown, { ...PLAIN, recoveryDateMeans: 'last-sick-day' })).toMatchObject({
      ended: true,
      recoveryDate: '2026-03-09',
      expectedRecoveryDate: '2026-04-01',
    });
  });

  it.each([
    ['2026-03-28', '2026-03-29'],
    ['2026-03-29', '2026-03-30'],
    ['2026-10-24', '2026-10-25'],
    ['2026-10-25', '2026-10-26'],
    ['2024-02-28', '2024-02-29'],
    ['2026-12-31', '2027-01-01'],
  ])('after the last sick day %s is %s, also over a change of the clock', (last, back) => {
    const { recoveryDate } = leave({ recoveryDate: last }, { ...PLAIN, recoveryDateMeans: 'last-sick-day' });
    expect(recoveryDate).toBe(back);
  });

  it('is none when the API shows an open end', () => {
    expect(leave({ recoveryDate: '9999-12-31' })).toMatchObject({ ended: false, recoveryDate: undefined });
    expect(leave({ recoveryDate: null })).toMatchObject({ ended: false });
  });
});

describe('a day', () => {
  it.each([
    ['2026-03-29', '2026-03-29'],
    ['2026-03-29T00:00:00', '2026-03-29'],
    ['2026-03-29T00:00:00.000Z', '2026-03-29'],
    ['2026-10-25T00:00:00+02:00', '2026-10-25'],
    ['2026-10-25T00:00:00+01:00', '2026-10-25'],
  ])('%s is %s, whatever zone stands behind it', (text, day) => {
    expect(dayOf(text)).toBe(day);
  });

  it('with a time of day is no day: nobody knows which one is meant', () => {
    expect(dayOf('2026-03-28T23:00:00Z')).toBe('2026-03-28T23:00:00Z');
  });
});

describe('decimals', () => {
  it('are cut figure by figure, so that the text of a number is what counts', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (value) => {
        fc.pre(value === 0 || value >= 1e-6);
        const off = Math.abs(Number(decimalsOf(String(value))) - value);
        expect(off).toBeLessThanOrEqual(0.005 + 1e-9);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the settings', () => {
  it('ask for the two meanings that no document gives, and say how to find out', () => {
    const { percentageMeans, recoveryDateMeans, ...rest } = SETTINGS;
    const issues = settingsSchema.safeParse(rest).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual(['percentageMeans', 'recoveryDateMeans']);
    for (const { message } of issues) expect(message).toMatch(/sandbox/);
    expect(issues[0]?.message).toMatch(/sickness or working/);
    expect(issues[1]?.message).toMatch(/first-working-day or last-sick-day/);
    expect(
      settingsSchema.safeParse({ ...SETTINGS, percentageMeans: 'both' }).error?.issues[0]?.message,
    ).toMatch(/sandbox/);
  });

  it('have the documented limits and addresses by default, and send nothing in the clear to another machine', () => {
    const { baseUrl, tokenUrl, pace, ...rest } = SETTINGS;
    const settings = settingsSchema.parse(rest);
    expect(settings.pace).toEqual({ minIntervalMs: 600, concurrency: 3, perDay: 6000, tokensPerMonth: 400 });
    expect(settings.baseUrl).toBe('https://api.youforce.com/wfm/1.0');
    expect(settings.tokenUrl).toBe('https://connect.visma.com/connect/token');
    expect(settingsSchema.parse({ ...rest, baseUrl: 'http://127.0.0.1:1/1.0/' }).baseUrl).toBe(
      'http://127.0.0.1:1/1.0',
    );
    expect(settingsSchema.safeParse({ ...rest, baseUrl: 'http://api.youforce.com/wfm' }).success).toBe(false);
  });
});
