// The simulated Visma Verzuim: employers, units, people and their employments, found and changed through the validating proxy.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openVerzuimBench, type VerzuimBench } from '../support/verzuim-bench.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

const get = (path: string, query: Record<string, string> = {}) => bench.call('GET', path, { query });
const keys = async (path: string, query: Record<string, string>) => {
  const { body } = await get(path, { sort: 'externalKey', ...query });
  return body.data.map(({ externalKey }) => externalKey).join(' ');
};

describe('paging', () => {
  it('2,300 employees come in three pages, each of them once', async () => {
    await bench.start();
    for (let number = 1; number <= 2300; number += 1)
      bench.simulator.addEmployee({ externalKey: `p-${String(number).padStart(4, '0')}` });
    const seen: string[] = [];
    for (let page = 1; ; page += 1) {
      const { body } = await get('/employee', {
        sort: 'externalKey',
        'page[number]': String(page),
        'page[size]': '1000',
      });
      seen.push(...body.data.map(({ externalKey }) => externalKey));
      expect(body.meta).toEqual({ total: 2300, perPage: 1000, totalPages: 3 });
      expect(body.links.prev === null).toBe(page === 1);
      if (body.links.next === null) break;
    }
    expect(seen).toHaveLength(2300);
    expect(new Set(seen).size).toBe(2300);
    expect(seen).toEqual(seen.toSorted());
  });

  it('a page has 25 rows when no size is asked for; links keep the question', async () => {
    await bench.start();
    for (let number = 0; number < 30; number += 1)
      bench.simulator.addEmployee({ externalKey: `p-${number}` });
    const { body } = await get('/employee', { sort: '-externalKey' });
    expect(body.data).toHaveLength(25);
    const base = `${bench.simulator.url}/employee?sort=-externalKey`;
    expect(body.links).toEqual({
      self: `${base}&page[number]=1&page[size]=25`,
      first: `${base}&page[number]=1&page[size]=25`,
      last: `${base}&page[number]=2&page[size]=25`,
      prev: null,
      next: `${base}&page[number]=2&page[size]=25`,
    });
    expect((await get('/employee', { 'page[number]': '2' })).body.data).toHaveLength(5);
    expect((await get('/employee', { 'page[number]': '3' })).body.data).toEqual([]);
    const none = await get('/employee', { 'filter[externalKey]': 'nobody' });
    expect(none.body).toMatchObject({ data: [], meta: { total: 0, totalPages: 1 }, links: { next: null } });
  });

  it.each([
    { 'page[size]': '1001' },
    { 'page[size]': '0' },
    { 'page[number]': 'x' },
    { sort: 'lastName' },
    { include: 'dossiers' },
    { 'filter[lastName]': 'x' },
    { 'filter[dateUpdatedFrom]': '2026-03-02' },
    { unknown: 'x' },
  ])('%j is refused', async (query) => {
    await bench.start();
    bench.simulator.addEmployee({ externalKey: 'p-1' });
    const sent = query as Record<string, string>;
    const answer = await bench.call('GET', '/employee', { query: sent, direct: true });
    expect([answer.status, answer.body.errors.code]).toEqual([400, 'REQ_00001']);
  });
});

describe('finding', () => {
  let ids: Record<'employer' | 'unit' | 'team' | 'employee' | 'first' | 'second', string>;
  beforeEach(async () => {
    await bench.start();
    const { simulator } = bench;
    const employer = simulator.addEmployer({ externalKey: 'w-1', name: 'School group' });
    const unit = simulator.addUnit({ externalKey: 'u-1', code: '100' });
    const team = simulator.addUnit({ externalKey: 'u-2', name: 'Team', code: '110', parent: 'u-1' });
    simulator.addEmployer({ externalKey: 'w-2', name: 'Other' });
    simulator.addUnit({ externalKey: 'u-3', employer: 'w-2' });
    const employee = simulator.addEmployee({ externalKey: 'p-1' });
    const first = simulator.addEmployment({ employee, externalKey: 'e-1', employeeNumber: '1001' });
    const second = simulator.addEmployment({ employee: 'p-1', externalKey: 'e-2', unit: 'u-3' });
    simulator.addEmployee({ externalKey: 'p-2' });
    simulator.addEmployment({ employee: 'p-2', externalKey: 'e-3', employeeNumber: '1001', unit: team });
    simulator.addReason({ code: 'r-1', name: 'One' });
    simulator.addReason({ code: 'r-2', name: 'Two', isPrimary: false });
    ids = { employer, unit, team, employee, first, second };
  });

  it('employments', async () => {
    const find = (query: Record<string, string>) => keys('/employment', query);
    expect(await find({ 'filter[externalKey]': 'e-1' })).toBe('e-1');
    expect(await find({ 'filter[id]': ids.second })).toBe('e-2');
    expect(await find({ 'filter[employeeKey]': 'p-1' })).toBe('e-1 e-2');
    expect(await find({ 'filter[employeeKey]': 'p-1', 'filter[employerKey]': 'w-2' })).toBe('e-2');
    expect(await find({ 'filter[employeeId]': ids.employee, 'filter[primary]': 'true' })).toBe('e-1');
    expect(await find({ 'filter[employerId]': ids.employer, sort: '-externalKey' })).toBe('e-3 e-1');
    expect(await find({ 'filter[dateUpdatedFrom]': '2026-03-02 10:30:00' })).toBe('e-1 e-2 e-3');
    expect(await find({ 'filter[dateUpdatedFrom]': '2026-03-02 10:30:01' })).toBe('');
    expect(await find({ 'filter[dateUpdatedUntil]': '2026-03-02 10:29:59' })).toBe('');
    expect(await find({ 'filter[employmentEndReason]': 'death' })).toBe('');
  });

  it('employees, also by a personnel number that two of them have', async () => {
    const find = (query: Record<string, string>) => keys('/employee', query);
    expect(await find({ 'filter[externalKey]': 'p-2' })).toBe('p-2');
    expect(await find({ 'filter[employmentId]': ids.second })).toBe('p-1');
    expect(await find({ 'filter[employeeNumber]': '1001' })).toBe('p-1 p-2');
    const { body } = await get('/employee', {
      'filter[id]': ids.employee,
      include: 'employments.employmentContracts',
    });
    expect(body.data[0]?.employments).toMatchObject([
      { externalKey: 'e-1', employmentContracts: [{ hoursPerWeek: 36 }] },
      { externalKey: 'e-2' },
    ]);
  });

  it('units, employers and reasons', async () => {
    expect(await keys('/organizational-unit', { 'filter[root]': 'true' })).toBe('u-1 u-3');
    expect(await keys('/organizational-unit', { 'filter[code]': '110' })).toBe('u-2');
    expect(await keys('/organizational-unit', { 'filter[name]': 'Team' })).toBe('u-2');
    expect(await keys('/organizational-unit', { 'filter[employerId]': ids.employer })).toBe('u-1 u-2');
    expect(await keys('/organizational-unit', { 'filter[parentOrganizationalUnitId]': ids.unit })).toBe(
      'u-2',
    );
    expect(await keys('/employer', { 'filter[externalKey]': 'w-2' })).toBe('w-2');
    expect(await keys('/employer', { 'filter[search]': 'School' })).toBe('w-1');
    const reasons = await get('/absence-reason', { 'filter[isPrimary]': 'true' });
    expect(reasons.body.data).toMatchObject([{ code: 'r-1', name: 'One' }]);
    expect((await get('/absence-reason', { sort: '-code' })).body.meta.total).toBe(2);
    const parent = await get('/organizational-unit', {
      'filter[id]': ids.team,
      include: 'parentOrganizationalUnit,employer',
    });
    expect(parent.body.data).toMatchObject([
      { parentOrganizationalUnit: { externalKey: 'u-1' }, employer: { externalKey: 'w-1' } },
    ]);
  });

  it('contracts', async () => {
    const total = async (query: Record<string, string>) =>
      (await get('/employment/contract', query)).body.meta.total;
    expect(await total({ 'filter[employmentKey]': 'e-1' })).toBe(1);
    expect(await total({ 'filter[organizationalUnitKey]': 'u-3' })).toBe(1);
    expect(await total({ 'filter[employerKey]': 'w-1' })).toBe(2);
    expect(await total({ 'filter[dateStartFrom]': '2026-03-03 00:00:00' })).toBe(0);
  });
});

describe('making and changing', () => {
  const person = {
    initials: 'A.B.',
    lastName: 'Voorbeeld',
    namePreference: 'own',
    gender: 'x',
    dateOfBirth: '1990-01-31',
  };
  const address = { street: 'Dorpstraat', number: '1', postalCode: '1234AB', city: 'Het Dorp' };
  const employment = {
    organizationalUnitKey: 'u-1',
    externalKey: 'e-1',
    employeeNumber: '1001',
    dateStart: '2026-01-01',
    hoursPerWeek: 24,
  };
  const made = { externalKey: 'p-1', person, address, employment };
  const post = (path: string, body: object) => bench.call('POST', path, { body });
  const patch = (path: string, body: object) => bench.call('PATCH', path, { body });
  beforeEach(async () => {
    await bench.start();
    bench.simulator.addUnit({ externalKey: 'u-1' });
    bench.simulator.addUnit({ externalKey: 'u-2' });
  });

  it('an employee comes with address, employment and first contract', async () => {
    const answer = await post('/employee', {
      ...made,
      communicationMethods: { privateMobile: '0600000000' },
    });
    expect([answer.status, answer.body.data.externalKey]).toEqual([201, 'p-1']);
    const { body } = await get('/employee', {
      'filter[externalKey]': 'p-1',
      include: 'person,addresses.country,communicationMethods,employmentContract',
    });
    expect(body.data).toMatchObject([
      {
        person: { lastName: 'Voorbeeld', gender: 'x' },
        addresses: [{ city: 'Het Dorp' }],
        communicationMethods: [{ type: 'mobile', purpose: 'personal', value: '0600000000' }],
        employmentContract: { dateStart: '2026-01-01', hoursPerWeek: 24 },
      },
    ]);
    expect(bench.simulator.employments()).toMatchObject([{ externalKey: 'e-1', primary: true }]);
  });

  it('nothing is made when a key is in use or the unit is unknown', async () => {
    await post('/employee', made);
    const used = await post('/employee', { ...made, externalKey: 'p-2' });
    const lost = await post('/employee', {
      ...made,
      externalKey: 'p-3',
      employment: { ...employment, externalKey: 'e-3', organizationalUnitKey: 'u-9' },
    });
    expect([used.status, used.body.errors.code, lost.status]).toEqual([400, 'SIM_DUPLICATE_KEY', 400]);
    expect(bench.simulator.employees()).toHaveLength(1);
    expect(bench.simulator.employments()).toHaveLength(1);
  });

  it('an employee without a last name or a street is refused without the proxy as well', async () => {
    const { lastName: _lastName, ...nameless } = person;
    const { street: _street, ...streetless } = address;
    for (const wrong of [{ person: nameless }, { address: streetless }]) {
      const body = { ...made, ...wrong };
      expect((await bench.call('POST', '/employee', { body, direct: true })).status).toBe(400);
    }
  });

  it('an employee changes by id, by key or by a migration key that is unique', async () => {
    await post('/employee', made);
    const changes = { externalKey: 'p-9', migrationKey: 'm', person: { lastName: 'Ander' } };
    expect((await patch('/employee', { key: 'p-1', ...changes })).status).toBe(200);
    await patch('/employee', { migrationKeyId: 'm', address: { city: 'Elders' } });
    expect(bench.simulator.employees()).toMatchObject([
      {
        externalKey: 'p-9',
        person: { lastName: 'Ander', initials: 'A.B.' },
        address: { city: 'Elders', street: 'Dorpstraat' },
      },
    ]);
    bench.simulator.addEmployee({ externalKey: 'p-2' });
    await patch('/employee', { key: 'p-2', migrationKey: 'm' });
    expect((await patch('/employee', { migrationKeyId: 'm', address: {} })).status).toBe(400);
    expect((await patch('/employee', { key: 'p-2', externalKey: 'p-9' })).status).toBe(400);
  });

  it('a second employment and a contract of its own; both change', async () => {
    await post('/employee', made);
    const second = await post('/employment', {
      employeeKey: 'p-1',
      organizationalUnitKey: 'u-2',
      externalKey: 'e-2',
      dateStart: '2026-02-01',
    });
    expect(second).toMatchObject({ status: 201, body: { data: { externalKey: 'e-2', primary: false } } });
    await patch('/employment', { key: 'e-2', employeeNumber: '2002' });
    const contract = await post('/employment/contract', {
      employmentKey: 'e-2',
      organizationalUnitKey: 'u-1',
      externalKey: 'c-1',
      paymentPeriod: 'month',
      dateStart: '2026-03-01',
      hoursPerWeek: 12,
    });
    expect(contract).toMatchObject({
      status: 201,
      body: { data: { paymentPeriod: 'month', dateEnd: null } },
    });
    await patch('/employment/contract', { key: 'c-1', organizationalUnitKey: 'u-2', jobTitle: 'Teacher' });
    const { body } = await get('/employment', {
      'filter[externalKey]': 'e-2',
      include: 'currentOrLastEmploymentContract.organizationalUnit.employer',
    });
    expect(body.data).toMatchObject([
      {
        employeeNumber: '2002',
        currentOrLastEmploymentContract: {
          externalKey: 'c-1',
          hoursPerWeek: 12,
          jobTitle: 'Teacher',
          organizationalUnit: { externalKey: 'u-2', employer: { externalKey: 'simulated-employer' } },
        },
      },
    ]);
  });
});
