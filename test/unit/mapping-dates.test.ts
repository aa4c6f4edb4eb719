// Which texts are a day of the calendar: held against the calendar of the platform.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPlainDate } from '../../src/domain/dates.js';

const two = (value: number) => String(value).padStart(2, '0');

describe('a plain date', () => {
  it('is a day that the calendar has', () => {
    const numbers = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 15 }),
      fc.nat({ max: 40 }),
    );
    fc.assert(
      fc.property(numbers, ([year, month, day]) => {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        const date = new Date(`${text}T00:00:00Z`);
        expect(isPlainDate(text)).toBe(!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2024-02-29', true],
    ['2026-02-29', false],
  ])('knows leap years: %s', (text, known) => {
    expect(isPlainDate(text)).toBe(known);
  });
});
