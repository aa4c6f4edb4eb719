// Answers of any status are answers: their bytes, headers and words as they came, and nothing of a proxy or a redirect.
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyText, createHttp, type HttpAnswer, retryAfterMs } from '../../src/calls/http.js';
import { RouteError, UnknownOutcomeError } from '../../src/errors.js';
import { call, failure } from '../support/http-call.js';
import { type RawServer, rawAnswer, startRawServer } from '../support/raw-server.js';

let server: RawServer | undefined;

async function serve(...answers: readonly Buffer[]): Promise<string> {
  server = await startRawServer((socket, number) => {
    socket.write(answers[Math.min(number, answers.length) - 1] ?? '');
  });
  return server.url;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const answer = (headers: Record<string, string>, bytes: Uint8Array = new Uint8Array()): HttpAnswer => ({
  ...{ status: 200, headers, bytes },
});

describe('an answer over HTTP', () => {
  it.each([200, 304, 400, 401, 404, 429, 500, 503])('of status %i is an answer', async (status) => {
    const url = await serve(rawAnswer('', '', `${status} Some Words`));
    expect((await createHttp().request(call(url))).status).toBe(status);
  });

  it('has header names in lower case, and its bytes untouched', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf, 60]);
    const url = await serve(rawAnswer(bytes, 'X-ReQuest-Id: Ab-1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n'));
    const got = await createHttp().request(call(url));
    expect(got.headers).toMatchObject({ 'x-request-id': 'Ab-1', 'set-cookie': 'a=1,b=2' });
    expect(Object.keys(got.headers)).toEqual(Object.keys(got.headers).map((name) => name.toLowerCase()));
    expect([...got.bytes]).toEqual([...bytes]);
  });

  it.each([
    ['204', Buffer.from('HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n')],
    ['201 of length 0', rawAnswer('', '', '201 Created')],
  ])('without a body has none: %s', async (_what, bytes) => {
    const url = await serve(bytes);
    expect((await createHttp().request(call(url, 'POST'))).bytes).toHaveLength(0);
  });

  it('is unpacked, and its limit holds for what comes out', async () => {
    const url = await serve(rawAnswer(gzipSync('y'.repeat(100_000)), 'Content-Encoding: gzip\r\n'));
    const http = createHttp();
    expect(bodyText(await http.request(call(url)))).toBe('y'.repeat(100_000));
    expect((await failure(http.request(call(url, 'GET', { maxBytes: 99_999 })))).message).toContain(
      'No whole',
    );
  });

  it('that is packed and breaks off is none, although its length is right', async () => {
    const packed = gzipSync('some text that is a little longer than a block of nothing');
    const url = await serve(rawAnswer(packed.subarray(0, packed.length - 9), 'Content-Encoding: gzip\r\n'));
    expect((await failure(createHttp().request(call(url)))).message).toContain('Z_BUF_ERROR');
  });

  it('in pieces is whole', async () => {
    const url = await serve(
      Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'),
    );
    expect(bodyText(await createHttp().request(call(url)))).toBe('abcde');
  });

  it('comes over the connection that is still open', async () => {
    const url = await serve(rawAnswer('a'));
    const http = createHttp();
    for (let round = 0; round < 5; round += 1) await http.request(call(url, round % 2 ? 'POST' : 'GET'));
    expect([server?.requests.length, server?.connections]).toEqual([5, 1]);
  });
});

describe('a request over HTTP', () => {
  it('is sent as it stands', async () => {
    const url = await serve(rawAnswer());
    const path = '/a%20b/c%2Fd?next=x%2By%3D%3D&n=1+2&e=';
    const headers = { Authorization: 'Bearer abc', 'Content-Type': 'application/xml' };
    await createHttp().request({ ...call(url, 'POST'), url: `${url}${path}`, headers, body: '<é/>' });
    const [sent = ''] = server?.requests ?? [];
    expect(sent.startsWith(`POST ${path} HTTP/1.1\r\n`)).toBe(true);
    expect(sent.toLowerCase()).toMatch(/authorization: bearer abc\r\n/);
    expect(sent.toLowerCase()).toMatch(/content-type: application\/xml\r\n/);
    expect(Buffer.from(sent.split('\r\n\r\n')[1] ?? '', 'latin1').toString()).toBe('<é/>');
  });

  it.each([301, 302, 307, 308])(
    'is not sent on by a %i, so that its credentials stay here',
    async (status) => {
      const other = await startRawServer((socket) => socket.write(rawAnswer('other')));
      const url = await serve(rawAnswer('', `Location: ${other.url}/marked-answer\r\n`, `${status} Moved`));
      for (const method of ['GET', 'POST'] as const) {
        expect(await failure(createHttp().request(call(url, method)))).toBeInstanceOf(RouteError);
      }
      expect(other.connections).toBe(0);
      await other.close();
    },
  );

  it('that is answered with 303 may have been carried out', async () => {
    const url = await serve(rawAnswer('', 'Location: /done\r\n', '303 See Other'));
    expect(await failure(createHttp().request(call(url, 'POST')))).toBeInstanceOf(UnknownOutcomeError);
    expect(await failure(createHttp().request(call(url, 'GET')))).toBeInstanceOf(RouteError);
  });

  it('takes no notice of a proxy in the environment', async () => {
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    const before = names.map((name) => [name, process.env[name]] as const);
    const proxy = await startRawServer((socket) => socket.write(rawAnswer('proxy')));
    for (const name of names) process.env[name] = proxy.url;
    try {
      const url = await serve(rawAnswer('direct'));
      expect(bodyText(await createHttp().request(call(url)))).toBe('direct');
      expect(proxy.connections).toBe(0);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await proxy.close();
    }
  });
});

describe('the text of an answer', () => {
  it.each([
    ['nothing said', '', Buffer.from('één')],
    ['UTF-8', 'application/json; charset=utf-8', Buffer.from('één')],
    ['a mark of the byte order', 'application/json', Buffer.from('\ufeffeén'.replace('e', 'é'))],
    ['Latin 1', 'text/xml;charset="ISO-8859-1"', Buffer.from('één', 'latin1')],
    ['UTF-16', 'text/xml; Charset=UTF-16LE', Buffer.from('één', 'utf16le')],
    ['a charset that does not exist', 'text/xml; charset=marked', Buffer.from('één')],
  ])('with %s', (_what, type, bytes) => {
    expect(bodyText(answer({ 'content-type': type }, new Uint8Array(bytes)))).toBe('één');
  });
});

describe('the wait that an answer asks for', () => {
  const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
  const DAY_MS = 86_400_000;
  const asked = (value: string) => retryAfterMs(answer({ 'retry-after': value }), NOW);

  it.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['-5', 0],
    ['86401', DAY_MS],
    ['9'.repeat(400), DAY_MS],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Sun, 22 Nov 2099 12:00:00 GMT', DAY_MS],
    ['', undefined],
    ['soon', undefined],
    ['1.5', undefined],
    ['2026-11-22T12:00:30Z', undefined],
    ['Sun, 99 Nov 2026 12:00:30 GMT', undefined],
  ])('%s', (value, ms) => {
    expect(asked(value)).toBe(ms);
  });

  it('is undefined when nothing is asked', () => {
    expect(retryAfterMs(answer({}), NOW)).toBeUndefined();
  });

  it('is between 0 and a day, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (value) => {
        const ms = asked(value);
        expect(ms === undefined || (ms >= 0 && ms <= DAY_MS)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
