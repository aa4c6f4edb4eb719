// What `npm run torture` makes of its options.
import { describe, expect, it } from '@jest/globals';
import { chosen, readOptions } from '../crash/torture-options.js';

const ROWS = [
  { fault: 'full disk', combination: 'SQLite + embedded' },
  { fault: 'clock jumps', combination: 'PostgreSQL + Redis' },
];
const DEFAULTS = { rounds: 500, seed: 7, jobs: 4 };
const read = (...args: string[]) => readOptions(args, ROWS, DEFAULTS);

describe('the options of the torture run', () => {
  it('are how much of what', () => {
    expect(read()).toEqual({ ...DEFAULTS, fault: '', combination: '' });
    expect(read('--rounds', '20', '--fault', 'Disk', '--jobs', '1')).toEqual({
      ...{ rounds: 20, seed: 7, jobs: 1, fault: 'Disk', combination: '' },
    });
  });

  it('choose the rows that hold the words', () => {
    expect(chosen(ROWS, { fault: '', combination: 'redis' })).toEqual([ROWS[1]]);
    expect(chosen(ROWS, { fault: 'DISK', combination: '' })).toEqual([ROWS[0]]);
  });

  it('show what there is when asked', () => {
    expect(read('--help')).toEqual({ text: expect.stringContaining('clock jumps'), exit: 0 });
  });

  it.each([
    { args: ['--nonsense'], why: "Unknown option '--nonsense'" },
    { args: ['--fault', 'nothing'], why: 'No row of the table holds these words.' },
    { args: ['--fault', 'disk', '--combination', 'redis'], why: 'No row of the table holds these words.' },
    { args: ['--rounds', 'many'], why: '--rounds is a whole number above 0.' },
    { args: ['--jobs', '0'], why: '--jobs is a whole number above 0.' },
  ])('say what is wrong and what there is: $why ($args)', ({ args, why }) => {
    const found = read(...args);
    expect(found).toEqual({ text: expect.stringContaining(why), exit: 2 });
    expect(found).toEqual({ text: expect.stringContaining('full disk'), exit: 2 });
  });
});
