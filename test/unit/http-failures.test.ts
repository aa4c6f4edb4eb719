// Calls that end without a whole answer: what is thrown says truly whether something may have arrived.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttp, type HttpMethod } from '../../src/calls/http.js';
import { RetryableError, RouteError, UnknownOutcomeError } from '../../src/errors.js';
import { call, failure } from '../support/http-call.js';
import { type RawServer, rawAnswer, startRawServer } from '../support/raw-server.js';

const WRITING = ['POST', 'PATCH', 'PUT', 'DELETE'] as const;
const servers: RawServer[] = [];

async function serve(...given: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(...given);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A GET may be made again; any other call may have had its effect. */
const kindFor = (method: HttpMethod) => (method === 'GET' ? RetryableError : UnknownOutcomeError);

/** A time limit that falls when a test says so. */
function stopwatch() {
  const late = new AbortController();
  return { http: createHttp({ timeLimit: () => late.signal }), timeIsUp: () => late.abort() };
}

describe('a call over HTTP that cannot begin', () => {
  it.each(['GET', ...WRITING] as const)(
    'a %s to a port where nobody listens is retryable',
    async (method) => {
      const server = await startRawServer(() => {});
      await server.close();
      for (const host of ['127.0.0.1', 'localhost']) {
        const error = await failure(createHttp().request(call(`http://${host}:${server.port}`, method)));
        expect(error).toBeInstanceOf(RetryableError);
        expect(error.message).toContain('ECONNREFUSED');
      }
    },
  );

  it('a host name that does not exist is a wrong address', async () => {
    const error = await failure(createHttp().request(call('http://nowhere.invalid', 'POST')));
    // Without any name service the machine itself cannot tell: then nothing was sent, and it is tried again.
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(error).toBeInstanceOf(error.message.includes('ENOTFOUND') ? RouteError : RetryableError);
  });

  it.each([
    'marked-path',
    'ftp://host.invalid',
    'data:text/plain,marked-path',
    'http://me:secret@host.invalid',
  ])('no address: %s', async (url) => {
    const error = await failure(createHttp().request({ ...call(''), url }));
    expect(error).toBeInstanceOf(RouteError);
  });

  it('a call that is given up beforehand sends nothing', async () => {
    const server = await serve((socket) => socket.write(rawAnswer()));
    const asked = call(server.url, 'POST', { signal: AbortSignal.abort() });
    expect(await failure(createHttp().request(asked))).toBeInstanceOf(RetryableError);
    expect(server.connections).toBe(0);
  });

  it('a time-out before there is a connection is retryable, also for a POST', async () => {
    const server = await serve((socket) => socket.write(rawAnswer()));
    const { http, timeIsUp } = stopwatch();
    const answer = failure(http.request(call(server.url, 'POST')));
    timeIsUp();
    expect(await answer).toBeInstanceOf(RetryableError);
    expect(server.requests).toEqual([]);
  });
});

describe.each(['GET', ...WRITING] as const)('a %s that was sent and got no whole answer', (method) => {
  const expectFailure = async (onRequest: (socket: Socket) => void, word: string) => {
    const server = await serve(onRequest);
    const error = await failure(createHttp().request(call(server.url, method)));
    expect(error).toBeInstanceOf(kindFor(method));
    expect(error.message).toContain(word);
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
    expect(server.requests).toHaveLength(1);
  };

  it('reset after it was read', () => expectFailure((socket) => socket.resetAndDestroy(), 'ECONNRESET'));
  it('closed after it was read', () => expectFailure((socket) => socket.end(), 'ECONNRESET'));
  it('cut off in the head of the answer', () =>
    expectFailure((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'), 'ECONNRESET'));
  it('cut off in the body: the length says more', () =>
    expectFailure(
      (socket) => socket.end(rawAnswer('marked-answer', 'Content-Length: 99\r\n')),
      'ECONNRESET',
    ));
  it('cut off in the body: the last chunk is missing', () =>
    expectFailure(
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\nmarked-answer\r\n'),
      'ECONNRESET',
    ));
  it('answered with something that is not HTTP', () =>
    expectFailure((socket) => socket.end('marked-answer'), 'HPE_'));
  it('packed in a way that was not offered', () =>
    expectFailure((socket) => socket.write(rawAnswer('x', 'Content-Encoding: br\r\n')), 'ANSWER_ENCODING'));
  it('named as packed, and not packed', () =>
    expectFailure((socket) => socket.write(rawAnswer('x', 'Content-Encoding: gzip\r\n')), 'Z_'));

  it('reset before it was read', async () => {
    const server = await serve(
      () => {},
      (socket) => void socket.pause().once('readable', () => socket.resetAndDestroy()),
    );
    const error = await failure(createHttp().request(call(server.url, method)));
    expect(error).toBeInstanceOf(kindFor(method));
  });

  it.each([
    ['before any answer', ''],
    ['within the answer', 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nmarked-'],
  ])('the time is up %s', async (_what, begun) => {
    const { http, timeIsUp } = stopwatch();
    const server = await serve((socket) => socket.write(begun, () => timeIsUp()));
    const error = await failure(http.request(call(server.url, method)));
    expect(error).toBeInstanceOf(kindFor(method));
    expect(error.message).toContain('its time was up');
  });

  it('the caller gives up', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    const error = await failure(createHttp().request(call(server.url, method, { signal: stop.signal })));
    expect(error).toBeInstanceOf(kindFor(method));
    expect(error.message).toContain('it was stopped');
  });

  it('the answer is longer than allowed', async () => {
    const server = await serve((socket) => socket.write(rawAnswer('x'.repeat(1001))));
    const http = createHttp();
    const error = await failure(http.request(call(server.url, method, { maxBytes: 1000 })));
    expect(error).toBeInstanceOf(kindFor(method));
    expect(error.message).toContain('ANSWER_TOO_LARGE');
    await expect(http.request(call(server.url, method, { maxBytes: 1001 }))).resolves.toMatchObject({
      status: 200,
    });
  });
});

describe('a connection that is used again', () => {
  it.each(['GET', 'POST'] as const)('and was cut by the server: a %s is told truly', async (method) => {
    const server = await serve((socket, number) => {
      if (number === 1) socket.write(rawAnswer());
      else socket.resetAndDestroy();
    });
    const http = createHttp();
    await http.request(call(server.url, method));
    expect(await failure(http.request(call(server.url, method)))).toBeInstanceOf(kindFor(method));
    expect(server.connections).toBe(1);
  });

  it('and is closed at this very moment: what is called retryable never arrived', async () => {
    const server = await serve((socket) => socket.end(rawAnswer()));
    const http = createHttp();
    let answered = 0;
    for (let round = 0; round < 100; round += 1) {
      const before = server.requests.length;
      const outcome = await http.request(call(server.url, 'POST')).then(
        () => 'answered',
        (error) => error,
      );
      if (outcome === 'answered') answered += 1;
      else expect([RetryableError, UnknownOutcomeError]).toContain(outcome.constructor);
      if (outcome instanceof RetryableError) expect(server.requests.length).toBe(before);
    }
    expect(answered).toBeGreaterThan(0);
  });
});

describe('the time of a call', () => {
  it('runs by itself', async () => {
    const server = await serve(() => {});
    const error = await failure(createHttp().request(call(server.url, 'POST', { timeoutMs: 30 })));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toContain('its time was up');
  });

  it('covers an answer that trickles in without end', async () => {
    const { http, timeIsUp } = stopwatch();
    let pieces = 0;
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const next = () => {
        pieces += 1;
        if (pieces === 50) timeIsUp();
        if (!socket.destroyed) socket.write('x', () => setImmediate(next));
      };
      next();
    });
    expect(await failure(http.request(call(server.url)))).toBeInstanceOf(RetryableError);
    expect(pieces).toBeGreaterThanOrEqual(50);
  });

  it('ends the connection too', async () => {
    const { http, timeIsUp } = stopwatch();
    const closed: Promise<unknown>[] = [];
    const server = await serve((socket) => {
      closed.push(once(socket, 'close'));
      timeIsUp();
    });
    await failure(http.request(call(server.url)));
    expect(closed).toHaveLength(1);
    await closed[0];
  });
});
