// What each function of the mapping language does to a value.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/connector.js';
import { loadSmall, type SmallMapping } from '../mappings/small-mapping.js';

const colour = `table: colour
codes:
  "1": { meaning: red, status: guess, source: a page }
  "2": { meaning: true, status: verified, source: a page }
  "3": { meaning: grey, status: verified, source: a page, write: false }
write:
  crimson: { code: "1", status: verified, source: a page }
`;
const codes = { 'colour.yaml': colour };

function map(rule: string, source: JsonObject, more: Partial<SmallMapping> = {}) {
  return loadSmall({ text: `fields:\n  ${rule}\n`, codes, ...more }).apply(source);
}
const output = (value: JsonObject, notices: readonly unknown[] = []) => ({
  ok: true,
  output: value,
  notices,
});
const problem = (code: string, path: string) => ({
  ok: false,
  problems: [expect.objectContaining({ code, path })],
});

describe('a value rule', () => {
  it('copies a field, into groups and out of them', () => {
    expect(map('group.inner: group.other', { group: { other: ' x  y ' } })).toEqual(
      output({ group: { inner: ' x  y ' } }),
    );
  });

  it('writes nothing for what is absent, null, empty or blank', () => {
    for (const source of [{}, { a: null }, { a: '' }, { a: '  ' }]) {
      expect(map('group.inner: a', source)).toEqual(output({}));
    }
  });

  it('takes no value from what only every object has', () => {
    expect(map('a: constructor', {}, { source: ['constructor'] })).toEqual(output({}));
  });

  it('joins what is there', () => {
    const rule = 'a: { join: [a, b, c], with: "-" }';
    expect(map(rule, { a: 'x', c: 'z' })).toEqual(output({ a: 'x-z' }));
    expect(map(rule, {})).toEqual(output({}));
    expect(map(rule, { a: 'x', b: { c: 'y' } })).toEqual(problem('MAPPING_BAD_VALUE', 'a'));
  });

  it('puts a default through the same steps as a value', () => {
    const rule = 'a: { from: b, default: red, codes: colour }';
    expect(map(rule, {}, { direction: 'out' })).toEqual(output({ a: '1' }));
  });

  it('tries another rule only when the value is absent', () => {
    const rule = 'a: { from: b, otherwise: { from: c, remove: "." } }';
    expect(map(rule, { b: 'x.', c: 'y.' })).toEqual(output({ a: 'x.' }));
    expect(map(rule, { c: 'y.' })).toEqual(output({ a: 'y' }));
  });

  it('looks up what the route knows of the employer, and never a value of another employer', () => {
    const options = { employers: { W1: { number: '7' }, W2: { number: '8' } } };
    const rule = 'a: { lookup: number, by: b, required: true }';
    expect(map(rule, { b: 'W2' }, { direction: 'out', options })).toEqual(output({ a: '8' }));
    for (const b of ['W3', 'constructor', '']) {
      const mapped = map(rule, { b }, { direction: 'out', options });
      expect(mapped).toEqual(problem('MAPPING_MISSING_FIELD', 'a'));
      expect(mapped).toMatchObject({ problems: [{ detail: expect.stringContaining('number') }] });
    }
  });

  it('removes signs silently, and tells when letters or digits go', () => {
    const rule = 'a: { from: b, remove: ". 0123456789" }';
    expect(map(rule, { b: 'A.B. C' })).toEqual(output({ a: 'ABC' }));
    expect(map(rule, { b: 'A1' })).toMatchObject({
      output: { a: 'A' },
      notices: [{ code: 'MAPPING_SHORTENED', path: 'b' }],
    });
    expect(map('a: { from: b, remove: ".", required: true }', { b: '...' })).toEqual(
      problem('MAPPING_MISSING_FIELD', 'b'),
    );
  });

  it('shortens by characters, not by halves of them, and says so', () => {
    const rule = 'a: { from: b, truncate: 3 }';
    expect(map(rule, { b: 'é😀x' })).toEqual(output({ a: 'é😀x' }));
    expect(map(rule, { b: 'é😀xy' })).toMatchObject({
      output: { a: 'é😀x' },
      notices: [{ code: 'MAPPING_SHORTENED', path: 'b' }],
    });
    expect(map(rule, { b: 'ab cd' })).toMatchObject({ output: { a: 'ab' } });
  });

  it.each([
    ['date', ['2026-02-28'], ['2026-02-29', '28-02-2026', '2026-2-1', '2026-02-28T00:00:00Z', 'x']],
    ['percentage', ['0.00', '100.00'], ['100.01', '50', '50.5', '-1.00', '1e1', '050']],
    ['hours', ['0.00', '9999.99'], ['36', '36,50', '10000.00']],
  ])('checks the form of a %s', (type, good, bad) => {
    const rule = `a: { from: b, as: ${type} }`;
    for (const b of good) expect(map(rule, { b })).toEqual(output({ a: b }));
    for (const b of bad) expect(map(rule, { b })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
  });

  it('writes equal percentages as equal texts', () => {
    expect(map('a: { from: b, as: percentage }', { b: '050.00' })).toEqual(output({ a: '50.00' }));
    expect(map('a: { from: b, as: percentage }', { b: '000.00' })).toEqual(output({ a: '0.00' }));
  });

  it('turns absence into recovery and back', () => {
    const rule = 'a: { from: b, complement: true }';
    for (const [b, a] of [
      ['100.00', '0.00'],
      ['33.33', '66.67'],
      ['0.00', '100.00'],
    ] as const) {
      expect(map(rule, { b })).toEqual(output({ a }));
    }
    expect(map(rule, { b: '100.01' })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
  });

  it('makes a number of an integer on the way in, and text on the way out', () => {
    const rule = 'a: { from: b, as: integer }';
    expect(map(rule, { b: '007' })).toEqual(output({ a: 7 }));
    expect(map(rule, { b: '7.0' })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
    expect(map(rule, { b: 7 }, { direction: 'out' })).toEqual(output({ a: '7' }));
    expect(map(rule, { b: -1 }, { direction: 'out' })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
  });

  it('writes nothing but text on the way out', () => {
    for (const b of [1, true]) {
      expect(map('a: b', { b }, { direction: 'out' })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
    }
  });

  it('refuses a group or a list where a single value belongs', () => {
    expect(map('a: b', { b: { c: 'x' } })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
    expect(map('a: b', { b: ['x'] })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
  });
});

describe('a time and a duration', () => {
  const time = 'a: { from: b, as: time }';
  const minutes = 'a: { from: b, as: minutes }';
  const out = { direction: 'out' } as const;

  it.each(['09:30', '09:30:00', '09:30:59.123'])('%s is half past nine', (b) => {
    expect(map(time, { b })).toEqual(output({ a: '09:30' }));
  });

  it.each(['09:30:00Z', '09:30:00+01:00', '24:00:00', '9:30', '09:60:00', 'half ten', 570])(
    '%s is no local time of day',
    (b) => {
      expect(map(time, { b })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
    },
  );

  it('a time of day gets its seconds on the way out, and is refused with them', () => {
    expect(map(time, { b: '09:30' }, out)).toEqual(output({ a: '09:30:00' }));
    expect(map(time, { b: '09:30:00' }, out)).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
  });

  it('minutes are hours with two decimals outside, to the nearest minute', () => {
    expect(map(minutes, { b: '000.50' })).toEqual(output({ a: 30 }));
    expect(map(minutes, { b: '0,50' })).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
    expect(map(minutes, { b: 1.5 }, out)).toEqual(problem('MAPPING_BAD_VALUE', 'b'));
  });

  it('minutes come back as they were', () => {
    for (let b = 0; b < 600; b += 1) {
      const hours = map(minutes, { b }, out);
      expect(hours.ok && map(minutes, { b: hours.output.a ?? '' })).toEqual(output({ a: b }));
    }
  });
});

describe('a code table', () => {
  const rule = 'a: { from: b, codes: colour }';

  it('gives the meaning on the way in, also of codes that are never written', () => {
    expect(map(rule, { b: '1' })).toEqual(output({ a: 'red' }));
    expect(map(rule, { b: '2' })).toEqual(output({ a: true }));
    expect(map(rule, { b: '3' })).toEqual(output({ a: 'grey' }));
  });

  it('gives the code on the way out, also of words that are only written', () => {
    const direction = 'out';
    expect(map(rule, { b: true }, { direction })).toEqual(output({ a: '2' }));
    expect(map(rule, { b: 'crimson' }, { direction })).toEqual(output({ a: '1' }));
    expect(map(rule, { b: 'grey' }, { direction })).toEqual(problem('MAPPING_UNKNOWN_CODE', 'b'));
    expect(map(rule, { b: 'true' }, { direction })).toEqual(problem('MAPPING_UNKNOWN_CODE', 'b'));
  });

  it('never guesses: an unknown code stops the record with the list of known ones, without the value', () => {
    const mapped = map(rule, { b: 'sekret' });
    expect(mapped).toEqual(problem('MAPPING_UNKNOWN_CODE', 'b'));
    expect(mapped).toMatchObject({ problems: [{ detail: 'Known in table colour: 1, 2, 3.' }] });
    expect(JSON.stringify(mapped)).not.toContain('sekret');
  });

  it('refuses guessed meanings where only verified ones are wanted', () => {
    const options = { strictCodes: true };
    expect(map(rule, { b: '1' }, { options })).toEqual(problem('MAPPING_GUESSED_CODE', 'b'));
    expect(map(rule, { b: '2' }, { options })).toEqual(output({ a: true }));
  });

  it('can be asked whether a code has one meaning', () => {
    expect(map('a: { from: b, codes: colour, is: red }', { b: '1' })).toEqual(output({ a: true }));
    expect(map('a: { from: b, codes: colour, is: red }', { b: '3' })).toEqual(output({ a: false }));
  });
});

describe('an empty code table', () => {
  it('knows no code, and says so', () => {
    const empty = { 'empty.yaml': 'table: empty\ncodes: {}\n' };
    const mapped = map('a: { from: b, codes: empty }', { b: '1' }, { codes: empty });
    const detail = 'Known in table empty: none yet.';
    expect(mapped).toEqual({ ok: false, problems: [{ code: 'MAPPING_UNKNOWN_CODE', path: 'b', detail }] });
  });
});

describe('a list rule', () => {
  const each = (more: string) =>
    `items[]: { each: "items[]", fields: { name: { from: name, required: true } }${more} }`;

  it('makes an item of each item, and nothing of an empty list', () => {
    expect(map(each(''), { items: [{ name: 'x' }, { name: 'y' }] })).toEqual(
      output({ items: [{ name: 'x' }, { name: 'y' }] }),
    );
    expect(map(each(''), { items: [] })).toEqual(output({}));
  });

  it('names the item in which something is missing', () => {
    expect(map(each(''), { items: [{ name: 'x' }, {}] })).toEqual(
      problem('MAPPING_MISSING_FIELD', 'items[1].name'),
    );
  });

  it('leaves an incomplete item out where the mapping says so, and tells', () => {
    const mapped = map(each(', incomplete: skip'), { items: [{ name: 'x' }, {}] });
    expect(mapped).toMatchObject({
      output: { items: [{ name: 'x' }] },
      notices: [{ code: 'MAPPING_ITEM_LEFT_OUT', path: 'items[1]' }],
    });
  });

  it('never leaves out an item for an unknown code', () => {
    const rule =
      'items[]: { each: "items[]", incomplete: skip, fields: { kind: { from: kind, codes: colour } } }';
    expect(map(rule, { items: [{ kind: '9' }] })).toEqual(problem('MAPPING_UNKNOWN_CODE', 'items[0].kind'));
  });

  it('falls back when no item is left, and asks for one when it must have one', () => {
    const more =
      ', incomplete: skip, required: true, otherwise: { incomplete: skip, list: [{ name: { from: a, required: true } }] }';
    expect(map(each(more), { items: [{}], a: 'z' })).toMatchObject({ output: { items: [{ name: 'z' }] } });
    expect(map(each(more), {})).toEqual(problem('MAPPING_MISSING_FIELD', 'items'));
  });

  it('refuses a list that is none', () => {
    expect(map(each(''), { items: 'x' })).toEqual(problem('MAPPING_BAD_VALUE', 'items'));
    expect(map(each(''), { items: ['x'] })).toEqual(problem('MAPPING_MISSING_FIELD', 'items[0].name'));
  });
});
