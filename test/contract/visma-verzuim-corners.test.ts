// Corners of deliveries to Visma Verzuim: what goes along with a changed dossier, what a case may not be told, and what
// the read-back says of a dossier that somebody or something else is in.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CodedError } from '../../src/errors.js';
import {
  notificationOf,
  openVerzuimBench,
  SCOPE,
  type Told,
  type VerzuimBench,
  type VerzuimSite,
} from '../support/verzuim-site.js';

let bench: VerzuimBench;
let site: VerzuimSite;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());
afterEach(() => site.close());

const firstDay = '2026-03-02';
const SICK: Told = {
  kind: 'SickReport',
  sequence: 1,
  firstDay,
  effectiveDate: firstDay,
  percentage: '100.00',
};
const HALF: Told = {
  ...SICK,
  kind: 'AbsenceChange',
  sequence: 2,
  effectiveDate: '2026-03-09',
  percentage: '50.00',
};
const BACK: Told = {
  ...SICK,
  kind: 'Recovery',
  sequence: 3,
  effectiveDate: '2026-03-16',
  percentage: '0.00',
};
const WITHDRAWN: Told = { ...SICK, kind: 'Withdrawal', sequence: 9 };
const CHANGE: Told = { ...SICK, kind: 'EmployeeChange', sequence: 2 };
const LATER: Told = { ...SICK, caseId: 'C-2', firstDay: '2026-03-30', effectiveDate: '2026-03-30' };

async function open(options: Parameters<VerzuimBench['site']>[0] = {}): Promise<void> {
  site = await bench.site(options);
  site.know(1);
}

const tell = (told: Told, settings = {}) => site.tell(notificationOf(1, told), settings);

async function failure(delivery: Promise<unknown>): Promise<string> {
  const error = await delivery.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodedError)) throw new Error(`no coded error: ${String(error)}`);
  return `${error.code} ${error.kind}: ${error.message} ${error.problems.map(({ detail }) => detail).join(' ')}`;
}

const courses = () =>
  site.simulator.courses().map(({ dateStart, recoveryPercentage, externalKey }) => {
    return `${dateStart} ${recoveryPercentage} ${externalKey}`;
  });
const dossiers = () =>
  site.simulator.dossiers().map(({ externalKey, dateStart, dossierStatus, closureReason }) => {
    return `${externalKey} ${dateStart} ${dossierStatus} ${closureReason}`;
  });
const byHand = (dateStart: string, recoveryPercentage: number) =>
  site.simulator.others.postCourse({
    employmentId: site.simulator.employments()[0]?.id ?? '',
    dateStart,
    recoveryPercentage,
  });
const refuse = (status: number, method: string, path: string, times = Number.POSITIVE_INFINITY) =>
  site.proxy.arm(
    { kind: 'status', status },
    { times, match: (called, at) => called === method && at.startsWith(path) },
  );

describe('what was not sent', () => {
  it('is not confirmed, and does not hide what differs', async () => {
    await open();
    await tell(SICK);
    byHand('2026-03-05', 100);
    expect((await tell(CHANGE)).differences).toEqual(['course: recovered']);
  });
});

describe('the day of the report', () => {
  it('stays what it was when something else of the dossier is changed', async () => {
    await open();
    await tell({ ...SICK, reportDate: '2026-03-03' });
    await tell({ ...HALF, expectedRecovery: '2026-03-20' });
    expect(site.simulator.dossiers()).toMatchObject([
      { dateReported: '2026-03-03', expectedDurationDays: 18 },
    ]);
  });

  it('stays what it was when the dossier is cancelled', async () => {
    await open();
    await tell({ ...SICK, reportDate: '2026-03-03' });
    await tell(WITHDRAWN);
    expect(site.simulator.dossiers()).toMatchObject([
      { dateReported: '2026-03-03', dossierStatus: 'completed' },
    ]);
  });
});

describe('a case that has ended there', () => {
  it('is not opened again by a change of its percentage: a person resends it', async () => {
    await open();
    for (const told of [SICK, BACK]) await tell(told);
    expect(await failure(tell({ ...HALF, sequence: 4 }))).toMatch(
      /^TARGET_CANNOT_CARRY needs-human: .*has ended.* resend the case/,
    );
    expect(courses()).toEqual(['2026-03-02 0 W-1:C-1/1', '2026-03-16 100 W-1:C-1/3']);
  });
});

describe('a dossier that another case opened earlier', () => {
  it('keeps its first day', async () => {
    await open({ rules: { firstDayMovesDossier: true } });
    const later: Told = { ...SICK, caseId: 'C-2', firstDay: '2026-03-20', effectiveDate: '2026-03-20' };
    await tell(later);
    await tell(SICK);
    await tell(BACK);
    const receipt = await tell({ ...later, sequence: 3, expectedRecovery: '2026-03-27' });
    expect(receipt.differences).toEqual([]);
    expect(dossiers()).toEqual([expect.stringContaining(`W-1:C-2 ${firstDay} open`)]);
  });
});

describe('statuses that the documents do not name', () => {
  it.each([
    [408, 'POST', 'unknown-outcome'],
    [408, 'GET', 'retryable'],
    [423, 'POST', 'retryable'],
    [425, 'POST', 'retryable'],
    [425, 'GET', 'retryable'],
  ])('%s at a %s is %s', async (status, method, kind) => {
    await open();
    refuse(status, method, '/absence-course', 1);
    expect(await failure(tell(SICK))).toContain(` ${kind}: `);
  });
});

describe('the read-back', () => {
  const patchDossier = async (dossierStatus: string) => {
    const { simulator } = site;
    const { clientId, clientSecret, subscriptionKey } = simulator.credentials;
    const headers = { 'content-type': 'application/json', 'ocp-apim-subscription-key': subscriptionKey };
    const asked = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: SCOPE,
    };
    const token = await fetch(`${simulator.url}/auth/token`, {
      ...{ method: 'POST', headers, body: JSON.stringify(asked) },
    });
    const { access_token: word } = (await token.json()) as { access_token: string };
    const body = JSON.stringify({ id: simulator.dossiers()[0]?.id, dossierStatus });
    const answer = await fetch(`${simulator.url}/dossier/illness`, {
      ...{ method: 'PATCH', headers: { ...headers, authorization: `Bearer ${word}` }, body },
    });
    expect(answer.status).toBe(200);
  };

  it('names what of a dossier could not be changed', async () => {
    await open();
    await tell(SICK);
    refuse(403, 'PATCH', '/dossier');
    const renumbered = {
      ...SICK,
      kind: 'Correction',
      sequence: 2,
      caseId: 'C-9',
      previousCaseId: 'C-1',
    } as const;
    const receipt = await tell({ ...renumbered, reportDate: '2026-03-05', expectedRecovery: '2026-03-20' });
    expect(receipt.differences).toEqual([
      'dossier: externalKey',
      'dossier: dateReported',
      'dossier: expectedDurationDays',
    ]);
  });

  it('a dossier that was closed there while the case goes on is a difference', async () => {
    await open();
    for (const told of [SICK, HALF]) await tell(told);
    await patchDossier('completed');
    const receipt = await tell({ ...HALF, kind: 'Correction', sequence: 3, percentage: '40.00' });
    expect(receipt.differences).toEqual(['dossier: dossierStatus']);
  });

  it('a course that somebody entered after the recovery is a difference', async () => {
    await open();
    await tell(SICK);
    byHand('2026-03-18', 20);
    expect((await tell(BACK)).differences).toEqual(['course: entered by hand']);
  });

  it('a course that somebody entered and that a withdrawal leaves there is a difference, and is no other absence', async () => {
    await open();
    await tell(SICK);
    byHand('2026-03-09', 50);
    const receipt = await tell(WITHDRAWN);
    expect(receipt.differences).toEqual(['course: entered by hand']);
    expect(receipt.remarks?.join()).not.toContain('another absence is in it');
    expect(courses()).toEqual(['2026-03-09 50 null']);
  });
});

describe('a joined dossier', () => {
  it('is closed when the last of its cases is withdrawn', async () => {
    await open();
    for (const told of [SICK, BACK, LATER]) await tell(told);
    await tell(WITHDRAWN);
    expect(await tell({ ...LATER, kind: 'Withdrawal', sequence: 2 })).toMatchObject({ differences: [] });
    expect(dossiers()).toEqual([expect.stringMatching(/^W-1:C-1 .* completed cancelled$/)]);
  });
});
