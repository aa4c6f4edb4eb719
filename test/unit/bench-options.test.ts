// What `npm run bench` makes of its options.
import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../bench/options.js';

const NAMES = ['deliveries', 'flu monday'];

describe('the options of the bench', () => {
  it('are what to measure and for how long', () => {
    expect(readOptions([], NAMES)).toEqual({ only: '', minutes: 10 });
    expect(readOptions(['--only', 'flu', '--minutes', '0.5'], NAMES)).toEqual({ only: 'flu', minutes: 0.5 });
  });

  it('show what there is when asked', () => {
    expect(readOptions(['--help'], NAMES)).toEqual({
      text: expect.stringContaining('deliveries, flu monday'),
      exit: 0,
    });
  });

  it.each([
    { args: ['--nonsense'], why: "Unknown option '--nonsense'" },
    { args: ['--only', 'nothing'], why: 'Nothing is called nothing.' },
    { args: ['--minutes', 'ten'], why: '--minutes is a number above 0.' },
    { args: ['flu'], why: 'Unexpected argument' },
  ])('say what is wrong and what there is: $why', ({ args, why }) => {
    const found = readOptions(args, NAMES);
    expect(found).toEqual({ text: expect.stringContaining(why), exit: 2 });
    expect(found).toEqual({ text: expect.stringContaining('--only WORDS'), exit: 2 });
  });
});
