// The whole life of a case from the HR system's API to the arbodienst's, with the process killed in the middle of every
// step: while it reads, and right after it changed something at the arbodienst.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/connector.js';
import { onDay, recoveredOn } from '../support/absence-messages.js';
import { runChild, startChild, until } from '../support/child.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { startVismaLink, type VismaLink } from '../support/visma-link.js';

const PHONE = '06 00000001';
const NEW_PHONE = { communications: [{ kind: '07', value: PHONE }] };
const RECOVERED: JsonObject = recoveredOn('2026-03-16', 3);
const MOVED: JsonObject = {
  ...RECOVERED,
  processing: '05',
  sequence: '4',
  firstDay: '2026-02-27',
  previousFirstDay: '2026-03-02',
};

interface Step {
  readonly name: string;
  readonly says: Readonly<Record<string, JsonObject>>;
  /** First day and recovery percentage of the courses that the arbodienst has afterwards. */
  readonly courses: readonly (readonly [string, number])[];
  readonly kind: string;
  /** The call that changes something there. */
  readonly writes: { readonly method: string; readonly path: string };
}

const COURSE = '/absence-course';
const STEPS: readonly Step[] = [
  {
    name: 'reported',
    says: {},
    courses: [['2026-03-02', 0]],
    kind: 'SickReport',
    writes: { method: 'POST', path: COURSE },
  },
  {
    name: 'with another phone number',
    says: { employee: NEW_PHONE, absence: { processing: '04' } },
    courses: [['2026-03-02', 0]],
    kind: 'EmployeeChange',
    writes: { method: 'PATCH', path: '/employee' },
  },
  {
    name: 'back for half',
    says: { employee: NEW_PHONE, absence: onDay('2026-03-09', '50.00', 2) },
    courses: [
      ['2026-03-02', 0],
      ['2026-03-09', 50],
    ],
    kind: 'AbsenceChange',
    writes: { method: 'POST', path: COURSE },
  },
  {
    name: 'fully back',
    says: { employee: NEW_PHONE, absence: RECOVERED },
    courses: [
      ['2026-03-02', 0],
      ['2026-03-09', 50],
      ['2026-03-16', 100],
    ],
    kind: 'Recovery',
    writes: { method: 'POST', path: COURSE },
  },
  {
    name: 'with an earlier first day',
    says: { employee: NEW_PHONE, absence: MOVED },
    courses: [
      ['2026-02-27', 0],
      ['2026-03-09', 50],
      ['2026-03-16', 100],
    ],
    kind: 'Correction',
    writes: { method: 'PATCH', path: COURSE },
  },
  {
    name: 'withdrawn',
    says: {
      employee: NEW_PHONE,
      absence: { ...MOVED, previousFirstDay: undefined, processing: '03', sequence: '5' },
    },
    courses: [],
    kind: 'Withdrawal',
    writes: { method: 'DELETE', path: COURSE },
  },
];

describe('the life of a case between two Visma systems', () => {
  let link: VismaLink;

  beforeAll(async () => {
    link = await startVismaLink({
      settings: { arbodienst: { employeeChanges: 'send' } },
      route: { privacy: { partialPercentage: 'allow' } },
    });
    link.arbodienst.addEmployee({ externalKey: 'E-1' });
    link.arbodienst.addEmployment({ employee: 'E-1', externalKey: 'DV-1' });
  }, 180_000);

  afterAll(() => link.close());

  it.each(STEPS)(
    '$name: killed while it reads and right after it wrote, and the arbodienst has it once',
    async ({ says, courses, kind, writes }) => {
      const { at, arbodienst, toHr, toArbodienst } = link;
      link.say(1, says);
      const before = arbodienst.calls.length;
      await killedAt(toHr, 'GET', '/api/');
      await killedAt(toArbodienst, writes.method, writes.path);
      await untilAllDelivered();
      expect(arbodienst.courses().map((course) => [course.dateStart, course.recoveryPercentage])).toEqual(
        courses,
      );
      const made = arbodienst.calls.slice(before).filter(({ method }) => method !== 'GET');
      expect(made.filter(({ status }) => (status ?? 500) >= 400)).toEqual([]);
      if (kind === 'EmployeeChange') {
        expect(made.filter(({ path }) => path.startsWith(COURSE))).toEqual([]);
        expect(JSON.stringify(arbodienst.employees())).toContain(PHONE);
      }
      expect(await deliveredKinds()).toEqual(
        STEPS.slice(0, STEPS.findIndex((step) => step.kind === kind) + 1).map((step) => step.kind),
      );
      expect((await at.run('audit', 'verify')).exit).toBe(0);
    },
    120_000,
  );

  it('no course was ever made twice, and the case that was withdrawn is closed', () => {
    const { calls } = link.arbodienst;
    const posts = calls.filter(
      ({ method, path, status }) => method === 'POST' && path === COURSE && status === 201,
    );
    expect(posts).toHaveLength(3);
    expect(link.arbodienst.dossiers().map(({ dossierStatus }) => dossierStatus)).toEqual(['completed']);
    expect(link.arbodienst.openCases('2026-12-31')).toEqual([]);
  });

  /** Starts the product and kills it once such a call has reached the system and was done there, before the answer. */
  async function killedAt(proxy: FaultProxy, method: string, path: string): Promise<void> {
    const isIt = (each: { method: string; path: string }) =>
      each.method === method && each.path.startsWith(path);
    const before = proxy.calls.filter(isIt).length;
    proxy.arm({ kind: 'silence-after' }, { match: (...call) => isIt({ method: call[0], path: call[1] }) });
    const answered = link.arbodienst.calls.length;
    const { child, exit } = startChild(['run', '--once', '--config', link.at.config]);
    await until(`${method} ${path} was made`, () => proxy.calls.filter(isIt).length > before);
    if (proxy === link.toArbodienst)
      await until('it was done there', () =>
        link.arbodienst.calls.slice(answered).some((call) => isIt(call) && call.status !== null),
      );
    child.kill('SIGKILL');
    await exit;
    proxy.disarm();
  }

  async function untilAllDelivered(): Promise<void> {
    for (let round = 0; round < 10; round += 1) {
      const { exit } = await runChild(['run', '--once', '--config', link.at.config]);
      if (exit === 0) return;
    }
    throw new Error((await link.at.run('status')).out);
  }

  /** By the audit, which holds what was confirmed and in which order. */
  async function deliveredKinds(): Promise<string[]> {
    const rows = (await link.at.run('audit', 'export')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const kinds = new Map(
      rows.filter(({ details }) => details?.kind).map((row) => [row.deliveryId, row.details.kind]),
    );
    return rows.filter(({ action }) => action === 'confirmed').map(({ deliveryId }) => kinds.get(deliveryId));
  }
});
