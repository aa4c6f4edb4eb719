// What deliveries to Visma Verzuim do and tell, against the simulator behind the published description.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/connector.js';
import { CodedError } from '../../src/errors.js';
import {
  notificationOf,
  openVerzuimBench,
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
const WITHDRAWN: Told = { ...BACK, kind: 'Withdrawal', sequence: 9 };

type Settings = Readonly<Record<string, unknown>>;

async function open(options: Parameters<VerzuimBench['site']>[0] = {}): Promise<void> {
  site = await bench.site(options);
  site.know(1);
}

const tell = (told: Told, settings: Settings = {}) => site.tell(notificationOf(1, told), settings);

/** The code and the words of what a delivery ends with. */
async function failure(delivery: Promise<unknown>): Promise<string> {
  const error = await delivery.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodedError)) throw new Error(`no coded error: ${String(error)}`);
  return `${error.code}: ${error.message} ${error.problems.map(({ detail }) => detail).join(' ')}`;
}

const courses = () =>
  site.simulator.courses().map(({ dateStart, recoveryPercentage, externalKey }) => {
    return `${dateStart} ${recoveryPercentage} ${externalKey}`;
  });
const dossiers = () =>
  site.simulator.dossiers().map(({ externalKey, dateStart, dossierStatus, closureReason }) => {
    return `${externalKey} ${dateStart} ${dossierStatus} ${closureReason}`;
  });
const writes = () =>
  site.simulator.calls
    .filter(({ method, path }) => method !== 'GET' && path !== '/auth/token')
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')}`);

describe('the life of a case', () => {
  it('arrives step by step, and each step is confirmed by what is read back', async () => {
    await open();
    const receipts = [await tell(SICK), await tell(HALF), await tell(BACK)];
    expect(receipts.map(({ differences }) => differences)).toEqual([[], [], []]);
    expect(receipts.map(({ remarks }) => remarks)).toEqual([
      ['a course was added'],
      ['a course was added'],
      ['a course was added'],
    ]);
    expect(courses()).toEqual([
      '2026-03-02 0 W-1:C-1/1',
      '2026-03-09 50 W-1:C-1/2',
      '2026-03-16 100 W-1:C-1/3',
    ]);
    expect(dossiers()).toEqual(['W-1:C-1 2026-03-02 completed completed']);
    const ids = site.simulator.courses().map(({ id }) => id);
    expect(receipts.map(({ reference }) => reference)).toEqual(ids);
  });

  it('told twice is there once, with no second write', async () => {
    await open();
    await tell(SICK);
    expect(await tell(SICK)).toMatchObject({ differences: [], remarks: ['it was there already'] });
    expect(writes()).toEqual(['POST /absence-course']);
  });

  it('a course is asked for by its key right before it is made', async () => {
    await open();
    await tell(SICK);
    const calls = site.simulator.calls.filter(({ path }) => path === '/absence-course');
    const post = calls.findIndex(({ method }) => method === 'POST');
    expect(calls[post - 1]).toMatchObject({
      method: 'GET',
      query: expect.arrayContaining(['filter[externalKey]']),
    });
  });

  it('a first day that moves takes the dossier along', async () => {
    await open();
    await tell(SICK);
    const moved: Told = {
      ...SICK,
      kind: 'Correction',
      sequence: 2,
      firstDay: '2026-02-27',
      previousFirstDay: firstDay,
    };
    const receipt = await tell({ ...moved, effectiveDate: '2026-02-27' });
    expect(receipt).toMatchObject({
      differences: [],
      remarks: ['a course was changed', 'the dossier was changed'],
    });
    expect(dossiers()).toEqual(['W-1:C-1 2026-02-27 open null']);
  });

  it('a withdrawal removes the courses and cancels the dossier', async () => {
    await open();
    await tell(SICK);
    await tell(BACK);
    expect(await tell(WITHDRAWN)).toMatchObject({ differences: [] });
    expect(courses()).toEqual([]);
    expect(dossiers()).toEqual(['W-1:C-1 2026-03-02 completed cancelled']);
    expect(await tell(WITHDRAWN)).toMatchObject({ differences: [], remarks: ['it was there already'] });
  });

  it('a case that is reported again after its withdrawal gets a dossier key that was never used', async () => {
    await open();
    await tell(SICK);
    await tell({ ...WITHDRAWN, sequence: 2 });
    await tell({ ...SICK, sequence: 3 });
    expect(courses()).toEqual(['2026-03-02 0 W-1:C-1/3']);
    expect(dossiers()).toEqual(['W-1:C-1 2026-03-02 completed cancelled', 'W-1:C-1/3 2026-03-02 open null']);
  });

  it('a renumbered case keeps its courses under the new key', async () => {
    await open();
    await tell(SICK);
    const renumbered = {
      ...SICK,
      kind: 'Correction',
      sequence: 2,
      caseId: 'C-9',
      previousCaseId: 'C-1',
    } as const;
    expect(await tell(renumbered)).toMatchObject({ differences: [] });
    expect(courses()).toEqual(['2026-03-02 0 W-1:C-9/1']);
    expect(dossiers()).toEqual(['W-1:C-9 2026-03-02 open null']);
  });

  it('the expected end and the day of the report follow a change', async () => {
    await open();
    await tell({ ...SICK, reportDate: '2026-03-02', expectedRecovery: '2026-03-09' });
    await tell({ ...HALF, kind: 'Correction', reportDate: '2026-03-03', expectedRecovery: '2026-03-23' });
    const [dossier] = site.simulator.dossiers();
    expect(dossier).toMatchObject({ dateReported: '2026-03-03', expectedDurationDays: 21 });
  });
});

describe('two absences within 28 days', () => {
  it('a case that joins an older dossier is told apart, noted and counted, and the older dossier is left alone', async () => {
    await open();
    for (const told of [SICK, BACK]) await tell(told);
    const again: Told = { ...SICK, caseId: 'C-2', firstDay: '2026-03-30', effectiveDate: '2026-03-30' };
    const receipt = await tell(again);
    expect(receipt.differences).toEqual([]);
    expect(receipt.remarks).toContain('the receiver keeps it in the dossier of an earlier absence (28 days)');
    expect(site.notes.get('joined-dossiers')?.text).toContain('In 2026 1 sick report was joined');
    await tell({
      ...again,
      kind: 'Correction',
      sequence: 2,
      firstDay: '2026-03-29',
      previousFirstDay: '2026-03-30',
      effectiveDate: '2026-03-29',
    });
    await tell({ ...again, kind: 'Withdrawal', sequence: 3 });
    expect(dossiers()).toEqual(['W-1:C-1 2026-03-02 completed completed']);
    expect(courses()).toEqual(['2026-03-02 0 W-1:C-1/1', '2026-03-16 100 W-1:C-1/3']);
    expect(site.notes.get('joined-dossiers')?.text).toContain('In 2026 1 sick report');
  });

  it('a withdrawal of the older case leaves the dossier open for the later one', async () => {
    await open();
    for (const told of [SICK, BACK]) await tell(told);
    await tell({ ...SICK, caseId: 'C-2', firstDay: '2026-03-30', effectiveDate: '2026-03-30' });
    const receipt = await tell(WITHDRAWN);
    expect(receipt.differences).toEqual([]);
    expect(receipt.remarks).toContain('the dossier stays open: another absence is in it');
    expect(courses()).toEqual(['2026-03-30 0 W-1:C-2/1']);
    expect(dossiers()).toEqual([expect.stringMatching(/^W-1:C-1 .* open null$/)]);
  });

  it('a case that begins on the day on which the one before it ended is for a person, who is told why', async () => {
    await open();
    for (const told of [SICK, BACK]) await tell(told);
    const again: Told = { ...SICK, caseId: 'C-2', firstDay: '2026-03-16', effectiveDate: '2026-03-16' };
    expect(await failure(tell(again))).toMatch(
      /^TARGET_CANNOT_CARRY: .* stands on that day, and one a day is taken/,
    );
  });
});

describe('what somebody else did there', () => {
  const employmentId = () => site.simulator.employments()[0]?.id ?? '';

  it('a recovery that was entered by hand while the case goes on is a difference', async () => {
    await open();
    await tell(SICK);
    site.simulator.others.postCourse({
      employmentId: employmentId(),
      dateStart: '2026-03-12',
      recoveryPercentage: 100,
    });
    expect((await tell(HALF)).differences).toEqual(['course: recovered']);
  });

  it('what somebody has entered by hand just so is confirmed, and not written again', async () => {
    await open();
    await tell(SICK);
    site.simulator.others.postCourse({
      employmentId: employmentId(),
      dateStart: '2026-03-16',
      recoveryPercentage: 100,
    });
    expect(await tell(BACK)).toMatchObject({
      differences: [],
      remarks: ['it was there already', 'somebody had entered it there by hand'],
    });
    expect(courses()).toEqual(['2026-03-02 0 W-1:C-1/1', '2026-03-16 100 null']);
  });

  it('another percentage that was entered by hand on that day is for a person', async () => {
    await open();
    await tell(SICK);
    site.simulator.others.postCourse({
      employmentId: employmentId(),
      dateStart: '2026-03-09',
      recoveryPercentage: 20,
    });
    expect(await failure(tell(HALF))).toMatch(/^TARGET_CANNOT_CARRY: .* stands on that day/);
  });

  it('a course that is gone there is for a person, and is not made up', async () => {
    await open();
    await tell(SICK);
    site.simulator.others.deleteCourse(site.simulator.courses()[0]?.id ?? '');
    expect(await failure(tell(HALF))).toMatch(/^TARGET_UNKNOWN_CASE: /);
    expect(courses()).toEqual([]);
  });

  it('a percentage that was changed there is set right by the next word on that day only', async () => {
    await open();
    await tell(SICK);
    site.simulator.others.patchCourse({ id: site.simulator.courses()[0]?.id, recoveryPercentage: 20 });
    await tell(HALF);
    expect(courses()).toEqual(['2026-03-02 20 W-1:C-1/1', '2026-03-09 50 W-1:C-1/2']);
  });
});

describe('the employment', () => {
  it('that is not known is for a person, and the words hold no key', async () => {
    await open();
    const words = await failure(site.tell(notificationOf(7, SICK)));
    expect(words).toMatch(/^TARGET_UNKNOWN_EMPLOYMENT: .* external key that stands in employment\.id\./);
    expect(words).not.toContain('D-7');
    expect(writes()).toEqual([]);
  });

  it('that is confidential there is for a person', async () => {
    await open();
    site.simulator.addEmployee({ externalKey: 'E-5' });
    site.simulator.addEmployment({ employee: 'E-5', externalKey: 'D-5', isConfidential: true });
    expect(await failure(site.tell(notificationOf(5, SICK)))).toMatch(/^TARGET_CONFIDENTIAL: /);
    expect(writes()).toEqual([]);
  });

  it('may be found by the personnel number where that is the key there', async () => {
    await open();
    site.simulator.addEmployment({ employee: 'E-1', externalKey: 'P-1' });
    await tell(SICK, { employmentKey: 'employment.personnelNumber' });
    expect(site.simulator.courses()).toMatchObject([{ employmentKey: 'P-1' }]);
  });

  const create = { createMissing: true };

  it('is created with its employee where the connection says so, once', async () => {
    await open();
    site.simulator.addUnit({ externalKey: 'U-1' });
    const receipt = await site.tell(notificationOf(7, SICK), create);
    expect(receipt).toMatchObject({
      differences: [],
      remarks: ['an employee was created with the employment', 'a course was added'],
    });
    await site.tell(notificationOf(7, SICK), create);
    expect(writes()).toEqual(['POST /employee', 'POST /absence-course']);
    expect(site.simulator.employees().map(({ externalKey }) => externalKey)).toEqual(['E-1', 'E-7']);
  });

  it('is not created without what is required, and every missing field is named', async () => {
    await open();
    const { employee, ...rest } = notificationOf(7, SICK);
    const { initials, gender, addresses, ...others } = employee as JsonObject;
    const words = await failure(
      site.tell({ ...rest, employee: { ...others, gender: 'unknown' }, employment: { id: 'D-7' } }, create),
    );
    expect(words).toContain(
      'without employment.startDate, employment.contractHours, employment.unitCode, employee.initials, employee.gender, employee.addresses[].street, employee.addresses[].houseNumber, employee.addresses[].postcode, employee.addresses[].town.',
    );
    expect(writes()).toEqual([]);
  });

  it('is not created for a unit that nobody knows there', async () => {
    await open();
    expect(await failure(site.tell(notificationOf(7, SICK), create))).toMatch(
      /^TARGET_UNKNOWN_EMPLOYMENT: .* Is its unit known there\?/,
    );
  });

  it('is never created by anything but a sick report', async () => {
    await open();
    site.simulator.addUnit({ externalKey: 'U-1' });
    expect(await failure(site.tell(notificationOf(7, HALF), create))).toMatch(/^TARGET_UNKNOWN_EMPLOYMENT: /);
    expect(writes()).toEqual([]);
  });
});

describe('changed data of the employee', () => {
  const CHANGE: Told = { ...SICK, kind: 'EmployeeChange', sequence: 2 };

  it('stay here unless the connection sends them, and nothing about the absence is sent again', async () => {
    await open();
    await tell(SICK);
    const receipt = await tell(CHANGE);
    // Not confirmed: what was not sent is not there.
    expect(receipt.differences).toBeUndefined();
    expect(receipt.remarks?.join()).toContain('nothing was sent');
    expect(writes()).toEqual(['POST /absence-course']);
  });

  it('are sent where the connection says so: names, address, numbers', async () => {
    await open();
    await tell(SICK);
    const receipt = await tell(CHANGE, { employeeChanges: 'send' });
    expect(receipt.differences).toEqual([]);
    expect(receipt.remarks).toContain('job, hours, unit and dates of the employment were not sent');
    expect(site.simulator.employees()[0]).toMatchObject({
      person: { lastName: 'Marked-surname' },
      address: { city: 'Marked-town' },
      communicationMethods: { privateMobile: '0600000000' },
    });
    expect(writes().slice(1)).toEqual(['PATCH /employee']);
  });

  it('another personnel number goes to the employment', async () => {
    await open();
    await tell(SICK);
    const notification = notificationOf(1, CHANGE);
    const employment = { ...(notification.employment as JsonObject), personnelNumber: 'P-2' };
    await site.tell({ ...notification, employment }, { employeeChanges: 'send' });
    expect(site.simulator.employments()[0]?.employeeNumber).toBe('P-2');
  });

  it('that are refused with a change of the absence are a difference: the absence is told', async () => {
    await open();
    await tell(SICK);
    site.proxy.arm(
      {
        kind: 'status',
        status: 400,
        body: '{"errors":{"code":"REQ_00001","message":"m","detail":["Marked"]}}',
      },
      { match: (method, path) => method === 'PATCH' && path === '/employee' },
    );
    const receipt = await tell(HALF, { employeeChanges: 'send' });
    expect(receipt.differences).toEqual(['employee']);
    expect(receipt.remarks?.join()).toContain('status 400, code REQ_00001');
    expect(receipt.remarks?.join()).not.toContain('Marked');
    expect(courses()).toHaveLength(2);
  });
});

describe('rights', () => {
  it('a connection that may not create employees holds the one report, with the reason', async () => {
    await open();
    site.simulator.addUnit({ externalKey: 'U-1' });
    const refusal = { kind: 'status', status: 403, body: '{"error":"insufficient_scope"}' } as const;
    site.proxy.arm(refusal, { match: (method, path) => method === 'POST' && path === '/employee' });
    const unknown = site.tell(notificationOf(2, SICK), { createMissing: true });
    expect(await failure(unknown)).toMatch(/^TARGET_UNKNOWN_EMPLOYMENT: .*POST \/employee gave status 403/);
  });

  it.each(['/employee', '/employment'])(
    'a connection that may not write to %s tells so: no route stops for data of the employee',
    async (path) => {
      await open();
      await tell(SICK);
      const refusal = { kind: 'status', status: 403, body: '{"error":"insufficient_scope"}' } as const;
      const match = (method: string, called: string) => method === 'PATCH' && called === path;
      site.proxy.arm(refusal, { times: Number.POSITIVE_INFINITY, match });
      const notification = notificationOf(1, { ...SICK, kind: 'EmployeeChange', sequence: 2 });
      const employment = { ...(notification.employment as JsonObject), personnelNumber: 'P-2' };
      const receipt = await site.tell({ ...notification, employment }, { employeeChanges: 'send' });
      expect(receipt.differences).toEqual(['employee']);
      expect(receipt.remarks?.join()).toContain(`PATCH ${path} gave status 403`);
    },
  );

  it('a connection without a right for dossiers tells so, and its route goes on', async () => {
    await open();
    await tell(SICK);
    site.proxy.arm(
      { kind: 'status', status: 403 },
      {
        times: Number.POSITIVE_INFINITY,
        match: (_, path) => path.startsWith('/dossier'),
      },
    );
    const receipt = await tell(WITHDRAWN);
    expect(receipt.differences).toEqual(['dossier: dossierStatus']);
    expect(receipt.remarks?.join()).toContain('the dossier could not be read');
    expect(courses()).toEqual([]);
  });

  it('a token that is revoked is replaced', async () => {
    await open();
    await tell(SICK);
    site.simulator.revokeTokens();
    expect(await tell(HALF)).toMatchObject({ differences: [] });
  });
});
