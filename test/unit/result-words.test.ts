// What is taken over of a receiver's codes and texts.
import { describe, expect, it } from '@jest/globals';
import { wordsOf } from '../../src/acceptance/result-words.js';
import type { ProcessingResult } from '../../src/domain/return.js';

const words = (over: Partial<ProcessingResult>) =>
  wordsOf({ reference: 'm', scope: 'message', outcome: 'refused', ...over });

describe('the words of a receiver', () => {
  it('are its outcome, its first code, and its texts in one line', () => {
    expect(words({})).toEqual({ outcome: 'refused' });
    expect(words({ code: ' 0123 ', text: 'Unknown\n employer.' })).toEqual({
      outcome: 'refused',
      code: '0123',
      detail: 'Unknown employer.',
    });
    const errors = [
      { code: '01', text: 'first' },
      { code: '02', text: 'second' },
      { code: '03' },
      { text: 'first' },
    ];
    expect(words({ errors })).toEqual({ outcome: 'refused', code: '01', detail: 'first; 02: second; 03' });
  });

  it('leave out a text that the scanner stops, and keep the others', () => {
    const errors = [
      { code: '01', text: 'wegens burn-out' },
      { code: '02', text: 'unknown employer' },
    ];
    expect(words({ errors })).toEqual({ outcome: 'refused', code: '01', detail: '02: unknown employer' });
    expect(words({ text: 'BSN 123456782 onbekend' })).toEqual({ outcome: 'refused' });
  });

  it('leave out a code that is a text or a number of a person', () => {
    for (const code of ['a whole sentence of words', '123456782', 'depressie', 'x'.repeat(21), ' '])
      expect(words({ code })).toEqual({ outcome: 'refused' });
  });

  it('are of bounded length', () => {
    const errors = Array.from({ length: 400 }, (_, n) => ({ code: `c${n}`, text: `text ${n}` }));
    expect(words({ errors }).detail?.length).toBe(500);
  });
});
