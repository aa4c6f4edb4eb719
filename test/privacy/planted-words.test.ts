// A word of its own in every field of the standard, and in everything that is wrong with a message: the daemon is driven
// as a process of its own, and then every byte that it wrote or answered is searched.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message } from '../support/absence-messages.js';
import { filesBelow, findWords, inText, type Place } from '../support/byte-search.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { hostileFiles } from '../support/hostile-files.js';
import { absences, arbo, HR, type Installation, makeInstallation } from '../support/installation.js';
import { type Planted, plantedMessage } from '../support/planted-message.js';

/**
 * What may go over, read from the rule book (dutch-rules.md section 2) and not from the product: paths without indexes.
 * The first item of a list of addresses is a home address, the second a nursing address.
 */
const MAY_GO = new RegExp(
  `^(${[
    'employer\\.(id|name|connectionNumber|chamberOfCommerceNumber|establishmentNumber|uwvId|payrollTaxNumber)',
    '(employer|employment|absence)\\.contacts\\[\\d\\]\\.(lastName|initials|communications\\[\\d\\]\\.value)',
    '(employer|employee)\\.communications\\[\\d\\]\\.value',
    'employee\\.(id|birthDate|lastName|initials|prefix|calledName)',
    'employee\\.addresses\\[\\d\\]\\.(postcode|town|street|houseNumberSuffix)',
    'employee\\.foreignAddresses\\[\\d\\]\\.(location|postcode|town|region|countryName|street|houseNumber)',
    'employee\\.(addresses|foreignAddresses)\\[1\\]\\.nursingPlaceName',
    'employment\\.(id|startDate|endDate|personnelNumber|contractNumber|jobCode|jobName|unitName|unitCode)',
    'employment\\.(parentUnitCode|parentUnitName|workplacePostcode|workplaceName)',
    'employment\\.workRelation\\.(id|personnelNumber|startDate|endDate)',
    'absence\\.(caseId|expectedRecovery)',
  ].join('|')})$`,
);
const RELEASES = ['2022', '2024', '2025', '2026'] as const;
const BSN = '987654329';
const IBAN = 'NL91ABNA0417164300';

const planted: Planted[] = [];
const hostile = hostileFiles();
/** Files of which nothing goes over, not even after a release. */
const forbidden = [...hostile.map(({ word }) => word), BSN, IBAN];
let at: Installation;
let daemon: Daemon;
let answers: Place[];

/** Two routes from one source: one leaves free text out, one asks a person first. */
function install(): Installation {
  const routes = [
    absences({ schedule: '* * * * * *' }),
    { name: 'careful', from: 'hr', to: 'arbo-two', privacy: { freeText: 'hold' }, schedule: '* * * * * *' },
  ];
  const connections = { hr: HR, arbo: arbo(), 'arbo-two': arbo('./out-two') };
  return makeInstallation({ logLevel: 'debug', connections, routes });
}

function fill(): number {
  for (const release of RELEASES) {
    const made = plantedMessage(release);
    planted.push(...made.planted);
    at.put(`planted-${release}.xml`, made.xml);
  }
  const numbers = { bsn: BSN, bankAccount: { iban: IBAN } };
  at.put('numbers.xml', message(1, { employee: numbers }, '2022'));
  const told = { workplaceName: `Lokaal ${BSN}`, jobName: `Docent ${IBAN}` };
  at.put('numbers-in-text.xml', message(2, { employee: numbers, employment: told }, '2022'));
  for (const { name, content } of hostile) at.put(name, content);
  return RELEASES.length + 2 + hostile.length;
}

/** Everything that was written, but for the sender's own originals. */
const written = () => filesBelow(at.path, (path) => !/^(in|done|failed)\/[^/]+\.xml$/.test(path));
const isOut = (name: string) => /^out(-two)?\//.test(name);

async function ask(): Promise<Place[]> {
  const places: Place[] = [];
  for (const path of ['/metrics', '/readyz', '/healthz', '/nothing']) {
    places.push(inText(path, (await daemon.get(path)).body));
  }
  for (const command of [
    'status',
    'status --json',
    'parked list',
    'parked list --json',
    'audit export',
    'audit verify',
    'privacy-report',
    'privacy-report --format json',
    'check --online',
    'resend --route absences --case nothing',
  ]) {
    const { out, err } = await at.run(...command.split(' '));
    places.push(inText(command, out + err));
  }
  const parked: { id: string; code: string }[] = JSON.parse((await at.run('parked', 'list', '--json')).out);
  const onePerCode = new Map(parked.map(({ id, code }) => [code, id]));
  for (const [code, id] of onePerCode) {
    for (const form of [[], ['--json']]) {
      const { out, err } = await at.run('parked', 'show', id, ...form);
      places.push(inText(`parked show: ${code}`, out + err));
    }
  }
  return places;
}

beforeAll(async () => {
  at = install();
  const files = fill();
  daemon = await startDaemon(at.config);
  await until(
    'all files are put away',
    () => [...at.names('done'), ...xml(at.names('failed'))].length === files,
  );
  await until('nothing is open', async () => (await openDeliveries()) === 0);
  answers = await ask();
});
afterAll(async () => {
  await daemon.stop();
  at.remove();
});

const xml = (names: readonly string[]) => names.filter((name) => name.endsWith('.xml'));

async function openDeliveries(): Promise<number> {
  const { body } = await daemon.get('/metrics');
  const open = [...body.matchAll(/state="(?:queued|claimed|sending)"[^}]*\} (\d+)/g)];
  return open.reduce((sum, [, count]) => sum + Number(count), 0);
}

const wordsWhere = (keep: (path: string) => boolean) =>
  planted.filter(({ path }) => keep(path)).map(({ word }) => word);

/** `place: path` for every planted word in the places, so that a failure names the field. */
function leaks(places: readonly Place[], keep: (path: string) => boolean): string[] {
  return places.flatMap((place) => {
    const found = new Set(
      findWords([place], wordsWhere(keep)).map((leak) => leak.slice(place.name.length + 2)),
    );
    return planted.filter(({ word }) => found.has(word)).map(({ path }) => `${place.name}: ${path}`);
  });
}

describe('planted words', () => {
  it('are in every field of every release that can hold text, a long number or a date', () => {
    expect(new Set(planted.map(({ word }) => word)).size).toBe(planted.length);
    const paths = new Set(planted.map(({ path }) => path.replace(/\[\d\]/g, '[]')));
    expect([...paths]).toEqual(
      expect.arrayContaining([
        'absence.notes[].text',
        'employee.bsn',
        'employee.partner.lastName',
        'header.reference',
      ]),
    );
    expect(paths.size).toBeGreaterThan(100);
  });

  it('go out only where the field may go over, and there they do go out', () => {
    const out = written().filter(({ name }) => isOut(name));
    expect(leaks(out, (path) => !MAY_GO.test(path))).toEqual([]);
    const gone = wordsWhere((path) => MAY_GO.test(path)).filter((word) => findWords(out, [word]).length > 0);
    expect(gone).toHaveLength(wordsWhere((path) => MAY_GO.test(path)).length);
  });

  it('are in no other file: database, log of the database, checkpoint, notes', () => {
    const files = written().filter(({ name }) => !isOut(name));
    const names = files.map(({ name }) => name);
    const looked = [
      'data/bridge.db',
      'data/bridge.db-wal',
      'data/bridge.db-shm',
      'data/bridge.db.audit-checkpoint',
    ];
    expect(names).toEqual(expect.arrayContaining([...looked, 'failed/not-closed.xml.error.txt']));
    expect(leaks(files, () => true)).toEqual([]);
  });

  it('are in no name of a file that goes out', () => {
    expect(
      leaks(
        written().map(({ name }) => inText(name, '')),
        () => true,
      ),
    ).toEqual([]);
  });

  it('are in nothing that the daemon logged', () => {
    expect(daemon.said.err.split('\n').length).toBeGreaterThan(20);
    const said = [inText('stdout', daemon.said.out), inText('stderr', daemon.said.err)];
    expect(leaks(said, () => true)).toEqual([]);
    expect(findWords(said, forbidden)).toEqual([]);
  });

  it('are in no answer over HTTP and of no command', () => {
    expect(answers.length).toBeGreaterThan(30);
    expect(answers.filter(({ bytes }) => bytes.length === 0)).toEqual([]);
    expect(leaks(answers, () => true)).toEqual([]);
    expect(findWords(answers, forbidden)).toEqual([]);
  });

  it.each(hostile.map(({ name, word }) => [name, word]))(
    'of a broken message are nowhere: %s',
    (_name, word) => {
      expect(findWords(written(), [word])).toEqual([]);
    },
  );

  it("a sender's own file name, which may name a person, is shown to who lists what is parked and stands nowhere else", () => {
    const names = ['planted-2022', 'not-closed.xml'];
    const stored = written().filter(({ name }) => name.startsWith('data/'));
    const told = answers.filter(({ name }) => !name.startsWith('parked'));
    expect(findWords([...stored, ...told, inText('stderr', daemon.said.err)], names)).toEqual([]);
    expect(findWords(answers, names)).toContain('parked list: not-closed.xml');
  });

  it('a citizen service number and a bank account number are nowhere, also not from other fields', () => {
    expect(findWords(written(), [BSN, IBAN])).toEqual([]);
  });

  it('stay behind too when a person releases what was held', async () => {
    const parked: { id: string; code: string; sourceReference: string }[] = JSON.parse(
      (await at.run('parked', 'list', '--json')).out,
    );
    const chosen = parked.filter(({ sourceReference }) => /^(planted|numbers)/.test(sourceReference));
    expect(chosen).toHaveLength(RELEASES.length + 2);
    for (const { id } of chosen) expect((await at.run('parked', 'release', id)).exit).toBe(0);
    await until('all is sent', () => at.sent('out-two').length >= RELEASES.length + 2);
    const out = written().filter(({ name }) => isOut(name));
    expect(leaks(out, (path) => !MAY_GO.test(path))).toEqual([]);
    expect(findWords(written(), forbidden)).toEqual([]);
  });
});
