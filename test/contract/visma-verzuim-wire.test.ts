// What goes over the wire to Visma Verzuim and what is kept of its answers: no medical include, no citizen service number,
// nothing of an answer but the named fields. And what `check` and the log say of the connection.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { vismaVerzuim } from '../../connectors/visma-verzuim/index.js';
import * as schema from '../../connectors/visma-verzuim/schema.js';
import type { JsonObject, Problem } from '../../src/connector.js';
import { volatileMemory } from '../../src/memory.js';
import { reopen } from '../../src/privacy/gate.js';
import { connectorDeps } from '../support/connector-deps.js';
import { scriptedHttp } from '../support/scripted-http.js';
import {
  notificationOf,
  openVerzuimBench,
  payloadOf,
  SCOPE,
  settingsOf,
  type Told,
  type VerzuimBench,
  type VerzuimSite,
} from '../support/verzuim-site.js';

const firstDay = '2026-03-02';
const SICK: Told = {
  kind: 'SickReport',
  sequence: 1,
  firstDay,
  effectiveDate: firstDay,
  percentage: '100.00',
};
const LIFE: readonly Told[] = [
  SICK,
  { ...SICK, kind: 'AbsenceChange', sequence: 2, effectiveDate: '2026-03-09', percentage: '50.00' },
  { ...SICK, kind: 'EmployeeChange', sequence: 3, effectiveDate: '2026-03-09', percentage: '50.00' },
  { ...SICK, kind: 'Recovery', sequence: 4, effectiveDate: '2026-03-16', percentage: '0.00' },
  {
    ...SICK,
    kind: 'Correction',
    sequence: 5,
    firstDay: '2026-03-01',
    previousFirstDay: firstDay,
    effectiveDate: '2026-03-09',
    percentage: '80.00',
  },
  { ...SICK, kind: 'Withdrawal', sequence: 6, firstDay: '2026-03-01' },
];
const WIDEST = { createMissing: true, employeeChanges: 'send' };
const signal = new AbortController().signal;

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

let site: VerzuimSite | null = null;
afterEach(async () => {
  await site?.close();
  site = null;
});

describe('the wire', () => {
  it('asks for the fewest includes, and never carries a citizen service number or a medical field', async () => {
    const made = await bench.site();
    site = made;
    made.simulator.addUnit({ externalKey: 'U-1' });
    for (const told of LIFE) {
      const notification = notificationOf(7, told);
      const employee = { ...(notification.employee as JsonObject), bsn: '111222333', noRisk: true };
      expect((await made.tell({ ...notification, employee }, WIDEST)).differences).toEqual([]);
    }
    const { calls } = made.simulator;
    expect(new Set(calls.flatMap(({ include }) => include))).toEqual(new Set(['dossier']));
    expect(new Set(calls.map(({ path }) => path.replace(/[0-9a-f-]{36}/, '{id}')))).toEqual(
      new Set([
        '/auth/token',
        '/employment',
        '/employee',
        '/absence-course',
        '/absence-course/{id}',
        '/dossier/illness',
      ]),
    );
    const names = calls.flatMap(({ fields, query }) => [...fields, ...query]).join(' ');
    expect(names).not.toMatch(
      /socialSecurity|bsn|noRisk|sfb|dateOfDeath|maritalStatus|wageValue|dateEmploymentEnd/i,
    );
    expect(made.proxy.calls.map(({ path }) => path).join(' ')).not.toMatch(
      /111222333|Marked|medical|diagnos/,
    );
  });

  it('brings values that nobody asked for, and none of them is kept, logged or told', async () => {
    const planted = 'planted7word';
    const made = await bench.site({ planted, rules: { relations: 'always' } });
    site = made;
    made.simulator.addUnit({ externalKey: 'U-1' });
    const kept: string[] = [];
    const inner = volatileMemory();
    const memory = {
      ...inner,
      keep: async (name: string, value: string | null) => {
        kept.push(`${name} ${value}`);
        await inner.keep(name, value);
      },
      note: async (name: string, note: unknown) => void kept.push(`${name} ${JSON.stringify(note)}`),
    };
    const target = made.connect(WIDEST, { memory }).target;
    if (!target) throw new Error('it is a target');
    for (const told of LIFE) {
      const payload = payloadOf(target, notificationOf(7, told));
      const receipt = await target.deliver(reopen(payload), { idempotencyKey: 'd', order: '1', signal });
      kept.push(JSON.stringify(receipt), payload.body);
    }
    const seen = [...kept, ...made.logged].join('\n');
    expect(made.simulator.planted.length).toBeGreaterThan(0);
    for (const value of [planted, ...made.simulator.planted]) expect(seen).not.toContain(value);
  });

  it.each([
    ['courseList', schema.courseList, ['id', 'externalKey', 'dateStart', 'recoveryPercentage', 'dossier']],
    ['employmentList', schema.employmentList, ['id', 'externalKey', 'employeeNumber', 'isConfidential']],
    ['employeeList', schema.employeeList, ['id', 'externalKey']],
  ] as const)('of a row of %s only the named fields are left', (_name, shape, fields) => {
    const row = {
      ...{
        id: 'i',
        externalKey: 'k',
        dateStart: firstDay,
        recoveryPercentage: 12.5,
        employeeNumber: 'n',
        isConfidential: false,
      },
      ...{
        socialSecurityNumber: '1',
        noRisk: true,
        safetyNet: 's',
        recoveryReason: 'r',
        person: { lastName: 'l' },
      },
      ...{ medicalDossier: { diagnoses: [{}] }, absenceReason: { name: 'a' }, accidentType: 'a' },
      dossier: {
        id: 'd',
        externalKey: 'k',
        dateStart: firstDay,
        dossierStatus: 'open',
        type: 't',
        safetyNet: 's',
        protocol: 'p',
      },
    };
    const read = shape.parse({ data: [row], links: { next: null, self: 'x' }, meta: {}, extra: 1 });
    expect(Object.keys(read.data[0] ?? {}).sort()).toEqual([...fields].sort());
    const text = JSON.stringify(read);
    for (const name of [
      'socialSecurityNumber',
      'noRisk',
      'safetyNet',
      'recoveryReason',
      'person',
      'medicalDossier',
      'absenceReason',
      'accidentType',
      'type',
      'protocol',
      'self',
      'extra',
    ]) {
      expect(text).not.toContain(`"${name}"`);
    }
  });
});

/** A connection to answers that a test writes down. */
function scripted(answer: Parameters<typeof scriptedHttp>[0]) {
  const { http, asked } = scriptedHttp((request, url) => {
    if (url.pathname !== '/auth/token') return answer(request, url);
    return { body: { access_token: 'a', expires_in: 10_800, token_type: 'Bearer' } };
  });
  const notes: string[] = [];
  const warnings: string[] = [];
  const memory = {
    ...volatileMemory(),
    note: async (_: string, note: { text: string } | null) => void notes.push(note?.text ?? ''),
  };
  const log = { ...connectorDeps().log, warn: (message: string) => void warnings.push(message) };
  const credentials = { clientId: 'c', clientSecret: 's', subscriptionKey: 'k' };
  const settings = settingsOf({ credentials }, 'https://verzuim.example');
  const start = () => vismaVerzuim.create(settings, connectorDeps({ http, memory, log }));
  const deliver = async () => {
    const target = start().target;
    if (!target) throw new Error('it is a target');
    const payload = payloadOf(target, notificationOf(1, SICK));
    return target.deliver(reopen(payload), { idempotencyKey: 'd', order: '1', signal });
  };
  return { start, deliver, asked, notes, warnings };
}

const EMPLOYMENT = { id: 'employment', externalKey: 'D-1' };
const row = (number: number) => ({
  id: `course ${number}`,
  externalKey: number === 250 ? 'W-1:C-1/1' : `other ${number}`,
  dateStart: number === 250 ? firstDay : '2020-01-01',
  recoveryPercentage: 0,
});

describe('answers', () => {
  it('are asked for page by page, by number, and a row that comes twice counts once', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => row(index + 1));
    const { deliver, asked } = scripted((_, url) => {
      if (url.pathname === '/employment') return { body: { data: [EMPLOYMENT] } };
      const number = Number(url.searchParams.get('page[number]'));
      const data = number === 1 ? rows.slice(0, 200) : rows.slice(199);
      return { body: { data, links: { next: number === 1 ? 'https://elsewhere.example/steal' : null } } };
    });
    expect(await deliver()).toMatchObject({ differences: [], reference: 'course 250' });
    expect(asked.every(({ url }) => url.startsWith('https://verzuim.example/'))).toBe(true);
    expect(asked.filter(({ method, url }) => method !== 'GET' && !url.endsWith('/token'))).toEqual([]);
  });

  it('that say that there is always more, and bring nothing new, end', async () => {
    const { deliver, asked } = scripted((_, url) =>
      url.pathname === '/employment'
        ? { body: { data: [EMPLOYMENT], meta: { totalPages: 999 } } }
        : { body: { data: [row(250)], links: { next: 'more' } } },
    );
    await deliver();
    expect(asked.length).toBeLessThan(10);
  });

  it('of another key than the one that was asked for are nobody', async () => {
    const { deliver } = scripted(() => ({ body: { data: [{ ...EMPLOYMENT, externalKey: 'd-1' }] } }));
    await expect(deliver()).rejects.toMatchObject({ code: 'TARGET_UNKNOWN_EMPLOYMENT' });
  });

  it.each([
    ['no JSON', '<html>', 'retryable'],
    ['no rows', {}, 'retryable'],
    ['a percentage of another form', { data: [{ ...row(1), recoveryPercentage: 'marked' }] }, 'retryable'],
    ['a day of another form', { data: [{ ...row(1), dateStart: '2026-03-02T23:00:00Z' }] }, 'retryable'],
  ])('with %s are no answer, and their values are not told', async (_, body, kind) => {
    const { deliver } = scripted((__, url) =>
      url.pathname === '/employment' ? { body: { data: [EMPLOYMENT] } } : { body },
    );
    const error = await deliver().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind });
    expect(String(error)).not.toMatch(/marked|23:00/);
  });

  it('a refusal is told by status, code and trace, never by its words', async () => {
    const refusal = {
      message: 'marked message',
      status: 400,
      errors: { code: 'REQ_00001', message: 'marked', detail: ['marked detail'] },
      traceId: 'b7810b40-bd6a-4bea-a92c-5543e5b288b9',
    };
    const { deliver } = scripted(({ method }, url) => {
      if (url.pathname === '/employment') return { body: { data: [EMPLOYMENT] } };
      return method === 'GET' ? { body: { data: [] } } : { status: 400, body: refusal };
    });
    const error = await deliver().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TARGET_REJECTED' });
    expect(String(error)).toContain(
      'POST /absence-course gave status 400, code REQ_00001, trace b7810b40-bd6a-4bea-a92c-5543e5b288b9.',
    );
    expect(String(error)).not.toContain('marked');
  });

  it.each([
    ['a success with errors in it', { message: 'm', status: 201, traceId: 't', errors: ['marked'] }],
    ['a success of another form', '<html>marked</html>'],
  ])('%s after a write is not taken for one', async (_, body) => {
    const { deliver } = scripted(({ method }, url) => {
      if (url.pathname === '/employment') return { body: { data: [EMPLOYMENT] } };
      return method === 'GET' ? { body: { data: [] } } : { status: 201, body };
    });
    const error = await deliver().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unknown-outcome' });
    expect(String(error)).not.toContain('marked');
  });

  it('a success needs no more than no errors, and a dossier without a field is none', async () => {
    const made: unknown[] = [];
    const { deliver } = scripted(({ method }, url) => {
      if (url.pathname === '/employment') return { body: { data: [EMPLOYMENT] } };
      if (method === 'GET') return { body: { data: made } };
      made.push({ ...row(250), dossier: {} });
      return { status: 201, body: { data: {} } };
    });
    expect(await deliver()).toMatchObject({ differences: [], reference: 'course 250' });
  });

  it('a course that is taken and never shown is a difference, and is not posted in circles', async () => {
    const { deliver, asked } = scripted(({ method }, url) => {
      if (url.pathname === '/employment') return { body: { data: [EMPLOYMENT] } };
      if (method === 'GET') return { body: { data: [] } };
      return { status: 201, body: { message: 'success', status: 201, errors: [], traceId: 't' } };
    });
    expect((await deliver()).differences).toContain('course');
    expect(
      asked.filter(({ method, url }) => method === 'POST' && url.endsWith('/absence-course')),
    ).toHaveLength(1);
  });

  it.each([
    ['@1758557834', 'Wed, 31 Dec 2025 23:00:00 UTC', ' since 2025-09-22 and will be gone on 2025-12-31.'],
    ['@1758557834', undefined, ' since 2025-09-22.'],
    ['marked', 'marked', '.'],
  ])(
    'with the headers %s and %s are reported once per endpoint, also after a restart',
    async (deprecated, sunset, words) => {
      const headers = { deprecated, ...(sunset && { sunset }) };
      const { deliver, notes, warnings } = scripted((_, url) =>
        url.pathname === '/employment'
          ? { body: { data: [EMPLOYMENT] } }
          : { headers, body: { data: [row(250)] } },
      );
      await deliver();
      await deliver();
      expect(warnings).toEqual(['an endpoint is deprecated']);
      expect(notes).toEqual([expect.stringMatching(/^GET \/absence-course is deprecated/)]);
      expect(notes[0]).toContain(`is deprecated${words} `);
      expect(notes.join()).not.toContain('marked');
    },
  );
});

describe('check', () => {
  const lines = async (made: VerzuimSite, settings = {}) =>
    (await made.connect(settings).check(signal)).map(({ path, detail }: Problem) => `${path}: ${detail}`);
  const open = async (options: Parameters<VerzuimBench['site']>[0] = {}) => {
    site = await bench.site(options);
    return site;
  };

  it('says nothing when all is well, and reads nobody', async () => {
    const made = await open();
    made.know(1);
    expect(await lines(made)).toEqual([]);
    expect(made.simulator.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /health/ping',
      'POST /auth/token',
      'GET /employment',
      'GET /absence-course',
    ]);
  });

  it.each([
    [
      'clientId',
      { clientId: 'env:11111111-1111-1111-1111-111111111111' },
      'clientSecret',
      'the client or its secret is wrong',
    ],
    ['clientSecret', { clientSecret: 'env:wrong' }, 'clientSecret', 'the client or its secret is wrong'],
    ['subscriptionKey', { subscriptionKey: 'env:wrong' }, 'subscriptionKey', 'the subscription key is wrong'],
    ['baseUrl', { baseUrl: 'http://127.0.0.1:9' }, 'baseUrl', '127.0.0.1:9'],
  ])('says in one line that the %s is wrong', async (_, settings, option, words) => {
    const made = await open();
    const told = await lines(made, settings);
    expect(told).toEqual([expect.stringContaining(words)]);
    expect(told[0]).toMatch(new RegExp(`^connections\\.there\\.settings\\.${option}: `));
  });

  it('says which scope is not granted', async () => {
    const made = await open({ granted: ['absencecourse-read', 'employment-read'] });
    const told = await lines(made, { scope: SCOPE });
    expect(told).toEqual([
      expect.stringMatching(/^connections\.there\.settings\.scope: .*scope absencecourse-create/),
    ]);
  });

  it('says which call a token without its scope is refused for', async () => {
    const made = await open();
    const told = await lines(made, { scope: { employment: ['read'] } });
    expect(told).toEqual([
      expect.stringMatching(/^connections\.there\.settings\.scope: .*GET \/absence-course/),
    ]);
  });
});
