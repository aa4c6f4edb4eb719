// The simulated Visma Verzuim: who gets in, what goes wrong on purpose, and what it remembers of the calls.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVERY_SCOPE, openVerzuimBench, type VerzuimBench } from '../support/verzuim-bench.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

const courses = (more = {}) => bench.call('GET', '/absence-course', more);
const tokenBody = (more = {}) => {
  const { clientId, clientSecret } = bench.simulator.credentials;
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, ...more };
};
const askToken = (body: object, more = {}) => bench.call('POST', '/auth/token', { body, ...more });

describe('getting in', () => {
  beforeEach(() => bench.start());

  it('the ping needs nothing', async () => {
    const headers = { authorization: null, 'ocp-apim-subscription-key': null };
    expect((await bench.call('GET', '/health/ping', { headers })).status).toBe(200);
  });

  it('a token holds for three hours', async () => {
    expect((await bench.logIn()).body).toMatchObject({ token_type: 'Bearer', expires_in: 10_800 });
    bench.clock.advance(10_799_000);
    expect((await courses()).status).toBe(200);
    bench.clock.advance(1000);
    expect(await courses()).toMatchObject({ status: 401, body: { error: 'access_denied' } });
    await bench.logIn();
    expect((await courses()).status).toBe(200);
  });

  it('every token is another, and all of them can be revoked', async () => {
    const first = await bench.logIn();
    const second = await bench.logIn();
    expect(first.body.access_token).not.toBe(second.body.access_token);
    bench.simulator.revokeTokens();
    expect((await courses()).status).toBe(401);
  });

  it.each([
    [401, 'invalid_client', { client_secret: 'wrong' }],
    [401, 'invalid_client', { client_id: 'wrong' }],
    [400, 'unsupported_grant_type', { grant_type: 'password' }],
  ])('a token call is refused: %d %s', async (status, error, wrong) => {
    expect(await askToken(tokenBody(wrong))).toMatchObject({
      status,
      body: { error, error_description: expect.any(String), message: expect.any(String) },
    });
  });

  it('an incomplete token call is a 422', async () => {
    const body = { grant_type: 'client_credentials' };
    expect(await askToken(body, { direct: true })).toMatchObject({ status: 422 });
    const text = tokenBody({ scope: 'absencecourse-read' });
    expect(await askToken(text, { direct: true })).toMatchObject({ status: 422 });
  });

  it('a scope that the client was not given is refused by its name', async () => {
    await bench.start({ granted: ['absencecourse-read'] });
    expect(await bench.logIn(EVERY_SCOPE)).toMatchObject({
      status: 401,
      body: { hint: 'Check the `absencecourse-create` scope' },
    });
    expect((await bench.logIn({ absencecourse: ['read'] })).status).toBe(200);
  });

  it('a call without its scope is refused by its name', async () => {
    await bench.logIn({ absencecourse: ['create'] });
    expect(await courses()).toMatchObject({
      status: 401,
      body: { hint: 'Check the `absencecourse-read` scope' },
    });
    expect(await bench.call('GET', '/employment')).toMatchObject({ status: 401 });
    expect((await bench.call('GET', '/dossier/illness')).status).toBe(200);
  });

  it('a missing or wrong subscription key is refused before anything else, at the token call too', async () => {
    const wrong = { 'ocp-apim-subscription-key': 'wrong' };
    const missing = { 'ocp-apim-subscription-key': null };
    const refused = { status: 401, body: { statusCode: 401, message: expect.any(String) } };
    expect(await courses({ headers: wrong })).toMatchObject(refused);
    expect(await courses({ headers: missing, direct: true })).toMatchObject(refused);
    expect(await askToken(tokenBody(), { headers: wrong })).toMatchObject(refused);
  });

  it('a missing or unknown token is refused', async () => {
    expect((await courses({ headers: { authorization: 'Bearer unknown' } })).status).toBe(401);
    expect((await courses({ headers: { authorization: null }, direct: true })).status).toBe(401);
  });

  it('an unknown address is a 404', async () => {
    const answer = await bench.call('GET', '/dossier/medical', { direct: true });
    expect(answer).toMatchObject({ status: 404, body: { statusCode: 404 } });
  });
});

describe('troubles', () => {
  beforeEach(async () => {
    await bench.start();
    bench.simulator.addEmployee({ externalKey: 'p-1' });
    bench.simulator.addEmployment({ employee: 'p-1', externalKey: 'e-1' });
  });
  const report = (more = {}) =>
    bench.call('POST', '/absence-course', {
      body: { employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: 0 },
      ...more,
    });

  it('the next calls that match fail, with this status, these headers and this body', async () => {
    bench.simulator.failNext({
      status: 502,
      times: 2,
      match: (method, path) => method === 'POST' && path === '/absence-course',
      headers: { 'content-type': 'text/html' },
      body: '<html>bad gateway</html>',
    });
    expect((await courses()).status).toBe(200);
    const failed = await report({ direct: true });
    expect([failed.status, failed.body, failed.headers.get('content-type')]).toEqual([
      502,
      '<html>bad gateway</html>',
      'text/html',
    ]);
    expect((await report({ direct: true })).status).toBe(502);
    expect((await report()).status).toBe(201);
  });

  it('without a body it is the documented shape', async () => {
    bench.simulator.failNext({ status: 500 });
    expect(await courses()).toMatchObject({
      status: 500,
      body: { status: 500, message: 'Server Error', errors: { detail: expect.any(Array) } },
    });
  });

  it('a call may be done and yet answered as a failure', async () => {
    bench.simulator.failNext({ status: 500, afterwards: true });
    expect(await report()).toMatchObject({ status: 500, body: { message: 'Server Error' } });
    expect(bench.simulator.courses()).toHaveLength(1);
  });

  it('random troubles come in their shares, the same for the same seed, and change nothing', async () => {
    const statuses = async (seed: number) => {
      await bench.start({ trouble: { seed, share429: 0.2, share503: 0.1 } });
      const seen: number[] = [];
      for (let call = 0; call < 200; call += 1)
        seen.push((await askToken(tokenBody(), { direct: true })).status);
      return seen;
    };
    const [one, same, other] = [await statuses(7), await statuses(7), await statuses(8)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    const share = (status: number) => one.filter((seen) => seen === status).length / one.length;
    expect(Math.abs(share(429) - 0.2)).toBeLessThan(0.08);
    expect(Math.abs(share(503) - 0.1)).toBeLessThan(0.08);
    expect(share(200) + share(429) + share(503)).toBeCloseTo(1);
  });

  it('a limit answers with 429 and Retry-After until the window is over', async () => {
    await bench.start({ limit: { calls: 3, windowMs: 10_000 } });
    expect([(await courses()).status, (await courses()).status]).toEqual([200, 200]);
    const refused = await courses();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    bench.clock.advance(10_001);
    expect((await courses()).status).toBe(200);
  });

  it('deprecation headers come with the paths that have them', async () => {
    const sunset = 'Wed, 31 Dec 2025 23:00:00 UTC';
    await bench.start({ deprecated: { '/employee': { deprecated: '@1758557834', sunset } } });
    const { headers } = await bench.call('GET', '/employee');
    expect([headers.get('deprecated'), headers.get('sunset')]).toEqual(['@1758557834', sunset]);
    expect((await courses()).headers.get('sunset')).toBeNull();
  });
});

describe('what is remembered of a call', () => {
  it('method, path, time, status and names; no secret and no value', async () => {
    await bench.start();
    bench.clock.advance(5000);
    await courses({ query: { 'filter[externalKey]': 'marked-word', include: 'dossier,absenceReason' } });
    await bench.call('PATCH', '/employee', {
      body: { key: 'marked-word', person: { lastName: 'marked-word' } },
    });
    const at = Date.UTC(2026, 2, 2, 9, 30, 5);
    expect(bench.simulator.calls.slice(-2)).toEqual([
      {
        method: 'GET',
        path: '/absence-course',
        at,
        status: 200,
        query: ['filter[externalKey]', 'include'],
        include: ['dossier', 'absenceReason'],
        fields: [],
      },
      {
        method: 'PATCH',
        path: '/employee',
        at,
        status: 400,
        query: [],
        include: [],
        fields: ['key', 'person.lastName'],
      },
    ]);
    const { clientSecret, subscriptionKey } = bench.simulator.credentials;
    const remembered = JSON.stringify(bench.simulator.calls);
    for (const secret of [clientSecret, subscriptionKey, 'marked-word', 'Bearer'])
      expect(remembered).not.toContain(secret);
  });

  it('the busiest stretch of a window, of one path or of all', async () => {
    await bench.start();
    for (const pause of [0, 400, 400, 400, 5000]) {
      bench.clock.advance(pause);
      await courses();
    }
    expect(bench.simulator.busiest(1000, '/absence-course')).toBe(3);
    expect(bench.simulator.busiest(801, '/absence-course')).toBe(3);
    expect(bench.simulator.busiest(800, '/absence-course')).toBe(2);
    expect(bench.simulator.busiest(100_000)).toBe(6);
    expect(bench.simulator.busiest(100_000, '/employee')).toBe(0);
  });
});
