// Which of several words on a delivery counts, and what they make of its case: pure, and blind to their order.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RESULT_OUTCOMES } from '../../src/domain/return.js';
import { climb, outweighs, standingOf } from '../../src/ledger/acknowledge.js';
import { divergenceOf, type SettledReport } from '../../src/ledger/acknowledge-case.js';

const word = fc.record(
  { outcome: fc.constantFrom(...RESULT_OUTCOMES), code: fc.string(), detail: fc.string() },
  { requiredKeys: ['outcome'] },
);
type Word = { outcome: (typeof RESULT_OUTCOMES)[number]; code?: string; detail?: string };
const join = (words: readonly Word[]) =>
  words.reduce((kept, next) => (outweighs(next, kept) ? next : kept), words[0] ?? { outcome: 'received' });
const told = ({ outcome, code = '', detail = '' }: Word) => [outcome, code, detail];

describe('of several words on a delivery', () => {
  it('the weightiest counts, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(
        fc
          .array(word, { minLength: 1 })
          .chain((words) =>
            fc.tuple(
              fc.constant(words),
              fc.shuffledSubarray([...words, ...words], { minLength: 2 * words.length }),
            ),
          ),
        ([words, shuffled]) => {
          expect(told(join(shuffled))).toEqual(told(join(words)));
          expect(words.every((each) => !outweighs(each, join(words)))).toBe(true);
        },
      ),
    );
  });

  it('a refusal counts more than anything, and only a refusal rejects', () => {
    fc.assert(
      fc.property(word, (other) => {
        if (other.outcome === 'refused') return;
        expect(outweighs({ outcome: 'refused' }, other)).toBe(true);
        expect(standingOf(other.outcome)).toBe('confirmed');
      }),
    );
    expect(standingOf('refused')).toBe('rejected');
  });

  it('a delivery only climbs', () => {
    expect(climb('delivered', 'confirmed')).toBe('confirmed');
    expect(climb('delivered', 'rejected')).toBe('rejected');
    expect(climb('confirmed', 'rejected')).toBe('rejected');
    expect(climb('confirmed', 'confirmed')).toBeNull();
  });
});

describe('a case', () => {
  const report = (over: Partial<SettledReport>): SettledReport => ({
    ...{ state: 'delivered', code: null, acceptedAt: 1, refusedAt: null },
    ...over,
  });
  const refused = (at: number) => report({ state: 'rejected', code: 'TARGET_REJECTED', refusedAt: at });
  const rejected = report({ state: 'rejected', code: 'TARGET_REJECTED' });

  it.each<[string, SettledReport[], string | null]>([
    ['of nothing', [], null],
    ['of what arrived', [report({})], null],
    ['whose last report differs', [report({ code: 'TARGET_DIFFERS' })], 'TARGET_DIFFERS'],
    ['whose last report was rejected', [report({}), rejected], 'TARGET_REJECTED'],
    ['whose last report was discarded', [report({}), report({ state: 'discarded' })], 'DISCARDED'],
    [
      'whose last report was superseded',
      [rejected, report({}), report({ state: 'discarded', code: 'SUPERSEDED' })],
      null,
    ],
    ['rejected before something arrived', [rejected, report({})], null],
    [
      'refused in words after the later one was accepted',
      [refused(5), report({ acceptedAt: 4 })],
      'TARGET_REJECTED',
    ],
    ['refused in words before the later one was accepted', [refused(5), report({ acceptedAt: 6 })], null],
    ['refused in words, later confirmed', [refused(5), report({ state: 'confirmed' })], null],
    [
      'confirmed but differing, last',
      [refused(5), report({ state: 'confirmed', code: 'TARGET_DIFFERS' })],
      'TARGET_DIFFERS',
    ],
    [
      'refused in words, confirmed, refused again',
      [refused(5), report({ state: 'confirmed' }), refused(7)],
      'TARGET_REJECTED',
    ],
  ])('%s', (_what, reports, expected) => {
    expect(divergenceOf(reports)).toBe(expected);
  });
});
