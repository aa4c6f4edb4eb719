// The way back from Visma Verzuim, seen from both sides: absences go there out of HR's folder, and the appointments and
// advice of the same cases come back over the same connection into a manager's folder, with nothing medical anywhere.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startVerzuimSimulator,
  type VerzuimSimulator,
} from '../../connectors/visma-verzuim/simulator/index.js';
import { systemClock } from '../../src/clock.js';
import { wallClock } from '../../src/connector.js';
import { message, onDay } from '../support/absence-messages.js';
import { filesBelow, findWords, inText } from '../support/byte-search.js';
import { runChild } from '../support/child.js';
import { absences, HR, type Installation, makeInstallation } from '../support/installation.js';
import { startValidator, type Validator } from '../support/validator.js';
import { SCOPE } from '../support/visma-link.js';

const MARKER = 'depressieklachten';
const CASE = 'WG-1:CASE-1';
const TOMORROW = wallClock(Date.now() + 86_400_000, 'Europe/Amsterdam').date;

describe('an arbodienst on Visma Verzuim, and HR', () => {
  let simulator: VerzuimSimulator;
  let validator: Validator;
  let at: Installation;
  const printed: string[] = [];

  beforeAll(async () => {
    simulator = await startVerzuimSimulator({ clock: systemClock, planted: MARKER });
    validator = await startValidator('visma-verzuim/openapi.mock.yaml', simulator.url);
    simulator.addEmployer({ externalKey: 'WG-1' });
    for (const number of [1, 2]) {
      simulator.addEmployee({ externalKey: `E-${number}` });
      simulator.addEmployment({ employee: `E-${number}`, externalKey: `DV-${number}` });
    }
    at = makeInstallation();
    mkdirSync(join(at.path, 'managers'));
    for (const [name, value] of Object.entries(simulator.credentials))
      writeFileSync(join(at.path, name), value);
    at.configure({
      logLevel: 'debug',
      connections: { hr: HR, arbo: arbodienst({}), managers: managers() },
      routes: [
        absences({ privacy: { partialPercentage: 'with-advice' } }),
        { name: 'back', from: 'arbo', to: 'managers' },
      ],
    });
  }, 180_000);

  afterAll(async () => {
    await validator.close();
    await simulator.close();
    at.remove();
  });

  const arbodienst = (advice: object) => ({
    connector: 'visma-verzuim',
    party: 'arbodienst',
    settings: {
      ...{ baseUrl: validator.url, scope: SCOPE, subscriptionKey: 'file:./subscriptionKey' },
      ...{ clientId: 'file:./clientId', clientSecret: 'file:./clientSecret' },
      appointments: { operations: { 'BA-1': 'company-doctor' } },
      ...advice,
    },
  });
  const managers = () => ({
    connector: 'calendar',
    party: 'employer',
    settings: { folder: './managers', from: 'verzuim@example.org', employee: 'number' },
  });

  async function once(): Promise<number | null> {
    const { exit, out, err } = await runChild(['run', '--once', '--config', at.config]);
    printed.push(out, err);
    return exit;
  }
  const told = () => at.names('managers').map((name) => at.text(join('managers', name)));
  const courses = () => simulator.courses().map((course) => [course.dateStart, course.recoveryPercentage]);

  it('a half percentage waits there as long as no advice says so', async () => {
    at.put('1.xml', message(1));
    expect(await once()).toBe(0);
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    await once();
    expect(simulator.dossiers().map(({ externalKey }) => externalKey)).toEqual([CASE]);
    expect(courses()).toEqual([['2026-03-02', 0]]);
    expect((await at.run('parked', 'list')).out).toContain('HELD_PARTIAL_PERCENTAGE');
  }, 60_000);

  it('an appointment of the case comes back in neutral words, and the half percentage goes on by itself', async () => {
    const plan = { employment: 'DV-1', dossier: CASE, dateStart: `${TOMORROW} 09:30:00` };
    simulator.addAppointment({ ...plan, operation: { code: 'BA-1' } });
    simulator.addAppointment({ ...plan, operation: { isAnonymous: true } });
    simulator.addAppointment({ ...plan, dossier: null });
    simulator.addDossier({ employment: 'DV-2', type: 'illness', key: 'WG-1:CASE-99' });
    simulator.addAppointment({ ...plan, employment: 'DV-2', dossier: 'WG-1:CASE-99' });
    simulator.giveAdvice(CASE, [{ dateStart: '2026-03-09', recoveryPercentage: 50 }]);
    const connections = { hr: HR, arbo: arbodienst({ advice: {} }), managers: managers() };
    at.configure({ connections });
    for (let round = 0; round < 2 && courses().length < 2; round += 1) await once();
    expect(courses()).toEqual([
      ['2026-03-02', 0],
      ['2026-03-09', 50],
    ]);
    const entries = told().filter((text) => text.includes('BEGIN:VEVENT'));
    expect(entries).toHaveLength(1);
    expect(entries[0]).toContain('SUMMARY:Spreekuur bedrijfsarts');
    expect(entries[0]).toContain(`${TOMORROW.replaceAll('-', '')}T093000`);
    expect(told().filter((text) => text.includes('50'))).not.toEqual([]);
  }, 120_000);

  it('a cancellation and a kept appointment are told; a status that says nothing waits for a person', async () => {
    const before = at.names('managers').length;
    const first = simulator.addAppointment({
      ...{ employment: 'DV-1', dossier: CASE, dateStart: `${TOMORROW} 14:00:00` },
    });
    const other = simulator.addAppointment({
      ...{ employment: 'DV-1', dossier: CASE, dateStart: `${TOMORROW} 15:00:00` },
    });
    await once();
    simulator.cancelAppointment(first);
    simulator.changeAppointment(other, { status: 'no-availability' });
    await once();
    const cancelled = told().filter((text) => text.includes('METHOD:CANCEL'));
    expect(cancelled).toHaveLength(1);
    expect(at.names('managers')).toHaveLength(before + 3);
    expect((await at.run('parked', 'list')).out).toContain('MAPPING_UNKNOWN_CODE');
    simulator.completeAppointment(other);
    await once();
    expect(at.names('managers')).toHaveLength(before + 4);
  }, 120_000);

  it('of all that was planted there nothing is on this side: payloads, logs, audit, store', async () => {
    for (const words of [['audit', 'export'], ['parked', 'list'], ['status']])
      printed.push((await at.run(...words)).out);
    const places = [
      ...filesBelow(at.path),
      ...printed.map((text, number) => inText(`printed ${number}`, text)),
    ];
    expect(places.length).toBeGreaterThan(10);
    expect(findWords(places, [MARKER, ...simulator.planted])).toEqual([]);
    expect((await at.run('audit', 'verify')).exit).toBe(0);
  }, 60_000);
});
