// TLS, against real servers with certificates made here: what nobody can trust never gets a byte of a request.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createPlainServer, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttp } from '../../src/calls/http.js';
import { RetryableError, RouteError, UnknownOutcomeError } from '../../src/errors.js';
import { type Certificates, type Identity, makeCertificates } from '../support/certificates.js';
import { call, failure } from '../support/http-call.js';
import { type RawServer, startRawServer } from '../support/raw-server.js';

let certificates: Certificates;
let requests: string[];
const servers: (Server | ReturnType<typeof createPlainServer>)[] = [];
const raw: RawServer[] = [];
const sockets = new Set<Socket>();

beforeAll(() => {
  certificates = makeCertificates();
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  for (const server of raw.splice(0)) await server.close();
});

async function listen(server: Server | ReturnType<typeof createPlainServer>): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function secure(identity: Identity, over: object = {}): Promise<string> {
  requests = [];
  return listen(
    createServer({ ...identity, ...over }, (request, response) => {
      requests.push(`${request.method}`);
      request
        .resume()
        .on('end', () => (request.method === 'PUT' ? response.destroy() : response.end('hello')));
    }).on('tlsClientError', () => {}),
  );
}

describe('HTTP over TLS', () => {
  it('works with a certificate of a trusted authority, and uses a connection again', async () => {
    const host = await secure(certificates.good);
    const http = createHttp({ trust: [certificates.authority] });
    let connections = 0;
    servers[0]?.on('connection', () => {
      connections += 1;
    });
    for (const method of ['GET', 'POST', 'GET'] as const) {
      const answer = await http.request(call(`https://${host}`, method));
      expect(Buffer.from(answer.bytes).toString()).toBe('hello');
    }
    expect([requests, connections]).toEqual([['GET', 'POST', 'GET'], 1]);
  });

  it.each([
    ['that nobody trusts', 'untrusted', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has expired', 'expired', 'CERT_HAS_EXPIRED'],
    ['of another host', 'otherHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)(
    'a certificate %s is a fault of the connection, and nothing is sent',
    async (_what, name, code) => {
      const host = await secure(certificates[name]);
      const http = createHttp({ trust: [certificates.authority] });
      for (const method of ['GET', 'POST'] as const) {
        const error = await failure(http.request(call(`https://${host}`, method)));
        expect(error).toBeInstanceOf(RouteError);
        expect(error.message).toContain(code);
      }
      expect(requests).toEqual([]);
    },
  );

  it('without a trusted authority a good certificate is none', async () => {
    const host = await secure(certificates.good);
    const error = await failure(createHttp().request(call(`https://${host}`, 'POST')));
    expect(error).toBeInstanceOf(RouteError);
    expect(error.message).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('a version older than 1.2 is refused', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const host = await secure(certificates.good, old);
    const http = createHttp({ trust: [certificates.authority] });
    expect(await failure(http.request(call(`https://${host}`, 'POST')))).toBeInstanceOf(RouteError);
  });

  it('where plain HTTP is spoken is a fault of the connection', async () => {
    const server = await startRawServer(
      () => {},
      (socket) => void socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    raw.push(server);
    const error = await failure(createHttp().request(call(`https://127.0.0.1:${server.port}`, 'POST')));
    expect(error).toBeInstanceOf(RouteError);
    expect(server.requests).toEqual([]);
  });

  it('is not there where TLS is spoken: plain HTTP gets no answer', async () => {
    const host = await secure(certificates.good);
    const answers = (['GET', 'POST'] as const).map((method) =>
      failure(createHttp().request(call(`http://${host}`, method))),
    );
    const [get, post] = await Promise.all(answers);
    expect(get).toBeInstanceOf(RetryableError);
    expect(post).toBeInstanceOf(UnknownOutcomeError);
    expect(requests).toEqual([]);
  });

  it('cut off in the handshake nothing was sent: retryable, also for a POST', async () => {
    const host = await listen(createPlainServer((socket) => socket.once('data', () => socket.end())));
    expect(await failure(createHttp().request(call(`https://${host}`, 'POST')))).toBeInstanceOf(
      RetryableError,
    );
  });

  it('a handshake that never ends is over in time: retryable, also for a POST', async () => {
    const late = new AbortController();
    const host = await listen(createPlainServer((socket) => socket.once('data', () => late.abort())));
    const http = createHttp({ timeLimit: () => late.signal });
    expect(await failure(http.request(call(`https://${host}`, 'POST')))).toBeInstanceOf(RetryableError);
  });

  it('a reset after the request may have had its effect', async () => {
    const host = await secure(certificates.good);
    const http = createHttp({ trust: [certificates.authority] });
    expect(await failure(http.request(call(`https://${host}`, 'PUT')))).toBeInstanceOf(UnknownOutcomeError);
    expect(requests).toEqual(['PUT']);
  });
});
