// Calls of the WFM connection: headers, pages, refusals, and what `check` says.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HttpAnswer, HttpRequest, JsonObject } from '../../src/connector.js';
import { CodedError } from '../../src/errors.js';
import { virtualClock } from '../fakes/virtual-clock.js';
import { leaveOf, wfmApi } from '../support/wfm-api.js';
import { pollWfm, references, SETTINGS, wfmConnection } from '../support/wfm-poll.js';

const filled = (count = 5) => {
  const api = wfmApi();
  for (let number = 1; number <= count; number += 1) api.put(leaveOf(number));
  return api;
};
const answer = (status: number, body = '', headers = {}): HttpAnswer => ({
  ...{ status, headers, bytes: new TextEncoder().encode(body) },
});
const failed = async (api: ReturnType<typeof wfmApi>, settings = {}) => {
  const { records, error } = await pollWfm(wfmConnection(api).start(settings));
  expect(records).toEqual([]);
  if (!(error instanceof CodedError)) throw new Error('a coded error was expected');
  return error;
};

describe('a call', () => {
  it('asks for a token once and sends it with each call; the tenant goes in the form', async () => {
    const api = filled();
    const link = wfmConnection(api);
    await pollWfm(link.start());
    await pollWfm(link.start());
    const [token, first] = api.requests;
    expect(api.tokens).toBe(1);
    expect(token?.body).toBe(
      'grant_type=client_credentials&client_id=client&client_secret=secret&tenant_id=1234567',
    );
    expect(token?.headers).toMatchObject({ 'cache-control': 'no-cache' });
    expect(first?.headers).toEqual({
      ...{ authorization: 'Bearer token-1', accept: 'application/json', 'cache-control': 'no-cache' },
    });
    expect(first?.url).toBe('https://wfm.test/1.0/SickLeaves?Take=1000');
  });

  it('that waits for its turn until the token has ended goes with a new one', async () => {
    const api = filled();
    const clock = virtualClock();
    const until = new Map<string, number>();
    const http = {
      request: async (asked: HttpRequest) => {
        const given = await api.http.request(asked);
        if (asked.method === 'POST') {
          until.set(`Bearer token-${api.tokens}`, clock.now() + 60_000);
          return answer(200, JSON.stringify({ access_token: `token-${api.tokens}`, expires_in: 60 }));
        }
        const isGood = (until.get(asked.headers?.authorization ?? '') ?? 0) > clock.now();
        return isGood ? given : answer(401);
      },
    };
    const source = wfmConnection(api, { http, clock }).start({ pace: { minIntervalMs: 40_000 } });
    expect((await clock.run(pollWfm(source))).error).toBeNull();
    // A refusal would have made seven of them.
    expect(api.calls).toHaveLength(6);
  });

  it('sends the tenant as a header and the type of the token where the settings say so', async () => {
    const api = filled();
    const gateway = '{"access_token":"t","expires_in":"7200","token_type":"BearerToken"}';
    api.tokenAnswer = () => answer(200, gateway);
    const settings = { tenantId: null, tenantHeader: '42', authorizationScheme: 'token-type' };
    await pollWfm(wfmConnection(api).start(settings));
    expect(api.requests[0]?.body).not.toContain('tenant_id');
    expect(api.requests[1]?.headers).toMatchObject({
      authorization: 'BearerToken t',
      'x-raet-tenant-id': '42',
    });
  });
});

describe('pages', () => {
  it.each([
    ['token', 'values'],
    ['token', 'value'],
    ['offset', 'values'],
  ] as const)('by %s, in `%s`, give the whole list', async (links, listName) => {
    const api = Object.assign(filled(), { links, listName, pageSize: 2 });
    expect(references(await pollWfm(wfmConnection(api).start()))).toHaveLength(5);
    // Three pages, and one look whether there is more.
    expect(api.calls).toHaveLength(12);
  });

  it('the query of a link is followed as it is, on our own address', async () => {
    const api = filled(1);
    const query = '?Take=1000&NextToken=Zm9v+1%2B2/YmFy==';
    api.before = (path, number) =>
      number === 1
        ? { values: [], nextLink: `https://elsewhere.test/wfm/v1.0/SickLeaves${query}` }
        : path.includes('NextToken') && path.includes('SickLeaves')
          ? { values: [leaveOf(1)] }
          : null;
    expect(references(await pollWfm(wfmConnection(api).start()))).toEqual(['1001 1 1']);
    expect(api.requests[2]?.url).toBe(`https://wfm.test/1.0/SickLeaves${query}`);
  });

  it.each([
    ['as many rows as were asked for', 1000, 1001],
    ['fewer, because the server gives 500 at most', 500, 800],
    ['fewer, and then some more', 500, 1700],
  ])('a page without a link is not taken for the last: %s', async (_what, pageSize, count) => {
    const api = Object.assign(filled(count), { links: 'none', pageSize } as const);
    expect(references(await pollWfm(wfmConnection(api).start()))).toHaveLength(count);
    expect(api.calls).toContain(`/1.0/SickLeaves?Take=1000&Skip=${count}`);
  });

  it('whatever the size of list and page, none is lost, and a list costs one call more than it has pages', async () => {
    const sizes = fc.integer({ min: 1, max: 12 });
    const ways = fc.constantFrom('token' as const, 'offset' as const, 'none' as const);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), sizes, ways, async (count, pageSize, links) => {
        const api = Object.assign(filled(count), { links, pageSize });
        expect(references(await pollWfm(wfmConnection(api).start()))).toHaveLength(count);
        expect(api.calls).toHaveLength(3 * (Math.ceil(count / pageSize) + 1));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a full page', 1000],
    ['a page that may be all or may be cut', 800],
  ])(
    '%s from a server that knows neither links nor Skip is an error: nobody can tell',
    async (_name, rows) => {
      const api = filled(rows);
      api.before = (path) => (path.includes('SickLeaves') ? { values: api.lists.SickLeaves } : null);
      const error = await failed(api);
      expect(error).toMatchObject({ code: 'SOURCE_ANSWER', kind: 'retryable' });
      expect(error.message).toContain('Skip');
    },
  );

  it('the same is found when a row was added or removed between the two calls', async () => {
    for (const change of [
      (rows: JsonObject[]) => void rows.unshift(leaveOf(99)),
      (rows: JsonObject[]) => void rows.shift(),
    ]) {
      const api = filled(6);
      api.before = (path) => {
        if (!path.includes('SickLeaves')) return null;
        if (path.includes('Skip')) change(api.lists.SickLeaves);
        return { values: [...api.lists.SickLeaves] };
      };
      expect((await failed(api)).code).toBe('SOURCE_ANSWER');
    }
  });

  it('a server that gives links and knows no Skip has said that there is no more', async () => {
    const api = Object.assign(filled(5), { pageSize: 2 });
    api.before = (path) =>
      /SickLeaves.*Skip=/.test(path)
        ? { values: api.lists.SickLeaves.slice(0, 2), nextLink: '?Take=2&NextToken=at-2' }
        : null;
    expect(references(await pollWfm(wfmConnection(api).start()))).toHaveLength(5);
  });

  it('a row that shifted to the place after the last is no repetition of the list', async () => {
    const api = Object.assign(filled(4), { links: 'none' } as const);
    api.before = (path) => {
      if (path.includes('SickLeaves') && path.includes('Skip=4')) api.lists.SickLeaves.unshift(leaveOf(99));
      return null;
    };
    expect(references(await pollWfm(wfmConnection(api).start()))).toHaveLength(4);
  });

  it.each([
    ['repeats itself', { values: [], nextLink: '?Take=1000' }],
    ['leads to the same page', { values: [], nextLink: 'abc' }],
    ['leads away', { values: [], nextLink: 'https://elsewhere.test/?a=1' }, 'TARGET_ROUTE'],
  ])(
    'a link that %s is an error, and nothing is handed over',
    async (_name, page, code = 'SOURCE_ANSWER') => {
      const api = filled();
      api.before = () => page;
      expect((await failed(api)).code).toBe(code);
    },
  );

  it('a linked page that is not there is an error, not the end', async () => {
    const api = Object.assign(filled(), { pageSize: 2 });
    api.before = (path) => (path.includes('NextToken') ? answer(404) : null);
    expect(await failed(api)).toMatchObject({ code: 'SOURCE_ANSWER', kind: 'retryable' });
  });

  it.each([
    ['a web page', '<html>Log in</html>'],
    ['half an answer', '{"values":[{"id":'],
    ['no list', '{"items":[]}'],
    ['a bare list', '[]'],
  ])('%s with status 200 is an error', async (_name, body) => {
    const api = filled();
    api.before = () => answer(200, body);
    expect((await failed(api)).code).toBe('SOURCE_ANSWER');
  });
});

describe('a refusal', () => {
  it.each([
    [401, 'route', 'clientId'],
    [403, 'route', 'no right'],
    [400, 'route', 'baseUrl'],
    [500, 'retryable', '500'],
    [503, 'retryable', '503'],
  ])('%i is of the kind %s and says what to look at, without query and body', async (status, kind, words) => {
    const api = filled();
    api.before = () => answer(status, '{"title":"GEHEIM","correlationId":"abc-1"}');
    const error = await failed(api);
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/GEHEIM|Take/);
  });

  it('a 401 is tried once with a new token', async () => {
    const api = filled();
    api.before = (_path, number) => (number === 1 ? answer(401) : null);
    const { records } = await pollWfm(wfmConnection(api).start());
    expect([records.length, api.tokens]).toEqual([5, 2]);
  });

  it('of the token is told with the setting to look at', async () => {
    for (const [status, kind] of [
      [400, 'route'],
      [401, 'route'],
      [404, 'route'],
      [503, 'retryable'],
    ] as const) {
      const api = Object.assign(filled(), { http: { request: async () => answer(status) } });
      expect((await failed(api)).kind).toBe(kind);
    }
  });
});

describe('a 404 at the first look', () => {
  it('is no error, for the API says it of an empty list too, and a note asks to look', async () => {
    const api = Object.assign(wfmApi(), { whenEmpty: 'not-found' as const });
    const notes: unknown[] = [];
    const link = wfmConnection(api);
    link.memory.note = async (name, note) => void notes.push([name, note?.level ?? null]);
    expect(await pollWfm(link.start())).toMatchObject({ records: [], error: null });
    api.put(leaveOf(1));
    await pollWfm(link.start());
    expect(notes).toEqual([
      ['sick-leaves', 'attention'],
      ['sick-leaves', null],
    ]);
  });
});

describe('check', () => {
  it('logs in and asks each list for a day on which nothing changed: no person comes back', async () => {
    const api = filled();
    expect(await wfmConnection(api).check()).toEqual([]);
    expect(api.calls.map((path) => path.replace(/\?.*/, ''))).toEqual([
      '/1.0/SickLeaves',
      '/1.0/Persons',
      '/1.0/Employments',
    ]);
    for (const path of api.calls) expect(path).toMatch(/\?Take=1&From=1900-01-01T.*&To=1900-01-02T/);
  });

  it('one list with 404 proves nothing and is no problem', async () => {
    const api = filled();
    api.before = (path) => (path.includes('Persons') ? answer(404) : null);
    expect(await wfmConnection(api).check()).toEqual([]);
  });

  it('404 on every list is a wrong address or no right, unless a list without persons is there', async () => {
    const api = filled();
    api.before = (path) => (path.includes('JobProfiles') ? { values: [] } : answer(404));
    expect(await wfmConnection(api).check()).toEqual([]);
    api.before = () => answer(404, '<html></html>');
    const [problem, ...more] = await wfmConnection(api).check();
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: 'TARGET_ROUTE', path: 'connections.there.settings.baseUrl' });
  });

  it('a refused right is one line per list, a refused login is one line', async () => {
    const api = filled();
    api.before = (path) => (path.includes('SickLeaves') ? answer(403) : null);
    const problems = await wfmConnection(api).check();
    expect(problems.map(({ path, detail }) => [path, detail?.split(':')[0]])).toEqual([
      ['connections.there.settings.clientId', 'SickLeaves'],
    ]);
    const refused = Object.assign(filled(), { http: { request: async () => answer(401) } });
    expect((await wfmConnection(refused).check()).map(({ path }) => path)).toEqual([
      'connections.there.settings.clientId',
    ]);
    expect(JSON.stringify(problems)).not.toContain(SETTINGS.tenantId);
  });
});
