// From the states that Visma Raet's WFM API shows to Visma Verzuim: what is told of each change, and that an absence which
// is no longer shown waits for a person.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startWfmSimulator } from '../../connectors/visma-raet-wfm/simulator.js';
import {
  startVerzuimSimulator,
  type VerzuimSimulator,
} from '../../connectors/visma-verzuim/simulator/index.js';
import { systemClock } from '../../src/clock.js';
import { type Installation, makeInstallation } from '../support/installation.js';
import { SCOPE } from '../support/visma-link.js';

type Wfm = Awaited<ReturnType<typeof startWfmSimulator>>;

const LEAVE = { id: '1005 1 533', personCode: '1005', employmentCode: '1', startDate: '2026-03-02' };
const period = (periodStartDate: string, percentage: number) => ({ periodStartDate, percentage });

describe('from the WFM API to Visma Verzuim', () => {
  let wfm: Wfm;
  let arbodienst: VerzuimSimulator;
  let at: Installation;

  beforeEach(async () => {
    wfm = await startWfmSimulator({ clock: systemClock, limits: 'off' });
    arbodienst = await startVerzuimSimulator({ clock: systemClock });
    at = makeInstallation();
    for (const [name, value] of Object.entries({ ...wfm.credentials, ...arbodienst.credentials }))
      writeFileSync(join(at.path, name), value);
    writeFileSync(join(at.path, 'hr-clientId'), wfm.credentials.clientId);
    writeFileSync(join(at.path, 'hr-clientSecret'), wfm.credentials.clientSecret);
    at.configure({
      connections: {
        wfm: {
          connector: 'visma-raet-wfm',
          party: 'employer',
          settings: {
            baseUrl: `${wfm.url}/1.0`,
            tokenUrl: wfm.tokenUrl,
            tenantId: wfm.credentials.tenantId,
            clientId: 'file:./hr-clientId',
            clientSecret: 'file:./hr-clientSecret',
            pace: { minIntervalMs: 0 },
            percentageMeans: 'sickness',
            recoveryDateMeans: 'first-working-day',
          },
        },
        arbodienst: {
          connector: 'visma-verzuim',
          party: 'arbodienst',
          settings: {
            baseUrl: arbodienst.url,
            clientId: 'file:./clientId',
            clientSecret: 'file:./clientSecret',
            subscriptionKey: 'file:./subscriptionKey',
            scope: SCOPE,
          },
        },
      },
      routes: [{ name: 'absences', from: 'wfm', to: 'arbodienst', privacy: { partialPercentage: 'allow' } }],
    });
    person('06 00000001');
    wfm.setEmployment({
      id: '1005 1',
      personCode: '1005',
      employmentCode: '1',
      company: '105',
      hireDate: '2020-08-01',
    });
    arbodienst.addEmployee({ externalKey: '1005' });
    arbodienst.addEmployment({ employee: '1005', externalKey: '1005 1' });
  });

  afterEach(async () => {
    await Promise.all([wfm.close(), arbodienst.close()]);
    at.remove();
  });

  const person = (number: string) =>
    wfm.setPerson({
      id: '1005',
      personCode: '1005',
      initials: 'T',
      lastNameAtBirth: 'Testpersoon',
      phoneNumbers: [{ type: 'Mobile', number }],
    });
  const once = async () => (await at.run('run', '--once')).exit;
  const courses = () => arbodienst.courses().map((course) => [course.dateStart, course.recoveryPercentage]);

  it('tells each change once, and nothing of years gone by', async () => {
    wfm.setSickLeave({
      ...LEAVE,
      id: '1005 1 7',
      startDate: '2019-01-07',
      recoveryDate: '2019-01-21',
      sicknessPeriod: [period('2019-01-07', 100)],
    });
    wfm.setSickLeave({ ...LEAVE, sicknessPeriod: [period('2026-03-02', 100)] });
    expect(await once()).toBe(0);
    expect(courses()).toEqual([['2026-03-02', 0]]);
    wfm.setSickLeave({ ...LEAVE, sicknessPeriod: [period('2026-03-02', 100), period('2026-03-09', 50)] });
    person('06 00000002');
    expect(await once()).toBe(0);
    expect(courses()).toEqual([
      ['2026-03-02', 0],
      ['2026-03-09', 50],
    ]);
    wfm.setSickLeave({
      ...LEAVE,
      recoveryDate: '2026-03-16',
      sicknessPeriod: [period('2026-03-02', 100), period('2026-03-09', 50)],
    });
    expect(await once()).toBe(0);
    expect(courses()).toEqual([
      ['2026-03-02', 0],
      ['2026-03-09', 50],
      ['2026-03-16', 100],
    ]);
    const writes = arbodienst.calls.filter(
      ({ method, path }) => method !== 'GET' && path !== '/auth/token',
    ).length;
    expect(await once()).toBe(0);
    expect(
      arbodienst.calls.filter(({ method, path }) => method !== 'GET' && path !== '/auth/token'),
    ).toHaveLength(writes);
  });

  it('an absence that is no longer shown waits for a person, who withdraws it by releasing it', async () => {
    wfm.setSickLeave({ ...LEAVE, sicknessPeriod: [period('2026-03-02', 100)] });
    wfm.setSickLeave({
      ...LEAVE,
      id: '1005 1 534',
      startDate: '2026-01-05',
      recoveryDate: '2026-01-12',
      sicknessPeriod: [period('2026-01-05', 100)],
    });
    expect(await once()).toBe(0);
    wfm.removeSickLeave(LEAVE.id);
    expect(await once()).toBe(3);
    expect(courses()).toEqual([['2026-03-02', 0]]);
    const [item] = JSON.parse((await at.run('parked', 'list', '--json')).out);
    expect(item).toMatchObject({ code: 'HELD_DISAPPEARED' });
    expect((await at.run('parked', 'release', item.id)).exit).toBe(0);
    expect(await once()).toBe(0);
    expect(courses()).toEqual([]);
    expect((await at.run('audit', 'verify')).exit).toBe(0);
  });

  it('a right that went away looks like no recovery and no withdrawal of anybody', async () => {
    wfm.setSickLeave({ ...LEAVE, sicknessPeriod: [period('2026-03-02', 100)] });
    expect(await once()).toBe(0);
    wfm.removeSickLeave(LEAVE.id);
    expect(await once()).toBe(3);
    expect(courses()).toEqual([['2026-03-02', 0]]);
    expect((await at.run('status')).out).toContain('SOURCE_SHOWS_LESS');
    expect((await at.run('parked', 'list')).out).not.toContain('HELD_DISAPPEARED');
  });

  it('without the meaning of its percentages and dates `check` asks for them', async () => {
    const config = at.text('config.yaml').replace(/ +(percentageMeans|recoveryDateMeans): .*\n/g, '');
    writeFileSync(at.config, config);
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toMatch(/settings\.percentageMeans: .*sickness/);
    expect(err).toMatch(/settings\.recoveryDateMeans: .*last-sick-day/);
  });
});
