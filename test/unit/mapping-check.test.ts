// The privacy proof of a mapping from its file alone.
import { describe, expect, it } from '@jest/globals';
import { checkMapping } from '../../src/mapping/check.js';
import { DEFAULT_GATE_OPTIONS, type GateOptions } from '../../src/privacy/options.js';
import { everAllowed, fieldVerdict } from '../../src/privacy/report.js';
import { siviMapping } from '../mappings/sivi.js';
import { loadSmall, type SmallMapping } from '../mappings/small-mapping.js';

const verdictOf = (path: string) => ({ verdict: path === 'group.inner' ? 'drop' : 'allow', rule: 'T-1' });
const never = (path: string) => path !== 'group.inner';

function check(text: string, more: Partial<SmallMapping> = {}) {
  return checkMapping(loadSmall({ direction: 'out', text, ...more }), verdictOf, never);
}
const forbidden = (path: string) => [
  { code: 'MAPPING_FORBIDDEN_FIELD', path, detail: 'Field `group.inner` is forbidden by rule T-1.' },
];

describe('an out-mapping that reads a forbidden field', () => {
  it('is refused with file, line, field and rule', () => {
    expect(check('fields:\n  a: b\n  c: group.inner\n')).toEqual(forbidden('mappings/small.out.yaml:5'));
  });

  it.each([
    'a: { join: [b, group.inner] }',
    'a: { from: b, otherwise: { from: c, otherwise: group.inner } }',
    'a: { lookup: x, by: group.inner }',
    'items[]: { each: "items[]", fields: { name: name }, otherwise: { list: [{ name: group.inner }] } }',
    'items[]: { list: [{ "parts[]": { list: [{ size: group.inner }] } }] }',
  ])('is refused wherever it reads it: %s', (rule) => {
    expect(check(`fields:\n  ${rule}\n`)).toEqual(forbidden('mappings/small.out.yaml:4'));
  });

  it('is refused in the override of a route, which is named', () => {
    const options = { route: 'absences', overrides: { a: 'group.inner' } };
    expect(check('fields: {}\n', { options })).toEqual(forbidden('routes.absences.mapping.out a'));
  });

  it('cannot hide it behind ifAllowed when no option allows it', () => {
    const text = 'fields:\n  a: { from: group.inner, ifAllowed: true }\n';
    expect(check(text)).toHaveLength(1);
    expect(checkMapping(loadSmall({ direction: 'out', text }), verdictOf, () => true)).toEqual([]);
  });

  it('is no concern on the way in: the gate comes after', () => {
    expect(check('fields: { a: group.inner }\n', { direction: 'in' })).toEqual([]);
  });
});

describe('sivi.out.yaml', () => {
  const direction = { from: 'employer', to: 'arbodienst' };
  const prove = (options: GateOptions, overrides = {}) =>
    checkMapping(
      siviMapping('out', { route: 'absences', overrides }),
      (path) => fieldVerdict(direction, options, path),
      (path) => everAllowed(direction, path),
    );

  it('reads nothing that employer to arbodienst forbids', () => {
    expect(prove(DEFAULT_GATE_OPTIONS)).toEqual([]);
    expect(
      prove({ ...DEFAULT_GATE_OPTIONS, bsn: 'open-case', costCentres: 'allow', conflict: 'allow' }),
    ).toEqual([]);
  });

  it.each([
    'employee.bankAccount.iban',
    'employee.educationLevel',
    'absence.specialReason',
    'employment.endReason',
    'employee.noRisk',
  ])('cannot be made to read %s by a route', (path) => {
    const overrides = { [path]: { from: path, ifAllowed: true } };
    expect(prove(DEFAULT_GATE_OPTIONS, overrides)).toEqual([
      expect.objectContaining({
        code: 'MAPPING_FORBIDDEN_FIELD',
        path: `routes.absences.mapping.out ${path}`,
      }),
    ]);
  });

  it('goes nowhere else: every other direction forbids all that it reads', () => {
    const mapping = siviMapping('out');
    const problems = checkMapping(
      mapping,
      (path) => fieldVerdict({ from: 'arbodienst', to: 'insurer' }, DEFAULT_GATE_OPTIONS, path),
      (path) => everAllowed({ from: 'arbodienst', to: 'insurer' }, path),
    );
    expect(problems).toHaveLength(mapping.reads.length);
  });
});
