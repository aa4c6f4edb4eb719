// The SIVI source call by call: what it sends, what it makes of every answer, and what it says of it.
import { describe, expect, it } from '@jest/globals';
import { renderRaetMessage } from '../../connectors/sivi/index.js';
import { vismaRaetSivi } from '../../connectors/visma-raet-sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { CodedError, RouteError } from '../../src/errors.js';
import type { LogFields } from '../../src/log.js';
import { type Note, volatileMemory } from '../../src/memory.js';
import { pollOnce } from '../contract/source-contract.js';
import { manualClock } from '../fakes/manual-clock.js';
import { type Scripted, scriptedHttp } from '../fakes/scripted-http.js';
import { absenceRecord } from '../support/absence-record.js';
import { connectorDeps } from '../support/connector-deps.js';

const SETTINGS = {
  tenantId: '1234567',
  clientId: 'env:the-client',
  clientSecret: 'env:the-secret',
  accept: 'json',
};
const TOKEN = { access_token: 'the-token', expires_in: 3600, token_type: 'Bearer' };
const JSON_TYPE = { 'content-type': 'application/json' };
const asJson = (value: JsonObject): Scripted => ({ headers: JSON_TYPE, body: JSON.stringify(value) });
const messageOf = (number: number) =>
  renderRaetMessage({ header: { reference: `R-${number}`, test: 'N' }, ...absenceRecord(number) });
const list = (numbers: readonly number[], nextLink: string | null = null) =>
  asJson({ value: numbers.map((number) => messageOf(number).json), nextLink });

interface SetUp {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Answers to calls for messages, in turn; the last one stays. */
  readonly answers?: readonly (Scripted | Error)[];
  readonly token?: Scripted | Error;
}

function setUp({ settings = {}, answers = [list([])], token }: SetUp = {}) {
  let [next, tokens] = [0, 0];
  const newToken = () => {
    tokens += 1;
    return asJson({ ...TOKEN, access_token: tokens === 1 ? 'the-token' : `the-token-${tokens}` });
  };
  const http = scriptedHttp(({ method }) => {
    if (method === 'POST') return token ?? newToken();
    const answer = answers[Math.min(next, answers.length - 1)] ?? {};
    next += 1;
    return answer;
  });
  const logged: { message: string; fields: LogFields | undefined }[] = [];
  const notes = new Map<string, Note>();
  const write = (message: string, fields?: LogFields) => void logged.push({ message, fields });
  const memory = {
    ...volatileMemory(),
    async note(name: string, note: Note | null) {
      if (note) notes.set(name, note);
      else notes.delete(name);
    },
  };
  const clock = manualClock();
  const log = { debug: write, info: write, warn: write, error: write };
  const deps = connectorDeps({ http, memory, clock, log });
  const { source, check } = vismaRaetSivi.create({ ...SETTINGS, ...settings }, deps);
  if (!source) throw new Error('it is a source');
  const calls = () => http.requests.filter(({ method }) => method === 'GET');
  const tokenCalls = () => http.requests.filter(({ method }) => method === 'POST');
  const run = () => check(new AbortController().signal);
  return { source, check: run, http, calls, tokenCalls, logged, notes, clock };
}

const failureOf = async (set: SetUp): Promise<CodedError> => {
  const error = await pollOnce(setUp(set).source).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(CodedError);
  return error;
};

describe('a window without end', () => {
  it('is left after 2000 pages, with an error', async () => {
    const answers = Array.from({ length: 2001 }, (_, page) => list([], `?pageToken=${page}`));
    const { source, calls } = setUp({ answers, settings: { pace: { minIntervalMs: 0, perDay: null } } });
    await expect(pollOnce(source)).rejects.toMatchObject({ code: 'SOURCE_ANSWER', kind: 'retryable' });
    expect(calls()).toHaveLength(2000);
  });
});

describe('the token', () => {
  it('is asked for with the tenant in the form, and is sent with every call', async () => {
    const { source, tokenCalls, calls } = setUp();
    await pollOnce(source);
    expect(tokenCalls()).toMatchObject([
      {
        url: 'https://connect.visma.com/connect/token',
        body: 'grant_type=client_credentials&client_id=the-client&client_secret=the-secret&tenant_id=1234567',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-cache' },
      },
    ]);
    expect(calls()).toMatchObject([
      {
        url: 'https://api.youforce.com/SIVI/v1.0/api/verzuimmeldingen',
        headers: {
          authorization: 'Bearer the-token',
          accept: 'application/json',
          'cache-control': 'no-cache',
        },
      },
    ]);
    expect(calls()[0]?.headers).not.toHaveProperty('x-raet-tenant-id');
  });

  it('without a tenant the form has none, as the older gateway wants it; its answer is read too', async () => {
    const token = asJson({ access_token: 'old', expires_in: '7200', token_type: 'BearerToken' });
    const settings = { tenantId: null, tenantHeader: 'sandbox', authorizationScheme: 'token-type' };
    const { source, tokenCalls, calls } = setUp({ token, settings });
    await pollOnce(source);
    expect(tokenCalls()[0]?.body).toBe(
      'grant_type=client_credentials&client_id=the-client&client_secret=the-secret',
    );
    expect(calls()[0]?.headers).toMatchObject({
      authorization: 'BearerToken old',
      'x-raet-tenant-id': 'sandbox',
    });
  });

  it('is asked for once for many polls', async () => {
    const { source, tokenCalls } = setUp();
    for (let poll = 0; poll < 5; poll += 1) await pollOnce(source);
    expect(tokenCalls()).toHaveLength(1);
  });

  it.each<[string, Scripted]>([
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' }],
    ['an object without one', asJson({ token: 'x' })],
    ['one that no header could hold', asJson({ ...TOKEN, access_token: 'a\r\nx: b' })],
    ['nothing', {}],
  ])('%s in its place is a problem of the address', async (_what, token) => {
    expect((await failureOf({ token })).message).toContain('Check tokenUrl');
  });
});

describe('pages', () => {
  it.each([
    ['https://api.youforce.com/SIVI/v1.0/api', '/verzuimmeldingen?pageToken=a%2Bb+c&take=2'],
    ['https://api.youforce.com/SIVI/v1.0/api/', 'verzuimmeldingen?pageToken=a%2Bb+c&take=2'],
    ['https://api.raet.com/sivi', '?pageToken=a%2Bb+c&take=2'],
  ])('with the address %s the link %s is followed to the letter', async (baseUrl, link) => {
    const { source, calls } = setUp({ settings: { baseUrl }, answers: [list([1], link), list([2])] });
    expect((await pollOnce(source)).records.map(({ reference }) => reference)).toEqual(['R-1', 'R-2']);
    expect(calls()[1]?.url).toBe(`${baseUrl.replace(/\/$/, '')}/verzuimmeldingen?pageToken=a%2Bb+c&take=2`);
  });

  it('a link that leads away is not followed; what came before it is handed over, and the cursor stays', async () => {
    const { source, calls } = setUp({ answers: [list([1], 'https://elsewhere.example/?a=1'), list([2])] });
    const cursors: (string | null)[] = [];
    const polled = pollOnce(source, { settle: ({ cursor }) => cursors.push(cursor) > 0 });
    await expect(polled).rejects.toThrow('Ask Visma what it means');
    expect(cursors).toEqual([null]);
    expect(calls()).toHaveLength(1);
  });

  it('an empty page with a next link goes on, and gives no page of its own', async () => {
    const { source } = setUp({ answers: [list([], '?a=1'), list([], '?a=2'), list([1])] });
    const { records, pages } = await pollOnce(source);
    expect([records.length, pages]).toEqual([1, 1]);
  });

  it('an empty last page moves the cursor all the same', async () => {
    const { source } = setUp({ answers: [list([1], '?a=1'), list([])] });
    const { records, pages, cursor } = await pollOnce(source);
    expect([records.length, pages, cursor]).toEqual([1, 2, '2026-03-02T09:30:00.000Z']);
  });

  it.each([
    ['itself', [list([1], '?a=1'), list([2], '?a=1')]],
    ['an earlier one', [list([1], '?a=1'), list([2], '?a=2'), list([3], '?a=1')]],
    ['the first one', [list([1], '?a=1'), list([2], 'verzuimmeldingen')]],
  ])(
    'a next link that leads back to %s stops the poll, says so and leaves the cursor',
    async (_where, answers) => {
      const { source, calls } = setUp({ answers });
      const cursors: (string | null)[] = [];
      const error = await pollOnce(source, { settle: ({ cursor }) => cursors.push(cursor) > 0 }).catch(
        (e) => e,
      );
      expect(error.code).toBe('SOURCE_ANSWER');
      expect(error.message).toContain('same link to a next page twice');
      expect(new Set(cursors)).toEqual(new Set([null]));
      expect(calls().length).toBeLessThan(4);
    },
  );

  it('a message that nobody can read is handed over by itself, and the rest goes on', async () => {
    const broken = { ...messageOf(2).json, brAlg: { berrefnr: 'R-2', brCd: '00200', testJN: 'N' } };
    const value = [messageOf(1).json, broken, messageOf(3).json];
    const { source } = setUp({ answers: [asJson({ value, nextLink: null })] });
    const { records } = await pollOnce(source);
    expect(records.map(({ reference }) => reference)).toEqual(['R-1', 'R-2', 'R-3']);
    expect(records.map((raw) => source.decode(raw).problems.length > 0)).toEqual([false, true, false]);
  });

  it('the report is named by its employer, its case and its number', async () => {
    const { source } = setUp({ answers: [list([1])] });
    const { records } = await pollOnce(source);
    const [decoded] = records.flatMap((raw) => source.decode(raw).records);
    expect(decoded && source.nameOf?.(decoded)).toEqual(['WG-1', 'CASE-1', '1']);
  });

  it('XML is read as JSON is', async () => {
    const messages = [1, 2].map((number) => messageOf(number).xml.replace(/^<\?xml.*?\?>/, '')).join('');
    const body = `<Messages><Value>${messages}</Value><NextLink>?a=1&amp;b=2</NextLink></Messages>`;
    const xml = { headers: { 'content-type': 'application/xml' }, body };
    const { source, calls } = setUp({
      settings: { accept: 'xml' },
      answers: [xml, { ...xml, body: '<Messages/>' }],
    });
    const { records } = await pollOnce(source);
    const other = setUp({ answers: [list([1, 2])] });
    const asRecords = (polled: { records: typeof records }, { decode }: typeof source) =>
      polled.records.map((raw) => [raw.reference, decode(raw)]);
    expect(asRecords({ records }, source)).toEqual(asRecords(await pollOnce(other.source), other.source));
    expect(calls()[0]?.headers).toMatchObject({ accept: 'application/xml' });
    expect(calls()[1]?.url).toContain('?a=1&b=2');
  });
});

describe('answers that are no page', () => {
  const shapes: readonly [string, Scripted][] = [
    [
      'of the API',
      asJson({ error: { message: 'Planted-1', correlationId: 'id-1', issuedAt: 'x', errorCode: 'c-1' } }),
    ],
    [
      'of the API as XML',
      {
        headers: { 'content-type': 'application/xml' },
        body: '<ServerError><Error><Message>Planted-1</Message><CorrelationId>id-1</CorrelationId><ErrorCode>c-1</ErrorCode></Error></ServerError>',
      },
    ],
    [
      'of the older gateway',
      asJson({ message: 'Planted-1', correlationId: 'id-1', errorCode: 'c-1', statusCode: 500 }),
    ],
    [
      'with capitals',
      asJson({ CorrelationId: 'id-1', Message: 'Planted-1', ErrorCode: 'c-1', Exception: null }),
    ],
    [
      'with problem details',
      asJson({ type: 'x', title: 'Planted-1', status: 500, correlationId: 'id-1', errorCode: 'c-1' }),
    ],
  ];

  it.each(shapes)(
    'an error %s: its correlation id and code are logged, nothing else',
    async (_where, shape) => {
      const { source, logged } = setUp({ answers: [{ ...shape, status: 500 }] });
      const error = await pollOnce(source).catch((thrown) => thrown);
      expect(error.kind).toBe('retryable');
      expect(logged).toEqual([
        {
          message: 'the API gave no answer that can be used',
          fields: {
            connection: 'there',
            what: 'SIVI API',
            status: 500,
            correlationId: 'id-1',
            errorCode: 'c-1',
          },
        },
      ]);
      expect(`${error.message} ${JSON.stringify(error.problems)}`).not.toContain('Planted');
    },
  );

  it('an error as a web page gives no id, and nothing of it is shown', async () => {
    const page = {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<html><!-- Planted-1 --></html>',
    };
    const { source, logged } = setUp({ answers: [page] });
    const error = await pollOnce(source).catch((thrown) => thrown);
    expect([error.kind, error.message.includes('Planted')]).toEqual(['retryable', false]);
    expect(logged.map(({ fields }) => fields)).toEqual([
      { connection: 'there', what: 'SIVI API', status: 502, correlationId: null, errorCode: null },
    ]);
  });

  it.each([
    [401, 'route', 'Check clientId, clientSecret and tenantId'],
    [403, 'route', 'SIVI API: the application has no right to it'],
    [400, 'route', 'Check baseUrl, take and tenantHeader'],
    [418, 'route', 'Check baseUrl'],
    [302, 'route', 'Check baseUrl'],
    [408, 'retryable', '408'],
    [499, 'retryable', '499'],
    [500, 'retryable', '500'],
    [503, 'retryable', '503'],
  ])('%i is an error of the kind %s and says what to do', async (status, kind, words) => {
    const error = await failureOf({ answers: [{ status }] });
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
  });

  it('after a 401 a new token is tried once', async () => {
    const { source, tokenCalls, calls } = setUp({ answers: [{ status: 401 }, list([1])] });
    expect((await pollOnce(source)).records).toHaveLength(1);
    expect([tokenCalls().length, calls().length]).toEqual([2, 2]);
  });

  it('after a 429 the call is made again in the next window', async () => {
    const { source, clock } = setUp({
      answers: [{ status: 429, headers: { 'retry-after': '7' } }, list([1])],
    });
    expect((await pollOnce(source)).records).toHaveLength(1);
    expect(clock.slept).toContain(7000);
  });

  it.each([400, 403, 404, 500])(
    '%i on a further page leaves the cursor: the window comes again',
    async (status) => {
      const { source } = setUp({ answers: [list([1], '?a=1'), { status }] });
      const cursors: (string | null)[] = [];
      const error = await pollOnce(source, { settle: ({ cursor }) => cursors.push(cursor) > 0 }).catch(
        (e) => e,
      );
      expect(error).toBeInstanceOf(CodedError);
      expect(cursors).toEqual([null]);
    },
  );

  it.each<[string, Scripted]>([
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html>Planted-1</html>' }],
    ['half a page', { headers: JSON_TYPE, body: '{"value":[{"Planted-1":' }],
    ['an error under 200', asJson({ error: { message: 'Planted-1' } })],
    ['nothing', { headers: JSON_TYPE }],
  ])('%s in place of a page is told, without its words, and nothing moves', async (_what, answer) => {
    const { source } = setUp({ answers: [answer] });
    const error = await pollOnce(source).catch((thrown) => thrown);
    expect(error.code).toBe('SOURCE_ANSWER');
    expect(`${error.message} ${JSON.stringify(error.problems)} ${error.stack}`).not.toContain('Planted');
  });
});

describe('a run without messages', () => {
  const HOUR = 3_600_000;
  const NOTHING = { status: 404 };

  it('raises attention after a working day, and a page takes it back', async () => {
    const { source, notes, clock } = setUp({ answers: [...Array(25).fill(NOTHING), list([1])] });
    for (let hour = 0; hour < 24; hour += 1) {
      await pollOnce(source);
      expect(notes.get('no-messages')).toBeUndefined();
      clock.advance(HOUR);
    }
    await pollOnce(source);
    expect(notes.get('no-messages')).toMatchObject({ level: 'attention' });
    expect(notes.get('no-messages')?.text).toContain('No message since 2026-03-02 10:30.');
    await pollOnce(source);
    expect(notes.get('no-messages')).toBeUndefined();
  });

  it('the weekend does not count', async () => {
    const { source, notes, clock } = setUp({ answers: [NOTHING] });
    clock.advance(4 * 24 * HOUR + 7 * HOUR);
    await pollOnce(source);
    clock.advance(64 * HOUR);
    await pollOnce(source);
    expect(notes.size).toBe(0);
    clock.advance(9 * HOUR);
    await pollOnce(source);
    expect(notes.size).toBe(1);
  });

  it('the number of days is a setting', async () => {
    const { source, notes, clock } = setUp({ answers: [NOTHING], settings: { emptyRunAttention: 3 } });
    await pollOnce(source);
    clock.advance(71 * HOUR);
    await pollOnce(source);
    expect(notes.size).toBe(0);
    clock.advance(HOUR);
    await pollOnce(source);
    expect(notes.size).toBe(1);
  });
});

describe('check', () => {
  const only = async (set: SetUp) => {
    const problems = await setUp(set).check();
    expect(problems).toHaveLength(1);
    return {
      path: problems[0]?.path.replace('connections.there.settings.', ''),
      detail: problems[0]?.detail,
    };
  };

  it('asks for a window in which nothing can be; again and again it takes no other token', async () => {
    const { check, calls, tokenCalls, logged } = setUp({ answers: [{ status: 404 }] });
    expect([await check(), await check()]).toEqual([[], []]);
    expect(tokenCalls()).toHaveLength(1);
    expect(logged.map(({ message }) => message)).toContain(
      'the right to the messages is not proved: none and no right look the same',
    );
    expect(calls()[0]?.url).toMatch(
      /changedAfter=2026-03-02T09:29:59.999Z&changedUntil=2026-03-02T09:30:00.000Z$/,
    );
  });

  const refusal = (error: string) => ({ ...asJson({ error }), status: 400 });
  it.each<[string, SetUp, string, string]>([
    [
      'a wrong client',
      { token: refusal('invalid_client') },
      'clientId',
      'client id or client secret is wrong',
    ],
    ['a wrong client at the older gateway', { token: { status: 401 } }, 'clientId', 'Check clientId'],
    ['a wrong tenant', { token: refusal('invalid_request') }, 'tenantId', 'Check tenantId'],
    ['no tenant', { token: refusal('x'), settings: { tenantId: null } }, 'tenantId', 'wants a tenantId'],
    ['no token address', { token: new RouteError('No host.') }, 'tokenUrl', 'No host. Check tokenUrl'],
    ['another page at the token address', { token: { status: 404 } }, 'tokenUrl', 'Check tokenUrl'],
    ['no API address', { answers: [new RouteError('No secure connection.')] }, 'baseUrl', 'Check baseUrl'],
    [
      'a web page at the API address',
      { answers: [{ status: 404, headers: { 'content-type': 'text/html' } }] },
      'baseUrl',
      'no API at this address',
    ],
    ['no right', { answers: [{ status: 403 }] }, 'clientId', 'has no right'],
    ['a token that is not taken', { answers: [{ status: 401 }] }, 'clientId', 'authorizationScheme'],
    ['a server that is down', { answers: [{ status: 503 }] }, 'baseUrl', '503'],
    ['a token address that is down', { token: { status: 503 } }, 'tokenUrl', '503'],
  ])('%s is one line with the setting', async (_what, set, path, words) => {
    const problem = await only(set);
    expect(problem.path).toBe(path);
    expect(problem.detail).toContain(words);
    expect(problem.detail).not.toMatch(/the-secret|the-token|\n/);
  });

  it('a budget that is spent is told at the pace', async () => {
    const { check } = setUp({ settings: { pace: { perDay: 1 } } });
    await check();
    expect(await check()).toMatchObject([{ code: 'POSTPONED', path: 'connections.there.settings.pace' }]);
  });
});

describe('settings', () => {
  const parse = (settings: Readonly<Record<string, unknown>>) =>
    vismaRaetSivi.settingsSchema.safeParse({ ...SETTINGS, ...settings });

  it('have a safe default wherever there is one', () => {
    expect(vismaRaetSivi.settingsSchema.parse({ clientId: 'env:A', clientSecret: 'file:./b' })).toEqual({
      baseUrl: 'https://api.youforce.com/SIVI/v1.0/api',
      tokenUrl: 'https://connect.visma.com/connect/token',
      tenantId: null,
      tenantHeader: null,
      clientId: 'env:A',
      clientSecret: 'file:./b',
      authorizationScheme: 'Bearer',
      accept: 'xml',
      overlapMinutes: 15,
      take: null,
      emptyRunAttention: 1,
      timeoutSeconds: 30,
      pace: { minIntervalMs: 600, concurrency: 3, perDay: 6000, tokensPerMonth: 400 },
    });
  });

  it.each([
    { baseUrl: 'http://api.youforce.com/SIVI' },
    { tokenUrl: 'http://connect.visma.com/connect/token' },
    { tokenUrl: 'connect.visma.com' },
    { baseUrl: 'https://user:word@api.youforce.com' },
    { baseUrl: 'https://api.youforce.com/sivi?a=1' },
    { baseUrl: 'http://127.0.0.1.elsewhere.example' },
    { tenantId: 1234567 },
    { tenantHeader: 'a\r\nb: c' },
    { clientSecret: 'the secret itself' },
    { overlapMinutes: 0 },
    { take: 0 },
    { pace: { perSecond: 1 } },
    { unknown: true },
  ])('%j is refused', (settings) => {
    expect(parse(settings).success).toBe(false);
  });

  it.each([
    { baseUrl: 'http://127.0.0.1:8080/api', tokenUrl: 'http://localhost:8080/connect/token' },
    { baseUrl: 'http://[::1]:8080/api' },
    { pace: { perDay: null, tokensPerMonth: null } },
  ])('%j is taken', (settings) => {
    expect(parse(settings).success).toBe(true);
  });
});
