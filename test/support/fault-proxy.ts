// Stands before a server, forwards every call as it came and spoils the ones that a test has armed a fault for, before
// or after the server did its work. No fault waits by the clock: a silent one is over when the client gives up.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { createHttp, type Http } from '../../src/calls/http.js';
import { type Clock, systemClock } from '../../src/clock.js';
import { type Answer, type Fault, spoil, without } from './faults.js';

export type { Fault } from './faults.js';

export interface ArmOptions {
  /** How many calls it spoils, 1 when absent; `Infinity` until `disarm`. */
  readonly times?: number;
  /** Calls to let pass first, of those that match; none when absent. */
  readonly after?: number;
  /** Which calls; all when absent. `path` is what stands behind the host, with its query. */
  readonly match?: Match;
}

export type Match = (method: string, path: string) => boolean;

export interface ProxiedCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** ms, by the clock of the options. */
  readonly at: number;
}

export interface FaultProxy {
  /** Without a slash at its end. */
  readonly url: string;
  /** For the client under test: a real one, but its time-out falls at once when this proxy is silent. */
  readonly http: Http;
  readonly calls: readonly ProxiedCall[];
  arm(fault: Fault, options?: ArmOptions): void;
  /** Forgets all that is armed. */
  disarm(): void;
  /** Also ends the connections that are still open. */
  close(): Promise<void>;
}

interface Armed {
  readonly fault: Fault;
  readonly match: Match;
  times: number;
  after: number;
}

/** `upstream` such as `http://127.0.0.1:8080`; `clock` dates the calls and the skewed answers. */
export async function startFaultProxy(
  upstream: string,
  { clock = systemClock }: { clock?: Pick<Clock, 'now'> } = {},
): Promise<FaultProxy> {
  const calls: ProxiedCall[] = [];
  const answered: { readonly call: ProxiedCall; readonly answer: Answer }[] = [];
  const client = impatientHttp();
  let armed: Armed[] = [];

  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const call = { method: request.method ?? '', path: request.url ?? '', at: clock.now() };
    calls.push(call);
    const spoiling = next(armed, call);
    const match = spoiling?.match ?? (() => true);
    const forward = async () => {
      const answer = await forwarded(upstream, request, body);
      answered.push({ call, answer });
      return answer;
    };
    const before = () => answered.findLast((each) => match(each.call.method, each.call.path))?.answer;
    const passing = { at: call.at, response, forward, before, silent: client.timeIsUp };
    // A server that is away looks here like one that hangs up.
    await spoil(spoiling?.fault, passing).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    http: client.http,
    calls,
    arm: (fault, { times = 1, after = 0, match = () => true } = {}) =>
      void armed.push({ fault, times, after, match }),
    disarm() {
      armed = [];
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function next(armed: readonly Armed[], { method, path }: ProxiedCall): Armed | undefined {
  for (const each of armed) {
    if (each.times <= 0 || !each.match(method, path)) continue;
    if (each.after === 0) {
      each.times -= 1;
      return each;
    }
    each.after -= 1;
  }
  return undefined;
}

/** A real client whose calls under way are out of time when a test says so. */
function impatientHttp(): { readonly http: Http; readonly timeIsUp: () => void } {
  const underWay = new Set<AbortController>();
  let latest = new AbortController();
  const inner = createHttp({ timeLimit: () => latest.signal });
  const http: Http = {
    async request(asked) {
      const mine = new AbortController();
      latest = mine;
      underWay.add(mine);
      return await inner.request(asked).finally(() => underWay.delete(mine));
    },
  };
  return { http, timeIsUp: () => underWay.forEach((each) => void each.abort()) };
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function forwarded(upstream: string, from: IncomingMessage, body: Buffer): Promise<Answer> {
  const { hostname, port } = new URL(upstream);
  const headers = without(from.rawHeaders, 'connection');
  const method = from.method ?? 'GET';
  const sent = request({ hostname, port, method, path: from.url, headers, setHost: false, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    words: response.statusMessage ?? '',
    headers: without(response.rawHeaders, 'connection', 'keep-alive', 'transfer-encoding'),
    body: await bytesOf(response),
  };
}
