// One receiver, several employers: whose employment and whose employee a delivery to Visma Verzuim may touch.
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
const WITHIN = { employerKey: 'employer.id' };
const WIDEST = { ...WITHIN, createMissing: true, employeeChanges: 'send' };

/** Employers W-1 and W-2 with a unit each, `U-1` and `U-2`; both know an employment by the key D-1. */
async function open(options: Parameters<VerzuimBench['site']>[0] = {}): Promise<void> {
  site = await bench.site(options);
  for (const number of [1, 2]) {
    site.simulator.addEmployer({ externalKey: `W-${number}` });
    site.simulator.addUnit({ externalKey: `U-${number}`, employer: `W-${number}` });
  }
}

function know(employee: string, employment: string, unit: string): void {
  const id = site.simulator.addEmployee({ externalKey: employee, person: { lastName: 'Bekend' } });
  site.simulator.addEmployment({ employee: id, externalKey: employment, unit });
}

/** The report of employee E-1 by this employer, about this employment. */
function reportOf(employer: string, id: string, told: Told = SICK): JsonObject {
  const notification = notificationOf(1, told);
  const employment = { ...(notification.employment as JsonObject), id };
  return { ...notification, employer: { id: employer, name: 'Voorbeeld' }, employment };
}

async function failure(delivery: Promise<unknown>): Promise<string> {
  const error = await delivery.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodedError)) throw new Error(`no coded error: ${String(error)}`);
  return `${error.code}: ${error.message} ${error.problems.map(({ detail }) => detail).join(' ')}`;
}

const writes = () =>
  site.simulator.calls
    .filter(({ method, path }) => method !== 'GET' && path !== '/auth/token')
    .map(({ method, path }) => `${method} ${path}`);

describe('employments with the same key at two employers', () => {
  it('are told apart by the employer', async () => {
    await open({ rules: { duplicateKeys: 'accept' } });
    know('E-9', 'D-1', 'U-1');
    know('E-1', 'D-1', 'U-2');
    await site.tell(reportOf('W-2', 'D-1'), WITHIN);
    const second = site.simulator.employments()[1]?.id;
    expect(site.simulator.courses()).toMatchObject([{ employmentId: second, externalKey: 'W-2:C-1/1' }]);
  });

  it('of another employer is nobody', async () => {
    await open();
    know('E-1', 'D-1', 'U-1');
    expect(await failure(site.tell(reportOf('W-2', 'D-1'), WITHIN))).toMatch(/^TARGET_UNKNOWN_EMPLOYMENT: /);
    expect(writes()).toEqual([]);
  });
});

describe('an employee of another employer', () => {
  it('gets no employment', async () => {
    await open();
    know('E-1', 'D-1', 'U-1');
    expect(await failure(site.tell(reportOf('W-2', 'D-2'), WIDEST))).toMatch(
      /^TARGET_UNKNOWN_EMPLOYMENT: .* of this employer/,
    );
    expect(writes()).toEqual([]);
  });

  it('gets none either where the receiver does not know employers by our id: nothing shows whose it is', async () => {
    await open();
    know('E-1', 'D-1', 'U-1');
    const report = site.tell(reportOf('W-2', 'D-2'), { createMissing: true });
    expect(await failure(report)).toMatch(/^TARGET_UNKNOWN_EMPLOYMENT: .* employerKey/);
    expect(writes()).toEqual([]);
  });

  it('is not changed: the absence is told, and the rest is a difference', async () => {
    await open();
    know('E-1', 'D-1', 'U-1');
    know('E-2', 'D-2', 'U-2');
    const receipt = await site.tell(reportOf('W-2', 'D-2'), { ...WITHIN, employeeChanges: 'send' });
    expect(receipt.differences).toEqual(['employee']);
    expect(receipt.remarks?.join()).toContain('that employee');
    expect(writes()).toEqual(['POST /absence-course']);
  });

  it('an employee without a key is not asked for, and not changed', async () => {
    await open();
    know('E-1', 'D-1', 'U-1');
    const { id: _id, ...employee } = reportOf('W-1', 'D-1').employee as JsonObject;
    const receipt = await site.tell({ ...reportOf('W-1', 'D-1'), employee }, { employeeChanges: 'send' });
    expect(receipt.differences).toEqual(['employee']);
    expect(writes()).toEqual(['POST /absence-course']);
    expect(site.simulator.calls.flatMap(({ query }) => query)).not.toContain('filter[employeeKey]');
  });
});

describe('an employee of this employer', () => {
  it('gets another employment', async () => {
    await open();
    know('E-1', 'D-0', 'U-1');
    const receipt = await site.tell(reportOf('W-1', 'D-1'), WIDEST);
    expect(receipt).toMatchObject({
      differences: [],
      remarks: expect.arrayContaining(['an employment was created']),
    });
    expect(writes()).toEqual(['POST /employment', 'POST /absence-course', 'PATCH /employee']);
  });

  it('who is created by somebody else meanwhile is used', async () => {
    await open();
    const lookedAt = site.proxy.calls;
    site.proxy.arm(
      { kind: 'status', status: 400 },
      {
        match: (method, path) => {
          const isIt = method === 'POST' && path === '/employee';
          if (isIt) know('E-1', 'D-1', 'U-1');
          return isIt;
        },
      },
    );
    const receipt = await site.tell(reportOf('W-1', 'D-1'), { ...WITHIN, createMissing: true });
    expect(receipt.differences).toEqual([]);
    expect(lookedAt.filter(({ method, path }) => method === 'POST' && path === '/employee')).toHaveLength(1);
    expect(site.simulator.employees()).toHaveLength(1);
  });

  it('who is created with another employment meanwhile gets this one too', async () => {
    await open();
    site.proxy.arm(
      { kind: 'status', status: 400 },
      {
        match: (method, path) => {
          const isIt = method === 'POST' && path === '/employee';
          if (isIt) know('E-1', 'D-0', 'U-1');
          return isIt;
        },
      },
    );
    const receipt = await site.tell(reportOf('W-1', 'D-1'), { ...WITHIN, createMissing: true });
    expect(receipt).toMatchObject({
      differences: [],
      remarks: ['an employment was created', 'a course was added'],
    });
    expect(writes()).toEqual(['POST /employment', 'POST /absence-course']);
  });
});

describe('a case whose employment is corrected', () => {
  const held = () =>
    site.simulator.courses().map(({ employmentKey, externalKey }) => `${employmentKey} ${externalKey}`);
  const states = () =>
    site.simulator.dossiers().map(({ employmentKey, dossierStatus, closureReason }) => {
      return `${employmentKey} ${dossierStatus} ${closureReason}`;
    });
  const begin = async () => {
    await open();
    for (const number of [1, 2, 3]) know(`E-${number}`, `D-${number}`, 'U-1');
    await site.tell(reportOf('W-1', 'D-1'));
  };

  it('moves with a resend, and again with the next', async () => {
    await begin();
    expect((await site.tell(reportOf('W-1', 'D-2', { ...SICK, sequence: 4 }))).differences).toEqual([]);
    expect(held()).toEqual(['D-2 W-1:C-1/4']);
    expect((await site.tell(reportOf('W-1', 'D-3', { ...SICK, sequence: 6 }))).differences).toEqual([]);
    expect(held()).toEqual(['D-3 W-1:C-1/6']);
    expect(states()).toEqual(['D-1 completed cancelled', 'D-2 completed cancelled', 'D-3 open null']);
  });

  it('leaves nothing behind when it is withdrawn', async () => {
    await begin();
    const withdrawn: Told = { ...SICK, kind: 'Withdrawal', sequence: 3 };
    expect((await site.tell(reportOf('W-1', 'D-2', withdrawn))).differences).toEqual([]);
    expect(held()).toEqual([]);
    expect(states()).toEqual(['D-1 completed cancelled']);
  });

  it('leaves no open dossier when the withdrawal broke off after the courses', async () => {
    await begin();
    const withdrawn: Told = { ...SICK, kind: 'Withdrawal', sequence: 3 };
    site.proxy.arm({ kind: 'status', status: 500 }, { match: (method) => method === 'PATCH' });
    await failure(site.tell(reportOf('W-1', 'D-2', withdrawn)));
    expect((await site.tell(reportOf('W-1', 'D-2', withdrawn))).differences).toEqual([]);
    expect(states()).toEqual(['D-1 completed cancelled']);
  });

  it('keeps what it has there until the new course is taken', async () => {
    await begin();
    site.proxy.arm(
      { kind: 'status', status: 400 },
      {
        times: Number.POSITIVE_INFINITY,
        match: (method, path) => method === 'POST' && path === '/absence-course',
      },
    );
    await failure(site.tell(reportOf('W-1', 'D-2', { ...SICK, sequence: 4 })));
    expect(held()).toEqual(['D-1 W-1:C-1/1']);
  });
});
