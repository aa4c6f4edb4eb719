// `parked`: what waits for a person, and what becomes of it and of what waits behind it.
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectFolder } from '../../src/main.js';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import {
  type Answer,
  absences,
  arbo,
  HR,
  type Installation,
  makeInstallation,
} from '../support/installation.js';

interface Parked {
  readonly id: string;
  readonly code: string;
  readonly stage: string;
  readonly sourceReference: string;
  readonly behind: number;
}

let at: Installation;
beforeEach(() => {
  at = makeInstallation();
});
afterEach(() => at.remove());

const once = () => at.run('run', '--once');
const parked = async (): Promise<Parked[]> => JSON.parse((await at.run('parked', 'list', '--json')).out);
const codes = async () => (await parked()).map(({ code }) => code);
/** What was sent of the first case, in order. */
const percentages = () =>
  at
    .sent()
    .filter((text) => text.includes('>CASE-1<'))
    .map((text) => /<PrcVrzm>([^<]*)/.exec(text)?.[1]);

/** The id of the only thing that is parked. */
async function only(): Promise<string> {
  const [item, ...more] = await parked();
  if (!item || more.length > 0) throw new Error(`${more.length + (item ? 1 : 0)} parked instead of one`);
  return item.id;
}

async function expectDone(answer: Promise<Answer>): Promise<void> {
  expect(await answer).toMatchObject({ exit: 0, err: '' });
}

describe('a held partial percentage', () => {
  beforeEach(async () => {
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    at.put('3.xml', message(1, { absence: onDay('2026-03-12', '100.00', 3) }));
    at.put('4.xml', message(1, { absence: recoveredOn('2026-03-16', 4) }));
    at.put('5.xml', message(2));
    expect((await once()).exit).toBe(3);
  });

  it('holds its own case only, and is listed with what waits behind it', async () => {
    expect(percentages()).toEqual(['100.00']);
    expect(at.sent()).toHaveLength(2);
    const { exit, out } = await at.run('parked', 'list');
    expect(exit).toBe(0);
    expect(out).toContain(
      'HELD_PARTIAL_PERCENTAGE: A partial percentage needs earlier advice of the arbodienst.',
    );
    expect(out).toMatch(/where: +absence\.percentages\[0\]\.percentage EA-25\n +from: +2\.xml/);
    expect(out).toMatch(/behind it: 2 later one\(s\)/);
  });

  it('once released is sent, and what waited behind it follows in order', async () => {
    await expectDone(at.run('parked', 'release', await only()));
    expect((await once()).exit).toBe(0);
    expect(percentages()).toEqual(['100.00', '50.00', '100.00', '0.00']);
    expect(await at.run('parked', 'list')).toMatchObject({ exit: 0, out: 'nothing is parked\n' });
  });

  it('once discarded is never sent, and what waited behind it goes', async () => {
    await expectDone(at.run('parked', 'discard', await only(), '--reason', 'told by telephone'));
    // The case differs from what the receiver heard until something of it is delivered.
    expect((await at.run('status')).out).toMatch(/diverged: route absences, case CASE-1, DISCARDED/);
    expect((await once()).exit).toBe(0);
    expect(percentages()).toEqual(['100.00', '0.00']);
    expect((await at.run('status')).exit).toBe(0);
  });

  it('cannot be discarded with a medical word in the reason, which is repeated nowhere', async () => {
    for (const reason of ['heeft griep', 'burn-out volgens de leidinggevende', 'BSN 111222333']) {
      const { exit, out, err } = await at.run('parked', 'discard', await only(), '--reason', reason);
      expect(exit).toBe(2);
      expect(err).toContain('leave those out');
      expect(out + err).not.toContain(reason);
    }
    expect(await codes()).toEqual(['HELD_PARTIAL_PERCENTAGE']);
  });

  it('needs a reason to be discarded', async () => {
    const { exit, err } = await at.run('parked', 'discard', await only());
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining("option '--reason <text>'") });
  });

  it('shows its content to who asks for it, and writes that down first', async () => {
    const id = await only();
    const shown = await at.run('parked', 'show', id);
    expect(shown.out).toMatch(/held +HELD_PARTIAL_PERCENTAGE +by daemon/);
    expect(shown.out).not.toContain('Testpersoon');
    const opened = await at.run('parked', 'show', id, '--open', '--json');
    expect(JSON.parse(opened.out).body.observation.employee.lastName).toBe('Testpersoon 1');
    const { trail } = JSON.parse((await at.run('parked', 'show', id, '--json')).out);
    expect(trail.map(({ action, actor }: Record<string, string>) => `${action} ${actor}`)).toEqual([
      'held daemon',
      'opened tester',
    ]);
  });

  it('is released or discarded once only', async () => {
    const id = await only();
    await at.run('parked', 'release', id);
    for (const verb of [['release'], ['discard', '--reason', 'again'], ['show']]) {
      const { exit, err } = await at.run('parked', verb[0] ?? '', id, ...verb.slice(1));
      expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('It is queued, not parked.') });
    }
  });
});

describe('a record of which nothing was kept', () => {
  it('cannot be released, and the answer says why and what to do', async () => {
    at.put('broken.xml', '<a><b></a>');
    await once();
    const id = await only();
    const { exit, err } = await at.run('parked', 'release', id);
    expect(exit).toBe(2);
    expect(err).toContain('The content of broken.xml was not kept, so there is nothing to send.');
    expect((await at.run('parked', 'show', id, '--open')).out).toContain('no content is kept of it');
    await expectDone(at.run('parked', 'discard', id, '--reason', 'came again by mail'));
    expect(await codes()).toEqual([]);
  });

  it('goes away by itself when the report comes again corrected, under whatever name', async () => {
    at.put('1.xml', message(1).replace('<OorzkVrzmCd>99', '<OorzkVrzmCd>77'));
    at.put('2.xml', message(2).replace('<Gebdat>1980', '<Gebdat>80'));
    await once();
    expect(await codes()).toEqual(['MAPPING_UNKNOWN_CODE', 'SIVI_BAD_VALUE']);
    at.put('mended-1.xml', message(1));
    at.put('mended-2.xml', message(2));
    expect((await once()).exit).toBe(0);
    expect(at.sent()).toHaveLength(2);
  });

  it('keeps one entry when it comes again and is wrong still, with what is wrong now', async () => {
    const wrong = message(1).replace('<OorzkVrzmCd>99', '<OorzkVrzmCd>77');
    at.put('1.xml', wrong);
    await once();
    at.put('2.xml', wrong);
    await once();
    expect(await codes()).toEqual(['MAPPING_UNKNOWN_CODE']);
    at.put('3.xml', message(1).replace('<Gebdat>1980', '<Gebdat>80'));
    await once();
    expect(await codes()).toEqual(['SIVI_BAD_VALUE']);
  });

  it('stays when another report of the same case comes', async () => {
    at.put('1.xml', message(1).replace('<OorzkVrzmCd>99', '<OorzkVrzmCd>77'));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '100.00', 2) }));
    await once();
    expect(await codes()).toContain('MAPPING_UNKNOWN_CODE');
  });

  it('goes away by itself when the mapping is mended and the same file comes again', async () => {
    at.put('1.xml', message(1).replace('<OorzkVrzmCd>99', '<OorzkVrzmCd>77'));
    await once();
    const folder = join(at.path, 'mappings');
    cpSync(join(projectFolder(), 'mappings'), folder, { recursive: true });
    const table = join(folder, 'codes/cause.yaml');
    const code =
      '  "77": { meaning: other, status: verified, source: "agreed with the receiver", write: false }\n';
    writeFileSync(table, readFileSync(table, 'utf8').replace('codes:\n', `codes:\n${code}`));
    at.configure({ mappings: './mappings' });
    renameSync(join(at.path, 'failed/1.xml'), join(at.path, 'in/1.xml'));
    expect((await once()).exit).toBe(0);
    expect(at.sent()[0]).toContain('<OorzkVrzmCd>99');
  });
});

describe('a notification that cannot be written for its receiver', () => {
  it('goes on from where it was once the route says what is missing', async () => {
    at.put(
      '1.xml',
      message(1, { employment: { unitCode: 'X' } }, '2022').replace('<OrgeenhCd>X', '<OrgeenhCd>'),
    );
    at.put('2.xml', message(1, { absence: recoveredOn('2026-03-09', 2) }));
    expect((await once()).exit).toBe(3);
    expect((await parked()).map(({ stage, behind }) => `${stage} ${behind}`)).toEqual(['notification 1']);
    expect((await at.run('parked', 'list')).out).toContain('unitCode');
    at.configure({ routes: [absences({ employers: { 'WG-1': { unitCode: 'HQ' } } })] });
    await expectDone(at.run('parked', 'release', await only()));
    expect((await once()).exit).toBe(0);
    expect(at.sent()[0]).toContain('<OrgeenhCd>HQ</OrgeenhCd>');
    expect(percentages()).toEqual(['100.00', '0.00']);
  });
});

describe('what the gate left out and asked a person about', () => {
  const CONFLICT = { absence: { conflict: 'J' } };

  it.each([
    ['a labour conflict', 'HELD_CONFLICT', message(1, CONFLICT)],
    ['a care institution', 'HELD_NURSING_PLACE', message(1, nursedAt('Revalidatiecentrum Oost'))],
    ['a cause that is not confirmed', 'HELD_CAUSE', message(1, { absence: { cause: '10' } })],
    ['a number in a text', 'HELD_MEDICAL_WORDS', message(1, { employment: { jobName: 'BSN 111222333' } })],
  ])('waits, and goes without it once released: %s', async (_what, code, xml) => {
    at.put('1.xml', xml);
    expect((await once()).exit).toBe(3);
    expect(await codes()).toEqual([code]);
    expect(at.sent()).toEqual([]);
    await expectDone(at.run('parked', 'release', await only()));
    expect((await once()).exit).toBe(0);
    expect(at.sent()).toHaveLength(1);
    expect(at.sent()[0]).not.toMatch(/ArbCnflJN|Revalidatie|OorzkVrzmCd>10|111222333/);
  });

  it('leaves the name of a nursing address out without asking where the route says so', async () => {
    at.configure({ routes: [absences({ privacy: { nursingPlaceName: 'drop' } })] });
    at.put('1.xml', message(1, nursedAt('Revalidatiecentrum Oost')));
    at.put('2.xml', message(2, nursedAt('Bij de buren')));
    expect((await once()).exit).toBe(0);
    expect(at.sent()).toHaveLength(2);
    expect(at.sent().join()).not.toMatch(/Revalidatie|Bij de buren/);
  });
});

describe('a test message on a link for real ones', () => {
  const TEST = { header: { test: 'J', reference: 'TEST-1' } };

  it('is held and waits again when it is released', async () => {
    at.put('1.xml', message(1, TEST));
    expect((await once()).exit).toBe(3);
    expect(await codes()).toEqual(['HELD_TEST_MESSAGE']);
    const { out } = await at.run('parked', 'release', await only());
    expect(out).toContain('it waits again if the test setting of its link was not corrected');
    expect((await once()).exit).toBe(3);
    expect(await codes()).toEqual(['HELD_TEST_MESSAGE']);
    expect(at.sent()).toEqual([]);
  });

  it('goes over after a release once the link is marked as one for tests; a real message is then held', async () => {
    at.put('1.xml', message(1, TEST));
    await once();
    at.configure({ connections: { hr: HR, arbo: arbo('./out', { test: true }) } });
    await at.run('parked', 'release', await only());
    expect((await once()).exit).toBe(0);
    expect(at.sent()[0]).toContain('<TestJN>J</TestJN>');
    at.put('2.xml', message(2));
    expect((await once()).exit).toBe(3);
    expect(await codes()).toEqual(['HELD_TEST_MESSAGE']);
  });
});

function nursedAt(nursingPlaceName: string) {
  const address = { kind: '06', postcode: '4321ZZ', town: 'Elders', houseNumber: '5', nursingPlaceName };
  return { employee: { addresses: [address] } };
}
