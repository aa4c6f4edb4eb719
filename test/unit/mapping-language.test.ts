// What a person who writes a mapping is told about a mistake in it.
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../src/errors.js';
import { loadMapping } from '../../src/mapping/load.js';
import { faultsOf, loadSmall } from '../mappings/small-mapping.js';

const TABLE = `table: colour
codes:
  "1": { meaning: red, status: guess, source: a page }
  "2": { meaning: blue, status: verified, source: a page }
`;
const codes = { 'colour.yaml': TABLE };

describe('a mapping file', () => {
  it('is refused with every error at once, each with its file and line', () => {
    const text = `fields:
  a: { form: b }
  b: { from: group.iner }
  grop.other: a
  c: { from: a, codes: color, truncate: 0 }
  group.inner: { from: a, as: dat }
test: []
`;
    expect(faultsOf({ text, codes })).toEqual([
      'MAPPING_FILE mappings/small.in.yaml:9: There is no `test` here. Did you mean `tests`?',
      'MAPPING_FILE mappings/small.in.yaml:4: A rule has no `form` here. Did you mean `from`?',
      'MAPPING_FILE mappings/small.in.yaml:4: A rule has exactly one of from, constant, join, lookup; this one has none.',
      'MAPPING_FILE mappings/small.in.yaml:7: `truncate` takes a whole number from 1.',
      'MAPPING_FILE mappings/small.in.yaml:8: `as: dat` is not known. Did you mean `date`?',
      'MAPPING_FILE mappings/small.in.yaml:5: There is no field `group.iner`. Did you mean `group.inner`?',
      'MAPPING_FILE mappings/small.in.yaml:6: There is no field `grop.other`. Did you mean `group.other`?',
      'MAPPING_FILE mappings/small.in.yaml:7: There is no code table `color`. Did you mean `colour`?',
    ]);
  });

  it.each([
    ['a list rule for a single field', 'a: { each: "items[]", fields: {} }', 'no `each` here'],
    ['a value rule for a list', 'items[]: { from: a }', 'no `from` here'],
    ['two origins', 'a: { from: b, constant: x }', 'exactly one of'],
    ['a list of which the fields are forgotten', 'items[]: { each: "items[]" }', '`each` needs `fields`'],
    ['a list without its brackets', 'items[]: { each: items, fields: { name: name } }', 'it ends in `[]`'],
    [
      'a field of an item that does not exist',
      'items[]: { each: "items[]", fields: { name: nme } }',
      'Did you mean `items[].name`?',
    ],
    ['a lookup without an employer', 'a: { lookup: x }', '`lookup` needs `by`'],
    ['a join of one field', 'a: { join: [b] }', 'at least two'],
    ['`with` outside a join', 'a: { from: b, with: " " }', '`with` belongs to `join`'],
    ['a default and another rule', 'a: { from: b, default: x, otherwise: c }', 'not both'],
    ['a flag that is none', 'a: { from: b, required: "true" }', '`required` takes true or false'],
    [
      'a meaning that the table does not have',
      'a: { from: b, codes: colour, is: rad }',
      'Did you mean `red`?',
    ],
    ['a path that is none', 'a: { from: "b c" }', 'not the path of a single field'],
    ['the same field twice', 'a: b\n  a: c', 'unique'],
    ['broken YAML', 'a: [', 'Flow sequence'],
  ])('is refused for %s', (_, rule, words) => {
    const faults = faultsOf({ text: `fields:\n  ${rule}\n`, codes });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).toContain(words);
    expect(faults.join('\n')).toMatch(/mappings\/small\.in\.yaml:[456]: /);
  });

  it('is refused when it says that it is another system or direction', () => {
    const head = 'system: smal\ndirection: out\n';
    expect(faultsOf({ head, text: 'fields: {}\n' })).toEqual([
      'MAPPING_FILE mappings/small.in.yaml:1: `system` is `small` by the name of the file.',
      'MAPPING_FILE mappings/small.in.yaml:2: `direction` is `in` by the name of the file.',
    ]);
  });

  it('is refused when it is not there, or has no fields', () => {
    const nothing = {
      system: 'none',
      direction: 'in',
      options: {},
      fields: { source: [], target: [] },
    } as const;
    expect(() => loadMapping({ folder: 'mappings', ...nothing })).toThrow(ConfigError);
    expect(faultsOf({ text: '' })).toEqual(['MAPPING_FILE mappings/small.in.yaml: `fields` is missing.']);
  });

  it('may ask whether a code has a meaning on the way in only', () => {
    expect(faultsOf({ direction: 'out', text: 'fields: { a: { from: b, is: red } }\n' })).toEqual([
      'MAPPING_FILE mappings/small.out.yaml:3: `is` belongs to in-mappings.',
    ]);
  });

  it('tells its reads with their lines, without indexes, within lists too', () => {
    const text = `fields:
  a: { join: [b, c] }
  items[]:
    each: items[]
    fields:
      name: { from: name, otherwise: { lookup: name, by: group.inner } }
      parts[]: { each: "parts[]", fields: { size: size } }
`;
    const { reads } = loadSmall({ text });
    expect(reads.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'b:4',
      'c:4',
      'items[].name:8',
      'group.inner:8',
      'items[].parts[].size:9',
    ]);
  });
});

describe('a code file', () => {
  it.each([
    ['a code without quotes', '1: { meaning: x, status: guess, source: s }', 'put a code in quotes'],
    ['a status of its own', '"1": { meaning: x, status: gues, source: s }', 'Did you mean `guess`?'],
    ['a missing source', '"1": { meaning: x, status: guess }', '`source` is missing'],
    ['a missing meaning', '"1": { status: guess, source: s }', '`meaning` is a word'],
    ['an unknown key', '"1": { meening: x, status: guess, source: s }', 'Did you mean `meaning`?'],
    [
      'two codes of the same meaning',
      '"1": { meaning: x, status: guess, source: s }\n  "2": { meaning: x, status: guess, source: s }',
      'same meaning',
    ],
  ])('is refused for %s', (_, line, words) => {
    const faults = faultsOf({ text: 'fields: {}\n', codes: { 'x.yaml': `table: x\ncodes:\n  ${line}\n` } });
    expect(faults.join('\n')).toContain(words);
    expect(faults.join('\n')).toMatch(/mappings\/codes\/x\.yaml:[34]: /);
  });

  it('gives the guesses among the codes that the mapping uses', () => {
    const used = loadSmall({ text: 'fields: { a: { from: b, codes: colour } }\n', codes });
    expect(used.guesses).toEqual([
      {
        table: 'colour',
        code: '1',
        meaning: 'red',
        source: 'a page',
        file: 'mappings/codes/colour.yaml',
        line: 3,
      },
    ]);
    expect(loadSmall({ text: 'fields: { a: b }\n', codes }).guesses).toEqual([]);
  });
});

describe('the options of a route', () => {
  const text =
    'fields:\n  a: { lookup: number, by: b, otherwise: c }\n  items[]: { each: "items[]", fields: { name: name } }\n';

  it('are held against the same catalogue, and named by their place in the configuration', () => {
    const overrides = {
      'group.innr': 'a',
      'items[].kind': { from: 'knd' },
      c: { form: 'a' },
      'not a path': 'a',
    };
    const options = { route: 'absences', overrides, employers: { W1: { nummer: '1' } } };
    expect(faultsOf({ direction: 'out', text, options })).toEqual([
      'MAPPING_FILE routes.absences.mapping.out c: A rule has no `form` here. Did you mean `from`?',
      'MAPPING_FILE routes.absences.mapping.out c: A rule has exactly one of from, constant, join, lookup; this one has none.',
      'MAPPING_FILE routes.absences.mapping.out not a path: `not a path` is not a field path.',
      'MAPPING_FILE routes.absences.mapping.out items[].kind: There is no field `items[].knd`. Did you mean `items[].kind`?',
      'MAPPING_FILE routes.absences.mapping.out group.innr: There is no field `group.innr`. Did you mean `group.inner`?',
      'MAPPING_FILE routes.absences.employers.W1.nummer: The mapping looks up no such value. Did you mean `number`?',
    ]);
  });

  it('replace, add and leave out single fields, also within lists', () => {
    const overrides = {
      a: { constant: 'x' },
      'items[].kind': 'kind',
      'items[].name': null,
      'group.inner': 'b',
    };
    const mapping = loadSmall({ direction: 'out', text, options: { overrides } });
    expect(mapping.apply({ b: '1', c: '2', items: [{ name: 'n', kind: 'k' }] })).toMatchObject({
      output: { a: 'x', items: [{ kind: 'k' }], group: { inner: '1' } },
    });
  });
});
