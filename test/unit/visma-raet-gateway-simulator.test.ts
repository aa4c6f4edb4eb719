// What the simulators of Visma Raet have in common: tokens, limits per application, errors in five shapes, and a record
// of what came.
import { describe, expect, it } from '@jest/globals';
import {
  type SiviSimulator,
  type SiviSimulatorOptions,
  startSiviSimulator,
} from '../../connectors/visma-raet-sivi/simulator.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { askToken, bearer, closing, send } from '../support/raet-client.js';

interface Site {
  readonly clock: ManualClock;
  readonly simulator: SiviSimulator;
  /** A call of the API, with one message to find. */
  get(authorization?: string, headers?: Readonly<Record<string, string>>): ReturnType<typeof send>;
}

async function withSite(
  options: Partial<SiviSimulatorOptions>,
  act: (site: Site) => Promise<void>,
): Promise<void> {
  const clock = manualClock();
  const simulator = await startSiviSimulator({ clock, ...options });
  simulator.put({ brAlg: { berrefnr: '1' } }, { at: 0 });
  const get: Site['get'] = (authorization, headers = {}) =>
    send(`${simulator.url}/api/verzuimmeldingen`, {
      headers: authorization ? { authorization, ...headers } : headers,
    });
  await closing({ clock, simulator, get }, act);
}

/** Resolves when so many calls are in. */
async function arrived(simulator: SiviSimulator, calls: number): Promise<void> {
  while (simulator.traffic().calls < calls) await new Promise((resolve) => setImmediate(resolve));
}

const OFF = { limits: 'off' } as const;

describe('tokens', () => {
  it('of Visma Connect are bearer tokens for an hour, with their scopes', () =>
    withSite(OFF, async ({ simulator, get }) => {
      const answer = await askToken(simulator);
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({
        access_token: expect.any(String),
        expires_in: 3600,
        token_type: 'Bearer',
        scope: 'Youforce-IAM:Get_Basic',
      });
      expect((await get(`Bearer ${answer.json().access_token}`)).status).toBe(200);
      expect((await get(`bearer ${answer.json().access_token}`)).status).toBe(200);
    }));

  it('of Visma Connect can tell their life as text, and live shorter', () =>
    withSite({ ...OFF, expiresInAs: 'string', lifetimeSeconds: 60 }, async ({ simulator }) => {
      expect((await askToken(simulator)).json().expires_in).toBe('60');
    }));

  it('of the older gateway ask for no tenant, live two hours, and go under both names', () =>
    withSite(OFF, async ({ clock, simulator, get }) => {
      const answer = (await askToken(simulator, { gateway: true })).json();
      expect(answer).toEqual({
        access_token: expect.any(String),
        expires_in: '7200',
        token_type: 'BearerToken',
      });
      clock.advance(7_199_000);
      for (const scheme of ['BearerToken', 'Bearer']) {
        expect((await get(`${scheme} ${answer.access_token}`)).status).toBe(200);
      }
    }));

  it.each([
    ['client_id', 'unknown', 'invalid_client'],
    ['client_secret', 'wrong', 'invalid_client'],
    ['client_secret', null, 'invalid_client'],
    ['grant_type', 'password', 'unsupported_grant_type'],
    ['tenant_id', 'another', 'invalid_request'],
    ['tenant_id', null, 'invalid_request'],
  ])('are not given by Visma Connect when %s is %s', (field, value, error) =>
    withSite(OFF, async ({ simulator }) => {
      const answer = await askToken(simulator, { form: { [field]: value } });
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ error, error_description: expect.any(String) });
    }),
  );

  it.each([
    ['client_id', 'unknown', 401, 'unauthorized'],
    ['client_secret', 'wrong', 401, 'unauthorized'],
    ['grant_type', 'password', 400, 'bad_request'],
  ])('are not given by the older gateway when %s is %s', (field, value, statusCode, errorCode) =>
    withSite(OFF, async ({ simulator }) => {
      const answer = await askToken(simulator, { gateway: true, form: { [field]: value } });
      expect(answer.status).toBe(statusCode);
      expect(answer.json()).toMatchObject({ statusCode, errorCode, correlationId: expect.any(String) });
    }),
  );

  it.each([false, true])('are not given without Cache-Control: no-cache (older gateway: %s)', (gateway) =>
    withSite(OFF, async ({ simulator }) => {
      const answer = await askToken(simulator, { gateway, headers: { 'cache-control': null } });
      expect({ status: answer.status, told: answer.text.includes('Cache-Control') }).toEqual({
        status: 400,
        told: true,
      });
    }),
  );

  it('end by the clock', () =>
    withSite(OFF, async ({ clock, simulator, get }) => {
      const token = await bearer(simulator);
      clock.advance(3_599_999);
      expect((await get(token)).status).toBe(200);
      clock.advance(1);
      expect((await get(token)).status).toBe(401);
    }));

  it('end when they are revoked; a new one is good', () =>
    withSite(OFF, async ({ simulator, get }) => {
      const token = await bearer(simulator);
      simulator.revokeTokens();
      expect((await get(token)).status).toBe(401);
      expect((await get(await bearer(simulator))).status).toBe(200);
    }));

  it.each([undefined, '', 'Bearer', 'Bearer invented', 'Basic abc'])('%j is none', (authorization) =>
    withSite(OFF, async ({ get }) => {
      expect((await get(authorization)).status).toBe(401);
    }),
  );

  it('under the name of another type are none', () =>
    withSite(OFF, async ({ simulator, get }) => {
      const token = (await bearer(simulator)).slice('Bearer '.length);
      expect((await get(`BearerToken ${token}`)).status).toBe(401);
    }));

  it('are given 400 times a month, refusals counted, and again in the next one', () =>
    withSite({}, async ({ clock, simulator }) => {
      for (let number = 1; number < 400; number += 1) {
        await askToken(simulator, { gateway: number % 2 === 0, form: { client_secret: 'wrong' } });
      }
      expect((await askToken(simulator)).status).toBe(200);
      expect((await askToken(simulator)).status).toBe(429);
      expect((await askToken(simulator, { gateway: true })).status).toBe(429);
      expect(simulator.traffic().tokensThisMonth).toBe(402);
      clock.advance(31 * 86_400_000);
      expect((await askToken(simulator)).status).toBe(200);
      expect(simulator.traffic()).toMatchObject({ tokensThisMonth: 1, calls: 0 });
    }));
});

describe('limits', () => {
  it('a second call within 600 ms is refused, and does not lengthen the wait', () =>
    withSite({}, async ({ clock, simulator, get }) => {
      const token = await bearer(simulator);
      const statuses: number[] = [];
      for (const wait of [0, 599, 1, 600, 10]) {
        clock.advance(wait);
        statuses.push((await get(token)).status);
      }
      expect(statuses).toEqual([200, 429, 200, 200, 429]);
      expect(simulator.traffic()).toMatchObject({ calls: 5, refused: 2, shortestGapMs: 1, callsToday: 3 });
    }));

  it('a fourth call at once is refused', () =>
    withSite({ limits: { minIntervalMs: null } }, async ({ simulator, get }) => {
      const token = await bearer(simulator);
      for (let number = 0; number < 5; number += 1) await get(token);
      const release = simulator.hold();
      const waiting = [1, 2, 3].map(() => get(token));
      await arrived(simulator, 8);
      expect((await get(token)).status).toBe(429);
      release();
      expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
      expect((await get(token)).status).toBe(200);
      expect(simulator.traffic()).toMatchObject({ mostAtOnce: 4, refused: 1 });
    }));

  it('calls that follow each other are never two at once', () =>
    withSite(OFF, async ({ simulator, get }) => {
      const token = await bearer(simulator);
      for (let number = 0; number < 50; number += 1) await get(token);
      expect(simulator.traffic()).toMatchObject({ calls: 50, mostAtOnce: 1, shortestGapMs: 0 });
    }));

  it('a caller that hangs up is not counted any longer', () =>
    withSite({ limits: { minIntervalMs: null, concurrency: 1 } }, async ({ simulator, get }) => {
      const authorization = await bearer(simulator);
      const release = simulator.hold();
      const leaving = new AbortController();
      const url = `${simulator.url}/api/verzuimmeldingen`;
      const lost = send(url, { headers: { authorization }, signal: leaving.signal }).catch(() => 'lost');
      await arrived(simulator, 1);
      leaving.abort();
      expect(await lost).toBe('lost');
      // It is a moment before the server notices; until then it refuses the next one.
      let next = get(authorization);
      let letIn = false;
      for (let calls = 2; calls < 200; calls += 1) {
        await arrived(simulator, calls);
        letIn = simulator.traffic().refused < calls - 1;
        if (letIn) break;
        await next;
        next = get(authorization);
      }
      expect(letIn).toBe(true);
      release();
      expect((await next).status).toBe(200);
    }));

  it('the calls of a day end, and begin again the next day', () =>
    withSite({ limits: { minIntervalMs: null, perDay: 3 } }, async ({ clock, simulator, get }) => {
      const token = await bearer(simulator);
      const statuses = [];
      for (let number = 0; number < 5; number += 1) statuses.push((await get(token)).status);
      expect(statuses).toEqual([200, 200, 200, 429, 429]);
      clock.advance(86_400_000);
      expect((await get(await bearer(simulator))).status).toBe(200);
      expect(simulator.traffic().callsToday).toBe(1);
    }));

  it('can be switched off', () =>
    withSite(OFF, async ({ simulator, get }) => {
      const token = await bearer(simulator);
      const answers = await Promise.all(Array.from({ length: 20 }, () => get(token)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }));
});

describe('errors', () => {
  const planted = () => 'zxxplanted';

  it.each([
    ['server-error', ['error']],
    ['flat', ['message', 'correlationId', 'issuedAt', 'errorCode', 'statusCode']],
    ['problem-details', ['type', 'title', 'status', 'detail', 'instance', 'correlationId']],
    ['pascal-case', ['CorrelationId', 'Message', 'ErrorCode', 'Exception']],
  ] as const)('in the shape %s have a correlation id of their own', (shape, keys) =>
    withSite({ ...OFF, planted }, async ({ simulator, get }) => {
      simulator.failNext({ status: 500, shape, times: 2 });
      const [one, other] = [await get(), await get()];
      expect({ status: one.status, type: one.type }).toEqual({ status: 500, type: 'application/json' });
      expect(Object.keys(one.json())).toEqual(keys);
      expect(one.text).toContain('zxxplanted');
      const idOf = (text: string) => /"correlationid":"(?<id>[0-9a-f-]{36})"/i.exec(text)?.groups?.id;
      expect(idOf(one.text)).toEqual(expect.any(String));
      expect(idOf(one.text)).not.toBe(idOf(other.text));
    }),
  );

  it('can be the page of a web server', () =>
    withSite({ ...OFF, planted }, async ({ simulator, get }) => {
      simulator.failNext({ status: 502, shape: 'html' });
      const answer = await get();
      expect({ status: answer.status, type: answer.type }).toEqual({ status: 502, type: 'text/html' });
      expect(answer.text).toMatch(/^<html>[\s\S]*502 Bad Gateway[\s\S]*zxxplanted[\s\S]*nginx/);
    }));

  it("in the API's own shape are XML for whoever accepts XML", () =>
    withSite({ ...OFF, planted }, async ({ simulator, get }) => {
      simulator.failNext({ status: 500 });
      const answer = await get(undefined, { accept: 'application/xml' });
      expect(answer.type).toBe('application/xml');
      expect(answer.text).toMatch(/<ServerError><Error><Message>.* zxxplanted<\/Message><CorrelationId>/);
    }));

  it('are made as often as ordered, in order, with headers, and then no more', () =>
    withSite(OFF, async ({ simulator, get }) => {
      const token = await bearer(simulator);
      simulator.failNext({ status: 429, headers: { 'retry-after': '7' } });
      simulator.failNext({ status: 503, times: 2 });
      const answers = [await get(token), await get(token), await get(token), await get(token)];
      expect(answers.map(({ status }) => status)).toEqual([429, 503, 503, 200]);
      expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['7', null, null, null]);
    }));

  it('can be ordered for tokens alone', () =>
    withSite({ ...OFF, planted }, async ({ simulator, get }) => {
      const token = await bearer(simulator);
      simulator.failNext({ status: 503, shape: 'html', of: 'token' });
      expect((await get(token)).status).toBe(200);
      expect((await askToken(simulator)).status).toBe(503);
      expect((await askToken(simulator)).status).toBe(200);
      expect((await askToken(simulator, { form: { client_id: 'x' } })).text).toContain('zxxplanted');
    }));

  it.each([
    ['GET', '/elsewhere', 404],
    ['GET', '/connect/token', 404],
    ['POST', '/api/verzuimmeldingen', 404],
    ['GET', '/api/elsewhere', 404],
  ])('%s %s is a page that is not there', (method, path, status) =>
    withSite(OFF, async ({ simulator }) => {
      const headers = { authorization: await bearer(simulator) };
      const answer = await send(`${simulator.url}${path}`, { method, headers });
      expect({ status: answer.status, type: answer.type }).toEqual({ status, type: 'text/html' });
    }),
  );
});

describe('the server', () => {
  it('keeps each call with its answer; those for tokens apart', () =>
    withSite({ limits: { minIntervalMs: 1 } }, async ({ clock, simulator, get }) => {
      const atMs = clock.now();
      const token = await bearer(simulator);
      await get(token, { accept: 'application/xml' });
      await get(token);
      const path = '/api/verzuimmeldingen';
      expect(simulator.calls).toMatchObject([
        { atMs, method: 'GET', path, status: 200, headers: { accept: 'application/xml' } },
        { atMs, method: 'GET', path, status: 429 },
      ]);
      expect(simulator.tokenCalls).toMatchObject([{ method: 'POST', path: '/connect/token', status: 200 }]);
    }));

  it('stops at once, also while it holds a call', async () => {
    const simulator = await startSiviSimulator({ clock: manualClock() });
    const authorization = await bearer(simulator);
    simulator.hold();
    const held = send(`${simulator.url}/api/verzuimmeldingen`, { headers: { authorization } }).catch(
      () => null,
    );
    await arrived(simulator, 1);
    await simulator.close();
    await held;
    await expect(send(simulator.url)).rejects.toThrow();
  });

  it('can be given a port and other credentials', async () => {
    const clock = manualClock();
    const first = await startSiviSimulator({ clock });
    const port = Number(new URL(first.url).port);
    await first.close();
    const second = await startSiviSimulator({ clock, port, credentials: { clientSecret: 'another' } });
    expect(second.url).toBe(first.url);
    expect((await askToken(second)).status).toBe(200);
    expect((await askToken({ ...second, credentials: first.credentials })).status).toBe(400);
    await second.close();
  });
});
