// Sealing: what comes back, and that nothing comes back that was changed, moved or sealed under another key.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadKeyring, newKeyringText, withNewKey } from '../../src/store/keyring.js';
import { createSeal, keyIdOf, type Place } from '../../src/store/seal.js';
import { cleared } from '../support/store-material.js';

const PLACE: Place = { table: 'ledger', row: 'absences key', column: 'state' };
const text = newKeyringText();
const seal = createSeal(loadKeyring(text));
const broken = expect.objectContaining({ code: 'SEAL_BROKEN' });

function failure(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return 'no error';
}

describe('a sealed value', () => {
  it('opens as what it was', () => {
    const value = fc.jsonValue();
    fc.assert(
      fc.property(value, (given) => {
        const opened = seal.open(seal.seal(cleared(given), PLACE), PLACE);
        expect(JSON.stringify(opened)).toBe(JSON.stringify(given));
      }),
      { numRuns: 200 },
    );
  });

  it('shows nothing of what it was, and is different every time', () => {
    const [one, two] = [seal.seal(cleared('PLANTED'), PLACE), seal.seal(cleared('PLANTED'), PLACE)];
    expect(one.includes('PLANTED')).toBe(false);
    expect(one.equals(two)).toBe(false);
  });

  it('names its version and its key, and begins with the header of the current key', () => {
    const sealed = seal.seal(cleared(1), PLACE);
    expect(sealed[0]).toBe(1);
    expect(keyIdOf(sealed)).toBe(loadKeyring(text).current);
    expect(sealed.subarray(0, seal.header.length).equals(seal.header)).toBe(true);
  });

  it.each([
    ['row', { ...PLACE, row: 'absences other' }],
    ['column', { ...PLACE, column: 'body' }],
    ['table', { ...PLACE, table: 'secret' as const }],
    ['row and column run together', { ...PLACE, row: 'absences keystate', column: '' }],
  ])('does not open in another place: %s', (_what, place) => {
    const sealed = seal.seal(cleared({ a: 1 }), PLACE);
    expect(failure(() => seal.open(sealed, place))).toEqual(broken);
  });

  it('does not open when any one of its bits is changed, or when it is cut', () => {
    const sealed = seal.seal(cleared({ a: 'value' }), PLACE);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(failure(() => seal.open(changed, PLACE))).toEqual(broken);
      }),
    );
    for (let length = 0; length < sealed.length; length += 1) {
      expect(failure(() => seal.open(sealed.subarray(0, length), PLACE))).toEqual(broken);
    }
  });

  it('opens under an old key that is still in the key file, and not without it', () => {
    const sealed = seal.seal(cleared('old'), PLACE);
    const both = createSeal(loadKeyring(withNewKey(text)));
    expect(both.open(sealed, PLACE)).toBe('old');
    expect(keyIdOf(both.seal(cleared('new'), PLACE))).not.toBe(keyIdOf(sealed));
    const without = createSeal(loadKeyring(newKeyringText()));
    expect(failure(() => without.open(sealed, PLACE))).toEqual(broken);
    expect(String(failure(() => without.open(sealed, PLACE)))).toContain('is not in the key file');
  });

  it('of a key with the same id but other bytes does not open', () => {
    const other = createSeal(
      loadKeyring(`${loadKeyring(text).current}:${Buffer.alloc(32, 1).toString('base64')}`),
    );
    expect(failure(() => other.open(seal.seal(cleared(1), PLACE), PLACE))).toEqual(broken);
  });
});
