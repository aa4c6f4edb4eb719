// The fault proxy itself: what it forwards is verbatim, and each fault is the fault that its name says.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bodyText, type HttpMethod } from '../../src/calls/http.js';
import { RetryableError, UnknownOutcomeError } from '../../src/errors.js';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { failure } from '../support/http-call.js';

let server: Server;
let proxy: FaultProxy;
/** Method, address, headers and body of every call that reached the server. */
let reached: { readonly line: string; readonly headers: readonly string[]; readonly body: string }[];

beforeEach(async () => {
  reached = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    reached.push({ line: `${request.method} ${request.url}`, headers: request.rawHeaders, body });
    if (request.url === '/packed') {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(gzipSync('packed words'));
      return;
    }
    response.writeHead(request.url === '/nothing' ? 204 : 201, { 'X-Number': String(reached.length) });
    response.end(request.url === '/nothing' ? '' : `{"number":${reached.length},"words":"good words"}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await proxy.close();
  server.close();
  server.closeAllConnections();
});

const ask = (method: HttpMethod = 'POST', path = '/a') =>
  proxy.http.request({
    ...{ method, url: `${proxy.url}${path}`, signal: new AbortController().signal },
    headers: { 'X-Odd-Name': 'Odd Value', authorization: 'Bearer x' },
    ...(method !== 'GET' && { body: '<body/>' }),
  });

describe('the fault proxy', () => {
  it('forwards a call and its answer as they came', async () => {
    const answer = await ask('POST', '/a%20b?x=1%2B2&y=&y=z+w');
    expect(answer).toMatchObject({ status: 201, headers: { 'x-number': '1' } });
    expect(reached).toHaveLength(1);
    expect(reached[0]).toMatchObject({ line: 'POST /a%20b?x=1%2B2&y=&y=z+w', body: '<body/>' });
    expect(reached[0]?.headers).toEqual(expect.arrayContaining(['X-Odd-Name', 'Odd Value']));
    expect(bodyText(await ask('GET', '/packed'))).toBe('packed words');
    expect((await ask('DELETE', '/nothing')).status).toBe(204);
    expect(proxy.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /a%20b?x=1%2B2&y=&y=z+w',
      'GET /packed',
      'DELETE /nothing',
    ]);
  });

  it('gives a status with its headers and body without asking the server', async () => {
    proxy.arm({ kind: 'status', status: 429, headers: { 'Retry-After': '7' }, body: '{}' });
    const answer = await ask();
    expect(answer).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7', 'content-type': 'application/json' },
    });
    proxy.arm({ kind: 'html' });
    expect(await ask()).toMatchObject({ status: 502, headers: { 'content-type': 'text/html' } });
    expect(reached).toEqual([]);
  });

  it.each([
    ['reset-before', 0],
    ['silence-before', 0],
    ['reset-after', 1],
    ['silence-after', 1],
    ['truncated', 1],
  ] as const)('%s: no whole answer, and the server was reached %i times', async (kind, times) => {
    proxy.arm({ kind }, { times: 2 });
    expect(await failure(ask('POST'))).toBeInstanceOf(UnknownOutcomeError);
    expect(reached).toHaveLength(times);
    expect(await failure(ask('GET'))).toBeInstanceOf(RetryableError);
    expect((await ask()).status).toBe(201);
  });

  it('gives the right answer in pieces, under another type, with another date, or garbled', async () => {
    proxy.arm({ kind: 'trickle' });
    expect(bodyText(await ask())).toBe('{"number":1,"words":"good words"}');
    proxy.arm({ kind: 'content-type' });
    expect(await ask()).toMatchObject({ status: 201, headers: { 'content-type': 'text/plain' } });
    proxy.arm({ kind: 'date', offsetMs: -7_200_000 });
    const behind = Date.now() - Date.parse((await ask()).headers.date ?? '');
    expect(Math.round(behind / 60_000)).toBe(120);
    proxy.arm({ kind: 'garbled' });
    const garbled = await ask();
    expect(garbled.status).toBe(201);
    expect(() => JSON.parse(bodyText(garbled))).toThrow();
    expect(reached).toHaveLength(4);
  });

  it('repeats the answer before it', async () => {
    await ask('GET', '/list?page=1');
    await ask('GET', '/other');
    proxy.arm({ kind: 'repeat' }, { match: (_method, path) => path.startsWith('/list') });
    expect((await ask('GET', '/list?page=2')).headers['x-number']).toBe('1');
    expect((await ask('GET', '/list?page=2')).headers['x-number']).toBe('3');
  });

  it('spoils the calls that it is told to, as often as it is told to', async () => {
    const fault = { kind: 'status', status: 500 } as const;
    const statuses = async (...asked: readonly HttpMethod[]) => {
      const seen: number[] = [];
      for (const method of asked) seen.push((await ask(method)).status);
      return seen;
    };
    proxy.arm(fault, { times: 2, after: 1, match: (method) => method === 'POST' });
    expect(await statuses('GET', 'POST', 'POST', 'GET', 'POST', 'POST')).toEqual([
      201, 201, 500, 201, 500, 201,
    ]);
    proxy.arm(fault, { times: Number.POSITIVE_INFINITY });
    expect(await statuses('GET', 'GET', 'GET')).toEqual([500, 500, 500]);
    proxy.disarm();
    expect(await statuses('GET')).toEqual([201]);
  });

  it('closes while a call is open', async () => {
    proxy.arm({ kind: 'silence-before' });
    await failure(ask());
    await proxy.close();
    expect(await failure(ask())).toBeInstanceOf(RetryableError);
  });
});
