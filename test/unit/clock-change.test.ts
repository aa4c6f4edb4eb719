import { describe, expect, it } from '@jest/globals';
import { createTask } from 'node-cron';
import { wallClock } from '../../src/clock.js';
import { plusDays } from '../../src/domain/dates.js';

const ZONE = 'Europe/Amsterdam';
const MINUTE_MS = 60_000;

/** Minutes from midnight to midnight, wall clock, at which a schedule is due. */
function dueMinutes(expression: string, fromUtc: string, hours: number): string[] {
  const task = createTask(expression, () => {}, { timezone: ZONE });
  const start = Date.parse(fromUtc);
  const due: string[] = [];
  for (let minute = 0; minute < hours * 60; minute += 1) {
    const at = start + minute * MINUTE_MS;
    if (task.match(new Date(at))) due.push(wallClock(at, ZONE).time);
  }
  task.destroy();
  return due;
}

describe.each([
  ['in spring, when the night has 23 hours', '2026-03-28T23:00:00Z', 23, '2026-03-29'],
  ['in autumn, when the night has 25 hours', '2026-10-24T22:00:00Z', 25, '2026-10-25'],
])('the clock change %s', (_season, midnight, hours, date) => {
  it('leaves no minute without a poll and polls no minute twice', () => {
    expect(dueMinutes('* * * * *', midnight, hours)).toHaveLength(hours * 60);
  });

  it('begins and ends the day at the wall clock', () => {
    const start = Date.parse(midnight);
    expect(wallClock(start, ZONE)).toEqual({ date, time: '00:00:00' });
    expect(wallClock(start - 1000, ZONE).date).toBe(plusDays(date, -1));
    expect(wallClock(start + hours * 60 * MINUTE_MS, ZONE)).toEqual({
      date: plusDays(date, 1),
      time: '00:00:00',
    });
  });

  it('keeps an office-hours schedule to office hours', () => {
    const due = dueMinutes('0 6-22 * * *', midnight, hours);
    expect(due).toEqual(
      Array.from({ length: 17 }, (_, index) => `${String(index + 6).padStart(2, '0')}:00:00`),
    );
  });
});

describe('plain dates', () => {
  it('count days through both clock changes', () => {
    expect(plusDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(plusDays('2026-10-24', 2)).toBe('2026-10-26');
    expect(plusDays('2026-03-02', 294)).toBe('2026-12-21');
  });
});
