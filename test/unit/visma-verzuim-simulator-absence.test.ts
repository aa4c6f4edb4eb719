// The simulated Visma Verzuim: absence courses and dossiers by the documented rules, through the validating proxy.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openVerzuimBench, type VerzuimAnswer, type VerzuimBench } from '../support/verzuim-bench.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

async function withOneEmployee(options?: Parameters<VerzuimBench['start']>[0]) {
  await bench.start(options);
  bench.simulator.addEmployee({ externalKey: 'p-1' });
  return bench.simulator.addEmployment({ employee: 'p-1', externalKey: 'e-1', employeeNumber: '1001' });
}

const post = (dateStart: string, recoveryPercentage: number, more: object = {}) =>
  bench.call('POST', '/absence-course', {
    body: { employmentKey: 'e-1', dateStart, recoveryPercentage, ...more },
  });
const patch = (body: object) => bench.call('PATCH', '/absence-course', { body });
const remove = (id: string) => bench.call('DELETE', `/absence-course/${id}`);
const coded = ({ status, body }: VerzuimAnswer) => [status, body.errors.code];
const dossier = () => bench.simulator.dossiers().at(-1);
const now = () => bench.simulator.openCases('2026-12-31');

describe('the life of a case', () => {
  beforeEach(() => withOneEmployee());

  it('is reported, half recovered, fully recovered, moved, and withdrawn', async () => {
    const reported = await post('2026-03-02', 0, {
      externalKey: 'case-7/1',
      setDossierKey: 'case-7',
      newDossier: true,
    });
    expect(reported.status).toBe(201);
    expect(reported.body).toMatchObject({ message: 'success', status: 201, errors: [] });
    expect(reported.body.data).toMatchObject({
      externalKey: 'case-7/1',
      employmentExternalKey: 'e-1',
      employeeExternalKey: 'p-1',
      dateReported: '2026-03-02',
      recoveryPercentage: 0,
      dateEnd: null,
      dossier: null,
    });
    const course = await bench.call('GET', '/absence-course', {
      query: { 'filter[externalKey]': 'case-7/1', include: 'dossier' },
    });
    expect(course.body.data[0]?.dossier).toMatchObject({ externalKey: 'case-7', dossierStatus: 'open' });
    expect(now()).toEqual([
      { employmentKey: 'e-1', dossierKey: 'case-7', firstDay: '2026-03-02', recoveryPercentage: 0 },
    ]);

    expect((await post('2026-03-09', 50, { externalKey: 'case-7/2', newDossier: false })).status).toBe(201);
    expect(now()).toMatchObject([{ firstDay: '2026-03-02', recoveryPercentage: 50 }]);

    const recovery = await post('2026-03-16', 100, { externalKey: 'case-7/3', recoveryReason: 'recovered' });
    expect(recovery.status).toBe(201);
    expect(dossier()).toMatchObject({ dossierStatus: 'completed', dateEnd: '2026-03-16' });
    expect(now()).toEqual([]);

    const moved = await patch({ key: 'case-7/1', dateStart: '2026-02-27' });
    expect(moved.body.data).toMatchObject({ dateStart: '2026-02-27', dateEnd: '2026-03-09' });
    const dossiers = await bench.call('GET', '/dossier/illness', {
      query: { 'filter[externalKey]': 'case-7', include: 'absenceCourses,employment' },
    });
    expect(dossiers.body.data[0]?.absenceCourses.map(({ dateStart }) => dateStart)).toEqual([
      '2026-02-27',
      '2026-03-09',
      '2026-03-16',
    ]);
    expect(dossiers.body.data[0]?.employment.externalKey).toBe('e-1');

    expect((await remove(recovery.body.data.id)).body).toMatchObject({ message: 'success', status: 200 });
    expect(dossier()).toMatchObject({ dossierStatus: 'open', dateEnd: null });
    for (const { id } of [...bench.simulator.courses()].reverse())
      expect((await remove(id)).status).toBe(200);
    expect(bench.simulator.courses()).toEqual([]);
    expect(dossier()).toMatchObject({ dossierStatus: 'open' });

    const closed = await bench.call('PATCH', '/dossier/illness', {
      body: { id: dossier()?.id, dossierStatus: 'completed', dossierClosureReason: 'cancelled' },
    });
    expect(closed.body.data).toMatchObject({ externalKey: 'case-7', dossierStatus: 'completed' });
    expect(now()).toEqual([]);
  });

  it('goes on in a new dossier after a cancelled one', async () => {
    const { body } = await post('2026-03-02', 0, { setDossierKey: 'case-7' });
    await remove(body.data.id);
    await bench.call('PATCH', '/dossier/illness', {
      body: { id: dossier()?.id, dossierStatus: 'completed', dossierClosureReason: 'cancelled' },
    });
    await post('2026-03-03', 0, { setDossierKey: 'case-8' });
    expect(now()).toMatchObject([{ dossierKey: 'case-8', firstDay: '2026-03-03' }]);
  });

  it('a course that starts in the future is not the state of today', async () => {
    await post('2026-03-02', 0, { setDossierKey: 'case-7' });
    await post('2026-03-20', 50);
    expect(bench.simulator.openCases('2026-03-19')).toMatchObject([{ recoveryPercentage: 0 }]);
    expect(bench.simulator.openCases('2026-03-20')).toMatchObject([{ recoveryPercentage: 50 }]);
    expect(bench.simulator.openCases('2026-03-01')).toEqual([]);
  });

  it('script tags are taken out of texts', async () => {
    await post('2026-03-02', 0, { externalKey: 'case<script src="x">-7</SCRIPT>/1' });
    expect(bench.simulator.courses()).toMatchObject([{ externalKey: 'case-7/1' }]);
  });

  it('changes by others follow the same rules', () => {
    const { others } = bench.simulator;
    const body = { employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: 0, externalKey: 'o' };
    const id = others.postCourse(body);
    others.patchCourse({ key: 'o', recoveryPercentage: 40 });
    expect(now()).toMatchObject([{ recoveryPercentage: 40 }]);
    others.deleteCourse(id);
    expect(now()).toEqual([]);
  });
});

describe('what is refused', () => {
  beforeEach(() => withOneEmployee());

  it('a second course on one day of a dossier, by POST and by PATCH', async () => {
    await post('2026-03-02', 0);
    expect(coded(await post('2026-03-02', 50))).toEqual([400, 'SIM_SAME_DAY']);
    await post('2026-03-03', 50, { externalKey: 'k' });
    expect(coded(await patch({ key: 'k', dateStart: '2026-03-02' }))).toEqual([400, 'SIM_SAME_DAY']);
    expect((await patch({ key: 'k', dateStart: '2026-03-03' })).status).toBe(200);
    expect(bench.simulator.courses()).toHaveLength(2);
  });

  it('a used external key, unless the rules accept it', async () => {
    await post('2026-03-02', 0, { externalKey: 'k', setDossierKey: 'd' });
    expect(coded(await post('2026-03-03', 0, { externalKey: 'k' }))).toEqual([400, 'SIM_DUPLICATE_KEY']);
    await withOneEmployee({ rules: { duplicateKeys: 'accept' } });
    await post('2026-03-02', 0, { externalKey: 'k' });
    expect((await post('2026-03-03', 0, { externalKey: 'k' })).status).toBe(201);
    const found = await bench.call('GET', '/absence-course', { query: { 'filter[externalKey]': 'k' } });
    expect(found.body.meta.total).toBe(2);
  });

  it('a dossier key that another dossier has', async () => {
    bench.simulator.addEmployment({ employee: 'p-1', externalKey: 'e-2' });
    await post('2026-03-02', 0, { setDossierKey: 'd' });
    const second = await post('2026-03-02', 0, { setDossierKey: 'd', employmentKey: 'e-2' });
    expect(coded(second)).toEqual([400, 'SIM_DUPLICATE_KEY']);
  });

  it('a recovery where nobody is absent', async () => {
    expect(coded(await post('2026-03-02', 100))).toEqual([400, 'SIM_NOTHING_TO_RECOVER']);
  });

  it('a recovery reason at a lower percentage than 100, by PATCH', async () => {
    await post('2026-03-02', 0, { externalKey: 'k' });
    const reason = await patch({ key: 'k', recoveryReason: 'recovered' });
    expect(coded(reason)).toEqual([400, 'REQ_00001']);
    await post('2026-03-09', 100, { externalKey: 'r', recoveryReason: 'recovered' });
    expect(coded(await patch({ key: 'r', recoveryPercentage: 50 }))).toEqual([400, 'REQ_00001']);
    expect((await patch({ key: 'r', recoveryPercentage: 50, recoveryReason: null })).status).toBe(200);
    expect(dossier()).toMatchObject({ dossierStatus: 'open' });
  });

  it('an unknown employment, course, reason; as 404 where the rules say so', async () => {
    const elsewhere = '7f0c33ab-6a52-4a9e-9d1f-0f6a3f6f1d11';
    expect((await post('2026-03-02', 0, { employmentKey: 'e-9' })).status).toBe(400);
    expect((await post('2026-03-02', 0, { absenceReasonCode: 'unknown' })).status).toBe(400);
    expect((await patch({ key: 'none', recoveryPercentage: 5 })).status).toBe(400);
    expect((await remove(elsewhere)).status).toBe(400);
    await withOneEmployee({ rules: { unknownRow: 404 } });
    expect((await remove(elsewhere)).status).toBe(404);
  });

  it('a course in the future and a new dossier beside an open one, where the rules say so', async () => {
    await withOneEmployee({ rules: { futureCourses: 'refuse', newDossierWhileOpen: 'refuse' } });
    expect(coded(await post('2026-03-03', 0))).toEqual([400, 'SIM_FUTURE']);
    await post('2026-03-01', 0);
    expect(coded(await post('2026-03-02', 0, { newDossier: true }))).toEqual([400, 'SIM_DOSSIER_OPEN']);
    expect((await post('2026-03-02', 50, { newDossier: false })).status).toBe(201);
  });

  it.each([
    { employmentKey: 'e-1', dateStart: '2026-03-02' },
    { employmentKey: 'e-1', recoveryPercentage: 0 },
    { dateStart: '2026-03-02', recoveryPercentage: 0 },
    { employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: 101 },
    { employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: 33.3 },
    { employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: '50' },
    { employmentKey: 'e-1', dateStart: '2026-02-30', recoveryPercentage: 0 },
    { employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: 0, safetyNet: 'flu' },
    {
      employmentKey: 'e-1',
      employmentId: '7f0c33ab-6a52-4a9e-9d1f-0f6a3f6f1d11',
      dateStart: '2026-03-02',
      recoveryPercentage: 0,
    },
  ])('without the proxy as well: %j', async (body) => {
    expect(coded(await bench.call('POST', '/absence-course', { body, direct: true }))).toEqual([
      400,
      'REQ_00001',
    ]);
    await expect(bench.call('POST', '/absence-course', { body })).rejects.toThrow(/UNPROCESSABLE|VIOLATIONS/);
    expect(bench.simulator.courses()).toEqual([]);
  });

  it('a course that is named by nothing or by two names', async () => {
    await post('2026-03-02', 0, { externalKey: 'k' });
    const id = bench.simulator.courses()[0]?.id;
    for (const name of [{}, { id, key: 'k' }]) {
      const body = { ...name, recoveryPercentage: 10 };
      expect((await bench.call('PATCH', '/absence-course', { body, direct: true })).status).toBe(400);
    }
  });

  it('a body that is not JSON', async () => {
    const sent = { body: 'dateStart=2026-03-02', direct: true };
    const text = await bench.call('POST', '/absence-course', {
      ...sent,
      headers: { 'content-type': 'text/plain' },
    });
    expect(text.status).toBe(415);
    expect((await bench.call('POST', '/absence-course', sent)).status).toBe(400);
  });
});

describe('the 28 days', () => {
  async function relapse(day: string, rules: object = {}) {
    await withOneEmployee({ rules });
    await post('2026-01-05', 0, { setDossierKey: 'case-1' });
    await post('2026-01-12', 100);
    await post(day, 0, { setDossierKey: 'case-2', newDossier: true });
    return bench.simulator.dossiers();
  }

  it('a relapse on the 27th day joins the old dossier: compiled, its own key kept, open again', async () => {
    expect(await relapse('2026-02-08')).toMatchObject([
      {
        externalKey: 'case-1',
        dossierStatus: 'open',
        compiled: true,
        dateStart: '2026-01-05',
        dateEnd: null,
      },
    ]);
    expect(now()).toMatchObject([{ dossierKey: 'case-1', firstDay: '2026-01-05' }]);
  });

  it('a relapse on the 28th day opens a new one', async () => {
    expect(await relapse('2026-02-09')).toMatchObject([
      { externalKey: 'case-1', dossierStatus: 'completed', compiled: false },
      { externalKey: 'case-2', dossierStatus: 'open', compiled: false },
    ]);
  });

  it('the day they count from and their number are choices', async () => {
    expect(await relapse('2026-02-08', { compileCountsFrom: 'last-sick-day' })).toHaveLength(2);
    expect(await relapse('2026-02-07', { compileCountsFrom: 'last-sick-day' })).toHaveLength(1);
    expect(await relapse('2026-02-09', { compileDays: 29 })).toHaveLength(1);
  });

  it('an absence shortly before an ended one joins it', async () => {
    expect(await relapse('2026-01-02')).toMatchObject([
      { externalKey: 'case-1', dossierStatus: 'completed' },
    ]);
    expect(await relapse('2025-11-01')).toHaveLength(2);
  });

  it('another employment has dossiers of its own', async () => {
    await relapse('2026-02-08');
    bench.simulator.addEmployment({ employee: 'p-1', externalKey: 'e-2' });
    await post('2026-02-08', 0, { employmentKey: 'e-2', setDossierKey: 'other' });
    expect(bench.simulator.dossiers()).toMatchObject([{ employmentKey: 'e-1' }, { employmentKey: 'e-2' }]);
  });
});

describe('open questions are choices', () => {
  it.each([
    ['open', [{ dossierStatus: 'open' }]],
    ['completed', [{ dossierStatus: 'completed', closureReason: 'cancelled' }]],
    ['removed', []],
  ] as const)('a dossier without courses: %s', async (emptyDossier, left) => {
    await withOneEmployee({ rules: { emptyDossier } });
    const { body } = await post('2026-03-02', 0);
    await remove(body.data.id);
    expect(bench.simulator.dossiers()).toMatchObject(left);
    expect(bench.simulator.dossiers()).toHaveLength(left.length);
  });

  it.each([
    [true, '2026-02-27'],
    [false, '2026-03-02'],
  ])('the first day of the dossier follows its first course: %s', async (firstDayMovesDossier, day) => {
    await withOneEmployee({ rules: { firstDayMovesDossier } });
    await post('2026-03-02', 0, { externalKey: 'k' });
    await patch({ key: 'k', dateStart: '2026-02-27' });
    expect(dossier()).toMatchObject({ dateStart: day });
  });

  it('relations come unasked, with POST too', async () => {
    await withOneEmployee({ rules: { relations: 'always' }, planted: 'kweepeer' });
    const { body } = await post('2026-03-02', 0, { setDossierKey: 'd' });
    expect(body.data.dossier.externalKey).toBe('d');
    expect(body.data.absenceReason.name).toBe('kweepeer-name');
  });
});

describe('dossiers', () => {
  it('take what a PATCH brings; the status by hand stays until a new course', async () => {
    await withOneEmployee();
    await post('2026-03-02', 0, { externalKey: 'k' });
    const changes = { externalKey: 'd', dateStart: '2026-03-01', expectedDurationDays: 9, pa: true };
    const id = dossier()?.id;
    const patched = await bench.call('PATCH', '/dossier/illness', { body: { id, ...changes } });
    expect(patched.body.data).toMatchObject({ ...changes, dossierStatus: 'open' });
    await bench.call('PATCH', '/dossier/illness', { body: { id, dossierStatus: 'completed' } });
    await patch({ key: 'k', recoveryPercentage: 10 });
    expect(dossier()).toMatchObject({ dossierStatus: 'completed', setByHand: true, dateEnd: '2026-03-02' });
    expect(now()).toEqual([]);
    await post('2026-03-05', 20);
    expect(bench.simulator.dossiers()).toMatchObject([{ dossierStatus: 'open', setByHand: false }]);
  });

  it('and courses are found by every filter', async () => {
    const employmentId = await withOneEmployee();
    bench.simulator.addReason({ code: 'r1' });
    await post('2026-03-02', 0, { externalKey: 'k/1', setDossierKey: 'k', absenceReasonCode: 'r1' });
    bench.clock.advance(60_000);
    await post('2026-03-09', 50, { externalKey: 'k/2', migrationKey: 'm' });
    const found = async (query: Record<string, string>, path = '/absence-course') => {
      const { body } = await bench.call('GET', path, { query: { sort: 'dateStart', ...query } });
      return body.data.map(({ externalKey }) => externalKey).join(' ');
    };
    const [course] = bench.simulator.courses();
    expect(await found({ 'filter[dossierKey]': 'k' })).toBe('k/1 k/2');
    expect(await found({ 'filter[dossierKey]': 'k', sort: '-dateStart' })).toBe('k/2 k/1');
    expect(await found({ 'filter[dossierId]': dossier()?.id ?? '' })).toBe('k/1 k/2');
    expect(await found({ 'filter[id]': course?.id ?? '' })).toBe('k/1');
    expect(await found({ 'filter[employmentId]': employmentId })).toBe('k/1 k/2');
    expect(await found({ 'filter[employeeId]': bench.simulator.employees()[0]?.id ?? '' })).toBe('k/1 k/2');
    expect(await found({ 'filter[employeeNumber]': '1002' })).toBe('');
    expect(await found({ 'filter[migrationKeyEmpty]': 'true' })).toBe('k/1');
    expect(await found({ 'filter[migrationKey]': 'm' })).toBe('k/2');
    expect(await found({ 'filter[absenceReasonId]': course?.absenceReasonId ?? '' })).toBe('k/1');
    expect(await found({ 'filter[dateStartFrom]': '2026-03-03T00:00:00+01:00' })).toBe('k/2');
    expect(await found({ 'filter[dateStartUntil]': '2026-03-03T00:00:00+01:00' })).toBe('k/1');
    expect(await found({ 'filter[dateEndFrom]': '2026-03-09T00:00:00+01:00' })).toBe('k/1');
    expect(await found({ 'filter[dateEndUntil]': '2026-03-08T00:00:00+01:00' })).toBe('');
    // The clock starts at 09:30:00 UTC; winter time is one hour ahead.
    expect(await found({ 'filter[dateUpdatedFrom]': '2026-03-02T10:31:00+01:00' })).toBe('k/2');
    expect(await found({ 'filter[dateUpdatedUntil]': '2026-03-02T09:30:00Z' })).toBe('k/1');
    const illness = '/dossier/illness';
    expect(await found({ 'filter[externalKey]': 'k' }, illness)).toBe('k');
    expect(await found({ 'filter[dossierId]': dossier()?.id ?? '' }, illness)).toBe('k');
    expect(await found({ 'filter[employmentNumber]': '1' }, illness)).toBe('k');
    expect(await found({ 'filter[dateStart]': '2026-03-02' }, illness)).toBe('k');
    expect(await found({ 'filter[dateEnd]': '2026-03-02' }, illness)).toBe('');
    expect(await found({ 'filter[dateUpdatedFrom]': '2026-03-02 10:31:01' }, illness)).toBe('');
    expect(await found({ 'filter[dateUpdatedUntil]': '2026-03-02 10:31:00' }, illness)).toBe('k');
    expect(await found({ 'filter[employmentId]': employmentId, sort: '-dateUpdated' }, illness)).toBe('k');
  });
});
