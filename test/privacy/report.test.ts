// The privacy report of a route, and the single verdicts that the mapping check reads from the same table.
import { describe, expect, it } from '@jest/globals';
import { FIELDS } from '../../src/domain/fields.js';
import { DEFAULT_GATE_OPTIONS, type GateOptions, WIDEST_GATE_OPTIONS } from '../../src/privacy/gate.js';
import {
  everAllowed,
  fieldVerdict,
  type PrivacyReport,
  privacyReport,
  renderMarkdown,
  ruleWords,
} from '../../src/privacy/report.js';

const DIRECTION = { from: 'employer', to: 'arbodienst' };
const reportOf = (options: Partial<GateOptions> = {}, direction = DIRECTION) =>
  privacyReport({
    name: 'absences',
    from: 'visma',
    to: 'arbo',
    direction,
    options: { ...DEFAULT_GATE_OPTIONS, ...options },
  });

const GROUPS = ['goesOver', 'goesOverOnCondition', 'heldForPerson', 'neverGoesOver'] as const;
const groupOf = (report: PrivacyReport, id: string) =>
  GROUPS.find((group) => report[group].some((rule) => rule.id === id));
const whenOf = (report: PrivacyReport, id: string) =>
  GROUPS.flatMap((group) => report[group]).find((rule) => rule.id === id)?.when;

describe('the privacy report', () => {
  it('names every field of an observation once', () => {
    const report = reportOf();
    const paths = GROUPS.flatMap((group) =>
      report[group].flatMap((rule) => rule.fields.map(({ path }) => path)),
    );
    const expected = FIELDS.map(({ path }) => path).filter(
      (path) => path !== 'kind' && path !== 'absence.percentage',
    );
    expect(paths.sort()).toEqual(expected.sort());
  });

  it.each<[string, Partial<GateOptions>, (typeof GROUPS)[number], string]>([
    ['EA-01', {}, 'neverGoesOver', 'bsn: never'],
    ['EA-01', { bsn: 'open-case' }, 'goesOverOnCondition', 'bsn: open-case'],
    ['EA-04', {}, 'goesOver', 'always'],
    ['EA-07', {}, 'heldForPerson', 'a person looks'],
    ['EA-25', {}, 'goesOverOnCondition', 'partialPercentage: hold'],
    ['EA-25', { partialPercentage: 'with-advice' }, 'goesOverOnCondition', 'partialPercentage: with-advice'],
    ['EA-25', { partialPercentage: 'allow' }, 'goesOverOnCondition', 'partialPercentage: allow'],
    ['EA-31', {}, 'heldForPerson', 'conflict: hold'],
    ['EA-31', { conflict: 'allow' }, 'goesOverOnCondition', 'conflict: allow'],
    ['EA-33', {}, 'neverGoesOver', 'endReasons'],
    ['EA-35', { actions: ['03', '04'] }, 'goesOverOnCondition', '03, 04'],
    ['EA-36', {}, 'neverGoesOver', 'freeText: drop'],
    ['EA-36', { freeText: 'hold' }, 'heldForPerson', 'freeText: hold'],
    ['EA-13', {}, 'neverGoesOver', 'never'],
    ['EA-11', {}, 'goesOverOnCondition', 'care institution'],
    ['EA-11', { nursingPlaceName: 'drop' }, 'neverGoesOver', 'nursingPlaceName: drop'],
  ])('%s with %j is in %s and says %j', (id, options, group, words) => {
    const report = reportOf(options);
    expect(groupOf(report, id)).toBe(group);
    expect(whenOf(report, id)).toContain(words);
  });

  it('is plain data', () => {
    const report = reportOf();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('of a direction that is not built says that nothing goes over', () => {
    const report = reportOf({}, { from: 'employer', to: 'insurer' });
    expect(report).toMatchObject({ built: false, goesOver: [], goesOverOnCondition: [], heldForPerson: [] });
    expect(renderMarkdown(report)).toContain('nothing goes over');
  });
});

describe('the report as a page', () => {
  const page = renderMarkdown(reportOf({ actions: ['a|b\n# c'] }));

  it('has the four groups in order, the options and the certainty of sources', () => {
    const titles = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(titles).toEqual([
      'Goes over',
      'Goes over on a condition',
      'Held for a person',
      'Never goes over',
      'Notes',
      'Options of this route',
      'How sure the sources are',
    ]);
    for (const letter of ['[P]', '[S]', '[K]', '[D]']) expect(page).toContain(`- ${letter}`);
  });

  it('has tables whose rows all have five cells', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(45);
    for (const row of rows) expect(row.split(/(?<!\\)\|/).length).toBe(7);
  });

  it('speaks of fields in words, not in paths', () => {
    expect(page).toContain('employee, addresses: house number');
    expect(page).not.toMatch(/\w+\[\]\.\w+/);
  });

  it('keeps what people typed into options from breaking the page', () => {
    expect(page).not.toContain('\n# c');
  });
});

describe('the verdict of a field', () => {
  it.each([
    ['employee.lastName', 'allow', 'EA-04'],
    ['employee.addresses[2].town', 'allow-if', 'EA-08'],
    ['employee.bsn', 'drop', 'EA-01'],
    ['employee.bankAccount.iban', 'drop', 'EA-13'],
    ['employee.deathDate', 'hold', 'EA-07'],
    ['absence.percentage', 'allow-if', 'EA-25'],
    ['absence.notes[].text', 'drop', 'EA-36'],
    ['absence.conflict', 'drop', 'EA-31'],
    ['kind', 'allow', 'EA-21'],
    ['employee.hobby', 'drop', 'EA-99'],
    ['', 'drop', 'EA-99'],
  ])('%j is %s by %s under the default options', (path, verdict, rule) => {
    expect(fieldVerdict(DIRECTION, DEFAULT_GATE_OPTIONS, path)).toEqual({ verdict, rule });
  });

  it('free text is forbidden also where it is held: a release sends none', () => {
    const options = { ...DEFAULT_GATE_OPTIONS, freeText: 'hold' } as const;
    expect(fieldVerdict(DIRECTION, options, 'absence.notes[].text').verdict).toBe('drop');
  });

  it.each([
    ['employee.bsn', true],
    ['absence.conflict', true],
    ['employment.costCentres[].code', true],
    ['absence.actions[].action', true],
    ['absence.notes[].text', false],
    ['employee.noRisk', false],
    ['employee.hobby', false],
  ])('some options of the direction let %s through: %s', (path, ever) => {
    expect(everAllowed(DIRECTION, path)).toBe(ever);
  });

  it('no options let through more than the widest', () => {
    for (const { path } of FIELDS) {
      const { verdict } = fieldVerdict(DIRECTION, DEFAULT_GATE_OPTIONS, path);
      if (verdict !== 'drop')
        expect(fieldVerdict(DIRECTION, WIDEST_GATE_OPTIONS, path).verdict).not.toBe('drop');
    }
  });

  it('in a direction that is not built every field is forbidden', () => {
    const direction = { from: 'employer', to: 'insurer' };
    for (const { path } of FIELDS) {
      expect(fieldVerdict(direction, WIDEST_GATE_OPTIONS, path)).toEqual({ verdict: 'drop', rule: 'NB-00' });
    }
  });
});

describe('the words of a rule', () => {
  it('are those of the table; an unknown id is given back', () => {
    expect(ruleWords(DIRECTION, 'EA-13')).toBe('Bank account');
    expect(ruleWords(DIRECTION, 'EA-77')).toBe('EA-77');
  });
});
