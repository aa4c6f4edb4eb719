// A word of its own in every field that Visma Raet sends, and marked values in every field of Visma Verzuim's answers that
// nobody asked for. The daemon carries a report and what follows, and then every byte that it wrote, said or sent is
// searched.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filesBelow, findWords, inText, type Place } from '../support/byte-search.js';
import { startChild } from '../support/child.js';
import { type Planted, plantedRaetMessage } from '../support/planted-message.js';
import { startVismaLink, type VismaLink } from '../support/visma-link.js';

const MARK = 'zqmarkedqz';
/** From the rule book (dutch-rules.md section 2), and only what Visma Verzuim has a place for. */
const MAY_GO = new RegExp(
  `^(${[
    'employer\\.id',
    'employee\\.(id|birthDate|lastName|initials|prefix|calledName)',
    'employee\\.addresses\\[0\\]\\.(postcode|town|street|houseNumber|houseNumberSuffix)',
    'employee\\.communications\\[\\d\\]\\.value',
    'employment\\.(id|startDate|endDate|personnelNumber|jobName|unitCode|contractHours)',
    'absence\\.caseId',
  ].join('|')})$`,
);

describe('between two Visma systems', () => {
  const planted: Planted[] = [];
  let link: VismaLink;
  let said: string;

  beforeAll(async () => {
    link = await startVismaLink({
      arbodienst: { planted: MARK },
      settings: {
        arbodienst: {
          createMissing: true,
          employeeChanges: 'send',
          scope: {
            absencecourse: ['read', 'create', 'update', 'delete'],
            employee: ['read', 'create', 'update'],
            employment: ['read', 'create', 'update'],
          },
        },
      },
      config: { logLevel: 'debug' },
      route: { privacy: { nursingPlaceName: 'drop' } },
    });
    const made = plantedRaetMessage();
    planted.push(...made.planted);
    const unit = planted.find(({ path }) => path === 'employment.unitCode')?.word ?? '';
    link.arbodienst.addUnit({ externalKey: unit });
    link.hr.put(made.json);
    said = '';
    for (const words of [
      ['run', '--once'],
      ['status'],
      ['parked', 'list'],
      ['audit', 'export'],
      ['check', '--online'],
    ]) {
      const child = startChild([...words, '--config', link.at.config]);
      await child.exit;
      said += child.said.out + child.said.err;
    }
  }, 90_000);
  afterAll(() => link.close());

  const words = () => planted.map(({ word }) => word);
  const written = (): Place[] => filesBelow(link.at.path, (path) => !/^arbo-|^client/.test(path));
  const atArbodienst = () => {
    const { arbodienst } = link;
    const rows = [
      arbodienst.employees(),
      arbodienst.employments(),
      arbodienst.courses(),
      arbodienst.dossiers(),
    ];
    return JSON.stringify(rows);
  };

  it('the report arrives', () => {
    expect(link.arbodienst.courses()).toHaveLength(1);
    expect(said).toContain('audit');
    expect(planted.length).toBeGreaterThan(30);
  });

  it('nothing arrives but what the rule book allows', () => {
    const arrived = planted.filter(({ word }) => findWords([inText('', atArbodienst())], [word]).length > 0);
    expect(arrived.map(({ path }) => path).filter((path) => !MAY_GO.test(path))).toEqual([]);
    expect(arrived.map(({ path }) => path)).toContain('employee.lastName');
  });

  it('no word of the report is in the files, the log, the audit or the answers of commands', () => {
    expect(findWords([...written(), inText('said', said)], words())).toEqual([]);
  });

  it('no marked value of an answer is in the files, the log, the audit or the answers of commands', () => {
    const marked = link.arbodienst.planted;
    expect(marked.length).toBeGreaterThan(3);
    expect(findWords([...written(), inText('said', said)], marked)).toEqual([]);
  });

  it('no medical include, no BSN and no search by one was asked of the arbodienst', () => {
    for (const { path, query, include, fields } of link.arbodienst.calls) {
      expect(path).not.toMatch(/medical|diagnos/i);
      expect(include.filter((name) => /medical|diagnos|employee/i.test(name))).toEqual([]);
      expect([...query, ...fields].filter((name) => /socialSecurity|bsn|noRisk|sfb/i.test(name))).toEqual([]);
    }
  });
});
