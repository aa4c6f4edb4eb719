// Work by the clock: what goes wrong in it, and what the scheduler itself remarks, ends in our log and ends nothing else.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startSchedule } from '../../src/intake/schedule.js';
import { type Log, silentLog } from '../../src/log.js';

const EVERY_SECOND = '* * * * * *';

let told: { level: string; message: string; fields: unknown }[];
let log: Log;
beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  const tell = (level: string) => (message: string, fields?: unknown) =>
    void told.push({ level, message, fields });
  log = { ...silentLog, warn: tell('warn'), error: tell('error') };
});
afterEach(() => {
  jest.useRealTimers();
});

describe('scheduled work', () => {
  it('that throws is told to the log, and runs again', async () => {
    let runs = 0;
    const run = async () => {
      runs += 1;
      throw new TypeError('a bug');
    };
    const schedule = startSchedule([{ when: EVERY_SECOND, name: 'poll', run }], { timezone: 'UTC', log });
    await jest.advanceTimersByTimeAsync(3_500);
    await schedule.stop();
    expect(runs).toBeGreaterThan(1);
    expect(told[0]).toEqual({ level: 'error', message: 'scheduled work failed', fields: { work: 'poll' } });
  });

  it('that is still going on is not begun twice, which the log is told and the terminal is not', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    let runs = 0;
    const run = () => {
      runs += 1;
      return new Promise(() => {});
    };
    const schedule = startSchedule([{ when: EVERY_SECOND, name: 'poll', run }], { timezone: 'UTC', log });
    await jest.advanceTimersByTimeAsync(3_500);
    await schedule.stop();
    expect(runs).toBe(1);
    expect(warn).not.toHaveBeenCalled();
    expect(told[0]).toMatchObject({ level: 'warn', message: 'scheduler' });
    warn.mockRestore();
  });

  it('does not begin once it was stopped', async () => {
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const schedule = startSchedule([{ when: EVERY_SECOND, name: 'poll', run }], { timezone: 'UTC', log });
    await schedule.stop();
    await jest.advanceTimersByTimeAsync(3_500);
    expect(runs).toBe(0);
  });
});
