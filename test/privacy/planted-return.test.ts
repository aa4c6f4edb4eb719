// A marked word in every field of every message of an arbodienst, medical words with it, by folder and pushed over HTTP:
// HR sees each appointment with its date, time, length and a neutral word, and no marked word is anywhere on its side.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { message } from '../support/absence-messages.js';
import { reportIn } from '../support/arbodienst-peer.js';
import { filesBelow, findWords, inText, type Place } from '../support/byte-search.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { arbo, HR, type Installation, makeInstallation } from '../support/installation.js';
import { writeKnownCodes } from '../support/known-codes.js';
import { type MailServer, partOf, startMailServer } from '../support/mail-server.js';
import {
  type Planted,
  type PlantedMessage,
  plantedReturn,
  type Steering,
} from '../support/planted-message.js';
import { KNOWN_MESSAGES } from '../support/sivi-messages.js';
import { judge } from '../support/sivi-schema.js';

const TOKEN = 'a-token-of-the-arbodienst';
/** One for each release, and one for what has to be held. */
const EMPLOYEES = 5;
const EVERY_SECOND = '* * * * * *';
/** The receiver's own code for what it refused, five signs that HR is to be told. */
const MAY_GO = 'result.code';
const MEDICAL = ['psychose', 'Marked-card'];
const CARD = `<MedischeKaart xmlns="urn:x"><BrAlg>Marked-card</BrAlg><Document>psychose</Document></MedischeKaart>`;

const planted: Planted[] = [];
let at: Installation;
let daemon: Daemon;
let mail: MailServer;
let answers: Place[];

const toFolder = (outbox: string, release: string) => arbo(outbox, { release, receiver: 'HR-1' });
const employers = { from: 'verzuim@school.example', recipients: { 'WG-1': 'leiding@school.example' } };

function install(): Installation {
  const outbox = arbo();
  const inbox = { inbox: './back', done: './back-done', failed: './back-failed', settleSeconds: 0 };
  const smtp = { smtpHost: '127.0.0.1', smtpPort: mail.port, security: 'none' };
  const targets = {
    'hr-2026': { ...toFolder('./hr-2026', '2026'), party: 'employer' },
    'hr-2022': { ...toFolder('./hr-2022', '2022'), party: 'employer' },
    entries: { connector: 'calendar', party: 'employer', settings: { ...employers, folder: './entries' } },
    mails: { connector: 'calendar', party: 'employer', settings: { ...employers, ...smtp } },
    'hr-pushed': { ...toFolder('./hr-pushed', '2026'), party: 'employer' },
  };
  const back = Object.keys(targets).map((to) => {
    const isPushed = to === 'hr-pushed';
    const when = isPushed ? {} : { schedule: EVERY_SECOND };
    const privacy = to === 'hr-2026' ? { documents: ['104'] } : {};
    return { name: `to-${to}`, from: isPushed ? 'pushing' : 'arbo', to, ...when, results: 'all', privacy };
  });
  const made = makeInstallation({
    ...{ logLevel: 'debug', mappings: './own-mappings' },
    connections: {
      ...{ hr: HR, arbo: { ...outbox, settings: { ...(outbox.settings as object), ...inbox } } },
      pushing: {
        connector: 'sivi-http',
        party: 'arbodienst',
        webhook: { bearer: { token: 'file:./token' } },
      },
      ...targets,
    },
    routes: [{ name: 'absences', from: 'hr', to: 'arbo', schedule: EVERY_SECOND }, ...back],
  });
  for (const folder of ['back', 'entries']) mkdirSync(`${made.path}/${folder}`);
  writeFileSync(`${made.path}/token`, TOKEN);
  writeKnownCodes(`${made.path}/own-mappings`);
  return made;
}

const RELEASES = ['2022', '2024', '2025', '2026'];

/** What a message has to say so that it is not refused as a whole. */
function steeringOf(name: string, number: number, reference: string): Steering {
  const day = '2026-03-02';
  // By these two the case is found.
  const key = { 'employer.id': 'WG-1', 'employee.id': `E-${number}` };
  const about = { ...key, 'employee.deathDate': null };
  switch (name) {
    case 'appointments':
      return {
        ...about,
        ...{
          'appointment.id': `AF-${number}`,
          'appointment.date': '2026-03-10',
          'appointment.time': '09:30:00',
        },
        ...{ 'appointment.duration': '0.50', 'appointment.status': '01' },
        ...{ 'appointment.previousDate': null, 'appointment.previousTime': null },
        ...(number === 2 && { 'appointment.executor.function': 'Bedrijfsarts' }),
        ...{ 'appointment.employments[0].absence.firstDay': day },
      };
    case 'documents':
      return {
        ...about,
        ...{ 'document.id': 'DOC-1', 'document.kind': '104', 'document.date': '2026-03-11' },
        ...{
          'document.employments[0].absence.firstDay': day,
          'document.employments[0].absence.caseId': null,
        },
      };
    case 'return':
      return { 'header.answeredReference': reference, 'header.returnKind': '03' };
    default:
      return {
        ...{ 'header.answeredReference': reference, 'result.outcome': '03' },
        ...{ 'result.caseId': `CASE-${number}`, 'result.sequence': '1' },
      };
  }
}

/** Of every message in every release; of the last one also one in which nothing is steered, and one that is held. */
function plantedMessages(references: readonly string[]): Record<string, string> {
  const known = KNOWN_MESSAGES.filter(({ name }) =>
    /^(appointments|documents|return|processing)$/.test(name),
  );
  const files: Record<string, string> = {};
  for (const each of known) {
    const number = RELEASES.indexOf(each.release) + 1;
    const made = plantedReturn(each, steeringOf(each.name, number, references[number - 1] ?? ''));
    const forms: Record<string, PlantedMessage> = { made };
    if (each.release === '2026') {
      const about = steeringOf(each.name, EMPLOYEES, references[EMPLOYEES - 1] ?? '');
      forms.free = plantedReturn(each, {});
      forms.held = plantedReturn(each, {
        ...about,
        ...{ 'employee.deathDate': '2026-03-05', 'document.kind': '208' },
      });
    }
    for (const [form, one] of Object.entries(forms)) {
      planted.push(...one.planted);
      files[`${each.name}-${each.release}-${form}.xml`] = one.xml;
    }
  }
  return files;
}

const push = (body: string, type = 'application/xml') =>
  fetch(`http://127.0.0.1:${daemon.port}/hooks/pushing`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type },
    body,
  });

/** Ids of our messages by the number of the case: the references that the arbodienst answers to. */
const referencesSent = () => at.sent().map((body) => reportIn(body).reference);

async function openDeliveries(): Promise<number> {
  const { body } = await daemon.get('/metrics');
  const open = [...body.matchAll(/state="(?:queued|claimed|sending)"[^}]*\} (\d+)/g)];
  return open.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function ask(files: Readonly<Record<string, string>>): Promise<Place[]> {
  const places = [inText('/metrics', (await daemon.get('/metrics')).body)];
  const run = async (...words: string[]) => {
    const { out, err } = await at.run(...words);
    places.push(inText(words.slice(0, 2).join(' '), out + err));
    return out;
  };
  for (const command of ['status', 'status --json', 'parked list', 'audit export', 'audit verify'])
    await run(...command.split(' '));
  const parked: { id: string; code: string }[] = JSON.parse(await run('parked', 'list', '--json'));
  for (const { id } of new Map(parked.map((item) => [item.code, item])).values())
    await run('parked', 'show', id);
  for (const name of ['appointments-2022-made', 'processing-2026-made', 'documents-2026-made']) {
    writeFileSync(`${at.path}/looked-at.xml`, files[`${name}.xml`] ?? '');
    if (name.startsWith('app')) await run('preview', '--route', 'to-hr-2026', `${at.path}/looked-at.xml`);
    await run('preview', '--json', '--route', 'to-hr-2026', `${at.path}/looked-at.xml`);
  }
  return places;
}

beforeAll(async () => {
  mail = await startMailServer();
  at = install();
  for (let number = 1; number <= EMPLOYEES; number += 1) at.put(`${number}.xml`, message(number));
  daemon = await startDaemon(at.config);
  await until('the reports are with the arbodienst', () => at.sent().length === EMPLOYEES);
  const files = plantedMessages(referencesSent());
  // Nothing of these may stay anywhere.
  writeFileSync(`${at.path}/back/card.xml`, CARD);
  for (const body of Object.values(files)) expect([202, 400]).toContain((await push(body)).status);
  for (const [name, body] of Object.entries(files)) writeFileSync(`${at.path}/back/${name}`, body);
  await until('all is put away', () => at.names('back').length === 0);
  await until('nothing is open', async () => {
    await pause(300);
    return (await openDeliveries()) === 0;
  });
  answers = await ask(files);
});
afterAll(async () => {
  await daemon?.stop();
  await mail?.close();
  at?.remove();
});

/** Everything but the messages of the arbodienst themselves, which only the daemon and their sender may read. */
const ours = () =>
  filesBelow(at.path, (path) => !/^(back(-done|-failed)?\/[^/]+|looked-at)\.xml$/.test(path));

function leaks(places: readonly Place[]): string[] {
  const words = planted.filter(({ path }) => path !== MAY_GO).map(({ word }) => word);
  const paths = new Map(planted.map(({ word, path }) => [word, path]));
  return findWords(places, [...words, ...MEDICAL]).map((leak) => {
    const word = leak.slice(leak.lastIndexOf(' ') + 1);
    return `${leak} (${paths.get(word)})`;
  });
}

describe('marked words of an arbodienst', () => {
  it('are in every field that can hold text, a long number or a date', () => {
    const paths = new Set(planted.map(({ path }) => path.replace(/\[\d\]/g, '[]')));
    expect([...paths]).toEqual(
      expect.arrayContaining([
        ...['appointment.description', 'appointment.executor.function', 'appointment.executor.lastName'],
        ...['appointment.place.street', 'arbodienst.contact.communications[].value', 'employee.bsn'],
        ...['document.content', 'document.fileName', 'document.appointment.description'],
        ...['result.text', 'result.note.text', 'result.errors[].text', 'header.reference'],
      ]),
    );
    expect(paths.size).toBeGreaterThan(60);
  });

  it('are in nothing that HR got, in no file of ours, and in no name of one', () => {
    const names = ours().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['data/bridge.db', 'data/bridge.db-wal']));
    for (const folder of ['hr-2026', 'hr-2022', 'hr-pushed', 'entries'])
      expect(at.names(folder).length).toBeGreaterThan(4);
    expect(leaks(ours())).toEqual([]);
  });

  it('are in no mail', () => {
    expect(mail.mails.length).toBeGreaterThan(4);
    const parts = mail.mails.flatMap(({ text }) => [
      // Without what is packed: any short word turns up there by chance.
      inText('mail', text.replace(/^[A-Za-z0-9+/]{20,}=*\r?$/gm, '')),
      ...['text/plain', 'text/calendar'].map((type) => inText(type, partOf(text, type))),
    ]);
    expect(leaks(parts)).toEqual([]);
  });

  it('are in nothing that was logged or answered', () => {
    expect(leaks([inText('stdout', daemon.said.out), inText('stderr', daemon.said.err)])).toEqual([]);
    expect(answers.length).toBeGreaterThan(10);
    expect(leaks(answers)).toEqual([]);
  });
});

/** What a folder shows of the appointments: employee, date, time, length, what and whom. */
function appointmentsIn(folder: string) {
  return at.sent(folder).flatMap((body) => {
    const [first] = decodeMessage(Buffer.from(body)).records;
    if (first?.kind !== 'appointment') return [];
    const { employee, appointment } = first.record as Readonly<Record<string, JsonObject>>;
    const { date, time, duration, description, executor } = appointment ?? {};
    return [[employee?.id, date, time, duration, description, (executor as JsonObject).function].join(' ')];
  });
}

const SEEN = [
  'Spreekuur Spreekuur',
  'Spreekuur Bedrijfsarts',
  'Spreekuur Spreekuur',
  'Spreekuur Spreekuur',
].map((words, index) => `E-${index + 1} 2026-03-10 09:30:00 0.50 ${words}`);

describe('the same appointments, as HR sees them', () => {
  it.each([
    ['hr-2026', '2026'],
    ['hr-2022', '2022'],
    ['hr-pushed', '2026'],
  ])('are valid messages with date, time, length and neutral words: %s', (folder, release) => {
    expect(appointmentsIn(folder).sort()).toEqual(SEEN);
    const { complaint, dispose } = judge(release, 'Afspraken');
    const bodies = at.sent(folder).filter((body) => body.includes(`Afspraken/${release}`));
    expect(bodies.map(complaint)).toEqual(SEEN.map(() => undefined));
    dispose();
  });

  it('are calendar entries with the same, in the folder and by mail', () => {
    const inFolder = at.names('entries').filter((name) => name.endsWith('.ics'));
    const entries = inFolder.map((name) => at.text(`entries/${name}`));
    const mailed = mail.mails.map(({ text }) => partOf(text, 'text/calendar')).filter((text) => text !== '');
    for (const some of [entries, mailed]) {
      expect(some).toHaveLength(SEEN.length);
      for (const entry of some) {
        expect(entry).toContain('DTSTART;TZID=Europe/Amsterdam:20260310T093000');
        expect(entry).toContain('DTEND;TZID=Europe/Amsterdam:20260310T100000');
        expect(entry).toMatch(/SUMMARY:(Spreekuur|Bedrijfsarts)/);
      }
    }
  });
});

describe('a medical file', () => {
  const CODE = 'HELD_MEDICAL_FILE';
  const alarms = async () => {
    const parked: { code: string; route: string }[] = JSON.parse(
      (await at.run('parked', 'list', '--json')).out,
    );
    return parked.filter(({ code }) => code === CODE).map(({ route }) => route);
  };

  it('in the folder raises the alarm, is removed, and leaves a note without anything of it', async () => {
    expect(new Set(await alarms())).toEqual(new Set(['to-hr-2026', 'to-hr-2022', 'to-entries', 'to-mails']));
    const { exit, out } = await at.run('status');
    expect(exit).toBe(3);
    expect(out).toMatch(/Route to-hr-2026: \d+ parked, waiting for a person/);
    expect((await at.run('audit', 'export')).out).toContain(`"code":"${CODE}"`);
    expect([...at.names('back-done'), ...at.names('back-failed')]).not.toContain('card.xml');
    expect(statSync(`${at.path}/back-failed/card.xml.error.txt`).mode & 0o777).toBe(0o600);
    expect(at.text('back-failed/card.xml.error.txt')).toContain('The file itself was removed');
    expect(
      findWords(
        filesBelow(at.path, (path) => path.startsWith('back')),
        ['Marked-card'],
      ),
    ).toEqual([]);
  });

  it.each(['application/xml', 'application/octet-stream'])(
    'pushed as %s raises it too, and is kept nowhere',
    async (type) => {
      const marked = CARD.replace('Marked-card', `Marked-card ${type}`);
      expect((await push(marked, type)).status).toBe(202);
      expect(await alarms()).toContain('to-hr-pushed');
      expect(findWords(filesBelow(at.path), ['Marked-card'])).toEqual([]);
    },
  );
});
