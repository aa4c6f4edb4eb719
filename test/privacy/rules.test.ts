// The tables of both directions against their field catalogues, and against the rows of the rule book.
import { describe, expect, it } from '@jest/globals';
import { FIELDS } from '../../src/domain/fields.js';
import { RETURN_FIELDS } from '../../src/domain/return-fields.js';
import { carriesOf } from '../../src/privacy/gate.js';
import { CONDITIONS } from '../../src/privacy/rule.js';
import { tableOf } from '../../src/privacy/rules.js';

const OUT = tableOf({ from: 'employer', to: 'arbodienst' });
const BACK = tableOf({ from: 'arbodienst', to: 'employer' });

describe.each([
  ['employer to arbodienst', OUT, FIELDS, 'EA'],
  ['arbodienst to employer', BACK, RETURN_FIELDS, 'AE'],
] as const)('the table of %s', (_direction, table, fields, prefix) => {
  const { rules, ruleOf, unlisted } = table;

  it('names every field of its catalogue exactly once', () => {
    const named = rules.flatMap((rule) => rule.paths);
    expect([...named].sort()).toEqual(fields.map((field) => field.path).sort());
  });

  it('has each rule id once, and ids of its own', () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
    for (const { id } of rules) expect(id).toMatch(new RegExp(`^${prefix}-\\d\\d[a-z]?$`));
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s has words, a source, and how sure it is',
    (_, rule) => {
      expect(rule.what.length).toBeGreaterThan(5);
      expect(rule.why).toMatch(/^[A-Z].{20,}\.$/);
      expect(rule.source).toMatch(/dutch-rules\.md|sivi\.md/);
      expect(rule.sure.length).toBeGreaterThan(0);
      // A letter in the source must be in the list. [D] follows from the row itself where nothing else is named.
      const named = [...rule.source.matchAll(/\[([PSKD])\]/g)].map((match) => match[1]);
      expect(rule.sure).toEqual(expect.arrayContaining(named));
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s has a condition where it needs one',
    (_, rule) => {
      const needsOne = rule.verdict === 'allow-if' || (rule.verdict === 'hold' && rule.paths.length > 0);
      expect(rule.condition !== undefined).toBe(needsOne);
    },
  );

  it('has a rule that really covers a row whose fields stand elsewhere', () => {
    for (const rule of rules.filter((one) => one.coveredBy)) {
      expect(rules.find((one) => one.id === rule.coveredBy)?.paths.length).toBeGreaterThan(0);
      expect(rule.paths).toEqual([]);
    }
  });

  it('gives the rule for unlisted fields to a path that nobody knows', () => {
    expect(ruleOf('employee.hobby')).toBe(unlisted);
    expect(unlisted).toMatchObject({ id: `${prefix}-99`, verdict: 'drop' });
  });

  it('lets no field that is labelled medical, financial, special or free text pass without a condition', () => {
    const careful = ['medical', 'financial', 'free-text', 'bsn', 'special'];
    const free = fields.filter(
      ({ label, path }) => careful.includes(label) && ruleOf(path).verdict === 'allow',
    );
    expect(free.map(({ path }) => path)).toEqual([]);
  });
});

describe('both tables', () => {
  it('use every condition', () => {
    const used = new Set(
      [...OUT.rules, ...BACK.rules].flatMap((rule) => (rule.condition ? [rule.condition] : [])),
    );
    expect([...used].sort()).toEqual([...CONDITIONS].sort());
  });

  it('carry what they are made for', () => {
    expect(carriesOf({ from: 'employer', to: 'arbodienst' })).toBe('absences');
    expect(carriesOf({ from: 'arbodienst', to: 'employer' })).toBe('returns');
  });
});

describe('the table of employer to arbodienst', () => {
  it('has a rule for each of the 39 rows of the rule book, in their order', () => {
    const rows = OUT.rules
      .map(({ id }) => Number(/^EA-(\d\d)[a-z]?$/.exec(id)?.[1]))
      .filter((row) => row < 40);
    expect([...new Set(rows)]).toEqual(Array.from({ length: 39 }, (_, at) => at + 1));
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
  });

  it('finds the rule of a path with indexes', () => {
    expect(OUT.ruleOf('employee.addresses[3].nursingKind').id).toBe('EA-10');
  });

  it('lets nothing that tells what somebody can still do pass without a condition', () => {
    const functional = FIELDS.filter(({ label }) => label === 'functional');
    for (const { path } of functional) expect(OUT.ruleOf(path).verdict).not.toBe('allow');
  });
});

describe('a direction without a table', () => {
  it.each([
    ['arbodienst', 'insurer'],
    ['employer', 'insurer'],
    ['employer', 'employer'],
    ['employer>arbodienst', ''],
  ])('%s to %s is not built and drops every field', (from, to) => {
    expect(carriesOf({ from, to })).toBeNull();
    for (const { path } of FIELDS)
      expect(tableOf({ from, to }).ruleOf(path)).toMatchObject({ id: 'NB-00', verdict: 'drop' });
  });
});
