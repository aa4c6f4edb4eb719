// What stands before every API of Visma Raet, as one small server on this machine: tokens, limits, errors, and a record of
// what came. The APIs themselves are put behind it. Quiet, without timers; all time is the clock's.
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Clock } from '../../src/connector.js';
import type { ErrorShape } from './simulator-errors.js';
import { createFailures, errorWriter, type Failure, Refused } from './simulator-failures.js';
import { createMeter, type Limits, type Traffic } from './simulator-limits.js';
import { TOKEN_PATHS, tokenRoutes } from './simulator-token-routes.js';
import { type Credentials, createTokenDesk, type TokenOptions } from './simulator-tokens.js';

export interface GatewayOptions extends Omit<TokenOptions, 'clock' | 'credentials'> {
  readonly clock: Clock;
  /** A free one when absent. */
  readonly port?: number;
  readonly credentials?: Partial<Credentials>;
  /** Those not named are as documented: 600 ms apart, 3 at once, 6000 a day, 400 tokens a month. Null: none. */
  readonly limits?: Partial<Limits> | 'off';
  /** Put into the message of every error body, so that a test can look where it turns up. */
  readonly planted?: () => string;
}

export interface Call {
  readonly atMs: number;
  readonly method: string;
  /** Path and query exactly as they came. */
  readonly path: string;
  readonly headers: FastifyRequest['headers'];
  /** Null until it is answered. */
  readonly status: number | null;
}

export interface Gateway {
  /** Without a slash at its end. */
  readonly url: string;
  /** Visma Connect. */
  readonly tokenUrl: string;
  /** The older one. */
  readonly gatewayTokenUrl: string;
  readonly credentials: Credentials;
  readonly calls: readonly Call[];
  readonly tokenCalls: readonly Call[];
  traffic(): Traffic;
  failNext(failure: Failure): void;
  /** From now on API calls wait for their answer, until the returned function is called. */
  hold(): () => void;
  revokeTokens(): void;
  close(): Promise<void>;
}

export interface GatewayParts {
  /** How the path of every API call begins. */
  readonly api: string;
  readonly shape: ErrorShape;
  /** What its answers can be. */
  readonly offered: readonly string[];
  readonly routes: (server: FastifyInstance, credentials: Credentials) => void;
}

const CREDENTIALS = { clientId: 'simulated-client', clientSecret: 'simulated-secret', tenantId: '1234567' };

export async function startGateway(options: GatewayOptions, parts: GatewayParts): Promise<Gateway> {
  const { clock, planted = () => '', port = 0 } = options;
  const credentials = { ...CREDENTIALS, ...options.credentials };
  const desk = createTokenDesk({ ...options, credentials });
  const meter = createMeter(clock, options.limits);
  const failures = createFailures();
  const queue = createQueue();
  const calls: Call[] = [];
  const tokenCalls: Call[] = [];

  const server = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  server.setErrorHandler(errorWriter({ clock, planted, shape: parts.shape, offered: parts.offered }));
  server.setNotFoundHandler(() => {
    throw new Refused('No such page.', { status: 404, shape: 'html' });
  });
  const onAnswer = new WeakMap<FastifyRequest, (status: number) => void>();
  server.addHook('onRequest', async (request, reply) => {
    const isApi = request.url.startsWith(parts.api);
    const answered = record(request, isApi ? calls : tokenCalls, clock.now());
    const visit = isApi ? meter.enter() : null;
    onAnswer.set(request, (status) => {
      answered(status);
      visit?.leave();
    });
    if (!visit) return;
    reply.raw.once('close', visit.leave);
    failures.come('api');
    if (visit.broken) throw new Refused(`Limit: ${visit.broken}.`, { status: 429 });
    if (!desk.accepts(request.headers.authorization ?? '')) {
      throw new Refused('The token is missing or not valid.', { status: 401 });
    }
    await queue.turn();
  });
  server.addHook('onSend', async (request, reply) => onAnswer.get(request)?.(reply.statusCode));
  tokenRoutes(server, { desk, meter, failures, planted });
  parts.routes(server, credentials);

  const url = await server.listen({ host: '127.0.0.1', port });
  return {
    url,
    tokenUrl: `${url}${TOKEN_PATHS.connect}`,
    gatewayTokenUrl: `${url}${TOKEN_PATHS.gateway}`,
    credentials,
    calls,
    tokenCalls,
    traffic: meter.traffic,
    failNext: failures.order,
    hold: queue.hold,
    revokeTokens: desk.revoke,
    close: () => server.close(),
  };
}

/** Returns what to call with the status of the answer. */
function record(request: FastifyRequest, calls: Call[], atMs: number): (status: number) => void {
  const { method, url: path, headers } = request;
  const call = { atMs, method, path, headers, status: null };
  const index = calls.push(call) - 1;
  return (status) => {
    calls[index] = { ...call, status };
  };
}

/** Holds up whoever comes, until it is opened. Who still waits when the server stops is cut off. */
function createQueue() {
  let turn = Promise.resolve();
  return {
    hold(): () => void {
      let open = () => {};
      turn = new Promise((resolve) => {
        open = resolve;
      });
      return () => open();
    },
    turn: () => turn,
  };
}
