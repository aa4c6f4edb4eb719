// The oracle of the crash tests can fail: every way in which a receiver could be told wrongly is found. The whole of
// `npm run torture` was tried on a product broken on purpose (2026-11-22), 8 to 12 rounds each:
// - the folder target forgets that it sent something           -> doubled, once receivers take files away
// - the source gets its receipt before the commit               -> lost
// - an unknown outcome counts as delivered                      -> lost
// - what was claimed is not given back after a crash            -> lost, open items
// - the outcome is committed before the first byte              -> lost, unfinished files
// - a claim does not look at lanes                              -> refused by the store itself
// - of several replicas, whoever takes over counts what was being sent as delivered (10 kills)  -> lost, unfinished files
// Of several processes one is broken on purpose at every run (replicas.test.ts).
// One was not found, rightly: without dedupe keys a repeated file changes nothing, because comparing finds it unchanged.
import { describe, expect, it } from '@jest/globals';
import type { Truth } from './feed.js';
import { type Arrival, judgeAgainstReference, judgeAgainstTruth, judgeOrder, NO_FINDINGS } from './oracle.js';

const SICK = { firstDay: '2026-09-01', effectiveDate: '2026-09-01', percentage: '100.00', ended: 'N' };
const WELL = { ...SICK, effectiveDate: '2026-09-09', percentage: '0.00', ended: 'J' };

function arrival(place: number, caseKey: string, number: number, says: Arrival['says'] = SICK): Arrival {
  const processing = number === 1 ? '01' : '02';
  return { file: `${place}.xml`, reference: `r${place}`, caseKey, number, processing, says };
}

const REFERENCE = [
  arrival(1, 'a', 1),
  arrival(2, 'b', 1),
  arrival(3, 'a', 2),
  arrival(4, 'a', 3, WELL),
  arrival(5, 'b', 2, WELL),
];
const TRUTHS = new Map<string, Truth>(['a', 'b'].map((key) => [key, { ...WELL, withdrawn: false }]));
const [a1, b1, a2, a3, b2] = REFERENCE as [Arrival, Arrival, Arrival, Arrival, Arrival];
const without = (gone: Arrival) => REFERENCE.filter((one) => one !== gone);

describe('the oracle', () => {
  it('finds nothing wrong with what an undisturbed run told', () => {
    expect(judgeOrder(REFERENCE)).toEqual(NO_FINDINGS);
    expect(judgeAgainstReference(REFERENCE, REFERENCE)).toEqual(NO_FINDINGS);
    expect(judgeAgainstTruth(REFERENCE, TRUTHS)).toEqual(NO_FINDINGS);
  });

  it('finds a report that is lost: in the middle by the numbers alone, at the end by what should have come', () => {
    expect(judgeOrder(without(a2)).lost).toBe(1);
    expect(judgeOrder(without(a1)).lost).toBe(1);
    expect(judgeOrder(without(a3)).lost).toBe(0);
    expect(judgeAgainstReference(without(a3), REFERENCE).lost).toBe(1);
    expect(judgeAgainstTruth(without(a3), TRUTHS).other).toEqual(['a ends otherwise than at the source']);
    expect(judgeAgainstTruth([a1, a2, a3], TRUTHS).lost).toBe(1);
  });

  it('finds a report that came twice: under a new name, under a new number, under a new reference', () => {
    expect(judgeOrder([...REFERENCE, { ...a2, file: '9.xml' }]).doubled).toBe(1);
    expect(judgeOrder([...REFERENCE, { ...a2, file: '9.xml', reference: 'r9' }]).doubled).toBe(1);
    expect(judgeOrder([...REFERENCE, { ...a3, file: '9.xml', number: 4 }]).doubled).toBe(1);
    const again = [...REFERENCE, { ...a3, file: '9.xml', number: 4, reference: 'r9' }];
    expect(judgeAgainstReference(again, REFERENCE).doubled).toBe(1);
  });

  it('finds two that changed places: by their names, and by when they came', () => {
    const swapped = [a1, b1, { ...a3, file: a2.file }, { ...a2, file: a3.file }, b2];
    expect(judgeOrder(swapped).disordered).toBe(1);
    expect(judgeOrder([a1, b1, { ...a2, file: a3.file }, { ...a3, file: a2.file }, b2]).disordered).toBe(1);
    expect(judgeOrder([a1, b1, a3, a2, b2]).disordered).toBe(1);
    expect(judgeOrder([b1, b2, a1, a2, a3]).disordered).toBe(0);
  });

  it('finds a report that says something else, and a case that nobody reported', () => {
    const other = REFERENCE.map((one) => (one === a2 ? { ...a2, says: WELL } : one));
    expect(judgeAgainstReference(other, REFERENCE).other).toHaveLength(1);
    expect(judgeAgainstTruth([...REFERENCE, arrival(6, 'c', 1)], TRUTHS).other).toHaveLength(1);
  });

  it('finds a withdrawn case that was not withdrawn, and one that was withdrawn without cause', () => {
    const withdrawn = new Map(TRUTHS).set('b', { ...SICK, withdrawn: true });
    expect(judgeAgainstTruth(REFERENCE, withdrawn).other).toHaveLength(1);
    const removed = REFERENCE.map((one) => (one === b2 ? { ...b2, processing: '03' } : one));
    expect(judgeAgainstTruth(removed, withdrawn).other).toEqual([]);
    expect(judgeAgainstTruth(removed, TRUTHS).other).toHaveLength(1);
  });
});
