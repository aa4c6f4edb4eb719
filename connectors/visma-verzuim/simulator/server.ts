// The HTTP side: subscription key, tokens, troubles and headers around every call, and failures in the API's own shape.
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { CallLog } from './call-log.js';
import { failed } from './envelopes.js';
import type { Credentials, SimulatorOptions } from './options.js';
import { Refusal, VALIDATION_CODE } from './refusal.js';
import type { World } from './rows.js';
import { scopeOf } from './scopes.js';
import type { TokenDesk } from './tokens.js';
import { type Failure, type Trouble, tooMany } from './trouble.js';

export interface ServerParts {
  readonly world: World;
  readonly log: CallLog;
  readonly trouble: Trouble;
  readonly tokens: TokenDesk;
  readonly credentials: Credentials;
  readonly options: Pick<SimulatorOptions, 'limit' | 'deprecated'>;
}

/** Without routes: those are put in by the caller. */
export function createServer(parts: ServerParts): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true });
  server.removeContentTypeParser('text/plain');
  const entries = new WeakMap<FastifyRequest, ReturnType<CallLog['begin']>>();
  const afterwards = new WeakMap<FastifyRequest, Failure>();
  server.addHook('onRequest', async (request, reply) => {
    const [method, path] = [request.method, pathOf(request)];
    const query = request.query as Readonly<Record<string, string>>;
    entries.set(request, parts.log.begin({ method, path, at: parts.world.clock.now() }, query));
    announce(parts, path, reply);
    if (path === '/health/ping') return undefined;
    const failure = overLimit(parts) ?? parts.trouble.meet(method, path);
    if (failure?.afterwards) afterwards.set(request, failure);
    else if (failure) return fail(parts, reply, failure);
    return enter(parts, request, reply);
  });
  server.addHook('preHandler', async (request) => entries.get(request)?.body(request.body));
  server.addHook('onSend', async (request, reply, payload) => {
    const failure = afterwards.get(request);
    if (!failure) return payload;
    reply.code(failure.status).headers(failure.headers ?? {});
    const body = failureBody(parts, failure);
    return typeof body === 'string' ? body : JSON.stringify(body);
  });
  server.addHook('onResponse', async (request, reply) => entries.get(request)?.answered(reply.statusCode));
  server.setErrorHandler((error, _request, reply) => refuse(parts, error, reply));
  // Not documented: the shape of an API management gateway.
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ statusCode: 404, message: 'Resource not found' }),
  );
  return server;
}

const pathOf = ({ url }: FastifyRequest) => url.split('?')[0] ?? url;

/**
 * A wrong subscription key: how Visma answers is NOT documented. The header is that of an Azure API Management gateway, and
 * this is how such a gateway answers.
 */
function enter({ credentials, tokens }: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  const { authorization, 'ocp-apim-subscription-key': key } = request.headers;
  if (key === undefined)
    return reply.code(401).send({
      statusCode: 401,
      message: 'Access denied due to missing subscription key.',
    });
  if (key !== credentials.subscriptionKey)
    return reply.code(401).send({
      statusCode: 401,
      message: 'Access denied due to invalid subscription key.',
    });
  const path = pathOf(request);
  if (path === '/auth/token') return undefined;
  const refused = tokens.refusal(authorization, scopeOf(request.method, path));
  return refused ? reply.code(401).send(refused) : undefined;
}

function overLimit({ world, log, options: { limit } }: ServerParts): Failure | null {
  if (!limit || log.recent(limit.windowMs, world.clock.now()) <= limit.calls) return null;
  return tooMany(Math.ceil(limit.windowMs / 1000));
}

function announce({ options }: ServerParts, path: string, reply: FastifyReply): void {
  const { deprecated, sunset } = options.deprecated?.[path] ?? {};
  if (deprecated !== undefined) reply.header('Deprecated', deprecated);
  if (sunset !== undefined) reply.header('Sunset', sunset);
}

function fail(parts: ServerParts, reply: FastifyReply, failure: Failure) {
  return reply
    .code(failure.status)
    .headers(failure.headers ?? {})
    .send(failureBody(parts, failure));
}

function failureBody({ world }: ServerParts, { status, body }: Failure) {
  return body ?? failed(world, { status, code: 'SIM_TROUBLE', detail: [] });
}

/** A wrong media type: its status is not documented; 415 is what HTTP says. */
function refuse({ world }: ServerParts, error: unknown, reply: FastifyReply) {
  if (error instanceof Refusal) return reply.code(error.status).send(failed(world, error));
  const status = (error as { readonly statusCode?: number }).statusCode ?? 500;
  const detail = [error instanceof Error ? error.message : 'unknown'];
  return reply.code(status).send(failed(world, { status, code: VALIDATION_CODE, detail }));
}
