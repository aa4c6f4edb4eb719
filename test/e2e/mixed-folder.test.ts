// The product's first show: a folder with everything that an HR system may put there, run once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { projectFolder } from '../../src/main.js';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import { filesBelow, findWords, inText } from '../support/byte-search.js';
import { runChild } from '../support/child.js';
import { type Answer, type Installation, makeInstallation } from '../support/installation.js';
import { publishedSchema } from '../support/published-schema.js';

const FREE_TEXT = 'Gebroken sleutelbeen na een val';
const SECRETS = {
  freeText: [FREE_TEXT, 'sleutelbeen', 'Belt na de operatie'],
  bsn: ['987654329'],
  iban: ['NL91ABNA0417164300', 'ABNANL2A'],
  partner: ['Geheimenaam'],
  nursingPlace: ['Verpleeghuis De Stille Hof'],
  unknown: ['WoordInOnbekendElement', 'WoordInKapotBestand', 'WoordInVreemdBericht'],
};
const NURSING = {
  kind: '06',
  postcode: '4321ZZ',
  town: 'Elders',
  street: 'Herstelpad',
  houseNumber: '5',
  nursingKind: '02',
};

let at: Installation;
let ran: Answer;

function fill(): void {
  const second = { employer: { id: 'WG-2', name: 'Andere groep' } };
  const telling = {
    employee: {
      bsn: '987654329',
      educationLevel: '05',
      namePreference: '01',
      bankAccount: { iban: 'NL91ABNA0417164300', bic: 'ABNANL2A' },
      partner: { lastName: 'Geheimenaam' },
    },
    absence: { statutoryLeave: '02', notes: [{ text: FREE_TEXT }, { text: 'Belt na de operatie' }] },
  };
  at.put('01.xml', message(1, telling, '2022'));
  at.put('02.xml', message(2, { ...second, employee: { addresses: [NURSING], bsn: '987654329' } }, '2026'));
  at.put('03.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }, '2022'));
  at.put('04.xml', message(1, { absence: recoveredOn('2026-03-16', 3) }, '2026'));
  at.put('05.xml', message(2, { ...second, absence: recoveredOn('2026-03-10', 2) }, '2022'));
  at.put('06.xml', message(3, {}, '2022').replaceAll('>99<', '>77<'));
  at.put('07.xml', message(4).replace('</Wrknmr>', '<Geheim>WoordInOnbekendElement</Geheim></Wrknmr>'));
  at.put('08.xml', message(4));
  at.put('09.xml', `<a><b>WoordInKapotBestand</a>`);
  at.put('10.xml', `<Verslag xmlns="urn:x"><Tekst>WoordInVreemdBericht</Tekst></Verslag>`);
  const named = [{ ...NURSING, nursingPlaceName: 'Verpleeghuis De Stille Hof' }];
  at.put('11.xml', message(5, { employee: { addresses: named } }, '2022'));
  at.put('12.xml', readFileSync(join(projectFolder(), 'test/fixtures/sivi/2026-three-employees.xml')));
}

beforeAll(async () => {
  at = makeInstallation({ logLevel: 'debug' });
  fill();
  ran = await runChild(['run', '--once', '--config', at.config]);
});
afterAll(() => at.remove());

const sent = () => at.sent().map(recordOf);

function recordOf(text: string): Record<'employer' | 'employee' | 'absence', JsonObject> {
  const [only, ...more] = decodeMessage(Buffer.from(text)).records;
  if (!only || more.length > 0) throw new Error('a file that went out does not hold one absence');
  return only.record as ReturnType<typeof recordOf>;
}

/** Everything that was written anywhere, but for the sender's own originals. */
function everythingWritten() {
  const files = filesBelow(at.path, (path) => !/^(in|done|failed)\/[^/]+\.xml$/.test(path));
  return [...files, inText('stdout', ran.out), inText('stderr', ran.err)];
}

describe('a folder with mixed messages, run once', () => {
  it("sends messages that are valid in the receiver's release, whatever the release they came in", () => {
    const faultOf = publishedSchema('2026');
    expect(at.sent()).toHaveLength(7);
    expect(at.sent().map(faultOf)).toEqual(at.sent().map(() => null));
    expect(faultOf(at.sent()[0]?.replace('<Wrkgvr>', '<Wrkgvr><Extra/>') ?? '')).not.toBeNull();
  });

  it('sends them in order, with nothing twice and nothing made up', () => {
    const lines = sent().map(({ employer, absence }) =>
      [employer.id, absence.caseId, absence.sequence, absence.processing, absence.percentage].join(' '),
    );
    expect(lines).toEqual([
      'WG-1 CASE-1 1 01 100.00',
      'WG-2 CASE-2 1 01 100.00',
      'WG-2 CASE-2 2 02 0.00',
      'WG-1 CASE-4 1 01 100.00',
      '0105 ZV-000042 1 01 100.00',
      '0105 ZV-000042 2 02 0.00',
      '0106 ZV-000044 1 01 100.00',
    ]);
  });

  it('leaves out of each message what the arbodienst may not have', () => {
    const [first, second] = sent();
    const forbidden = ['bsn', 'educationLevel', 'bankAccount', 'partner'];
    expect(Object.keys(first?.employee ?? {})).toEqual(expect.not.arrayContaining(forbidden));
    expect(Object.keys(first?.absence ?? {})).toEqual(
      expect.not.arrayContaining(['statutoryLeave', 'notes']),
    );
    const { nursingKind, ...address } = NURSING;
    expect(second?.employee.addresses).toEqual([address]);
  });

  it('ends with 3 and lists what waits for a person, with the reason and what to do', () => {
    expect(ran.exit).toBe(3);
    const waiting = [...ran.out.matchAll(/^ {2}([A-Z_]+): [\s\S]*?from: +(\S+)/gm)].map(
      ([, code, file]) => `${file} ${code}`,
    );
    expect(waiting).toEqual([
      '03.xml HELD_PARTIAL_PERCENTAGE',
      '06.xml MAPPING_UNKNOWN_CODE',
      '09.xml XML_NOT_WELL_FORMED',
      '10.xml SIVI_UNKNOWN_MESSAGE',
      '11.xml HELD_NURSING_PLACE',
      '12.xml HELD_PARTIAL_PERCENTAGE',
    ]);
    expect(ran.out).toMatch(/needs attention:\n- Route absences: 6 parked/);
    expect(ran.out).toContain('behind it: 1 later one');
    expect(ran.out).toContain('Known in table cause: 10, 11, 99');
  });

  it('puts the files away: what could be used, and what could not with a note beside it', () => {
    expect(at.names('in')).toEqual([]);
    const numbers = ['01', '02', '03', '04', '05', '07', '08', '11', '12'];
    expect(at.names('done')).toEqual(numbers.map((number) => `${number}.xml`));
    const failed = ['06', '09', '10'].flatMap((number) => [`${number}.xml`, `${number}.xml.error.txt`]);
    expect(at.names('failed')).toEqual(failed);
    expect(at.text('failed/09.xml.error.txt')).toContain('1. XML_NOT_WELL_FORMED at line 1, column 26');
  });

  it('writes no dropped value anywhere: not in out/, logs, database, checkpoint or notes', () => {
    const places = everythingWritten();
    expect(places.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['data/bridge.db', 'data/bridge.db.audit-checkpoint', 'stderr']),
    );
    expect(findWords(places, Object.values(SECRETS).flat())).toEqual([]);
    // The search itself works: what may go over is found in out/, and in no other place.
    const street = findWords(places, ['Herstelpad']);
    expect(street.length).toBeGreaterThan(0);
    expect(street.filter((found) => !found.startsWith('out/'))).toEqual([]);
  });

  it('keeps a whole audit chain, which holds no value either', async () => {
    const verified = await at.run('audit', 'verify');
    expect(verified).toMatchObject({ exit: 0, out: expect.stringMatching(/^audit chain whole: \d+ rows/) });
    const exported = await at.run('audit', 'export');
    const values = [...Object.values(SECRETS).flat(), 'Herstelpad', 'Testpersoon', 'CASE-1'];
    expect(exported.out.split('\n').length).toBeGreaterThan(20);
    expect(findWords([inText('export', exported.out)], values)).toEqual([]);
  });

  it('does nothing more when it is run again', async () => {
    const before = at.names('out');
    const again = await at.run('run', '--once');
    expect(again.exit).toBe(3);
    expect(at.names('out')).toEqual(before);
  });
});
