// POST /hooks/<connection> over HTTP: limits before anything is read, the raw bytes to the webhook, its answer back, and
// a count of both. What a request holds is shown nowhere.
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import type { Webhook } from '../intake/webhook.js';

const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const MINUTE_MS = 60_000;

/** What fastify itself refuses, in the words that senders get. */
const WORDS: Readonly<Record<number, string>> = {
  413: 'too large',
  415: 'wrong type',
  429: 'too many requests',
};

export async function serveHooks(
  server: FastifyInstance,
  webhooks: readonly Webhook[],
  registry: Registry,
): Promise<void> {
  const requests = new Counter({
    name: 'verzuimbrug_webhook_requests_total',
    help: 'Requests to /hooks/<connection> since the start, per connection and status of the answer.',
    labelNames: ['connection', 'status'],
    registers: [registry],
  });
  await server.register(rateLimit, { global: false });
  await server.register(async (scope) => {
    // The bytes as they came: whatever type they say they are, nobody reads them before they are verified.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => {
      const status = statusOf(error);
      return reply.code(status).send({ error: WORDS[status] ?? 'not accepted' });
    });
    for (const webhook of webhooks) serveHook(scope, webhook, requests);
  });
}

function serveHook(scope: FastifyInstance, webhook: Webhook, requests: Counter): void {
  const { connection, settings } = webhook;
  const url = `/hooks/${connection}`;
  const onResponse = async (_request: FastifyRequest, reply: FastifyReply) =>
    requests.inc({ connection, status: String(reply.statusCode) });
  const limit = { max: settings.perMinute, timeWindow: MINUTE_MS, keyGenerator: () => connection };
  scope.route({
    ...{ method: 'POST', url, bodyLimit: settings.maxBytes, config: { rateLimit: limit }, onResponse },
    async handler({ headers, body }, reply) {
      // What is packed could be far larger than it seems, and is signed as it is packed.
      const packed = (headers['content-encoding'] ?? 'identity') !== 'identity';
      if (packed) return reply.code(415).send({ error: WORDS[415] });
      const raw = { headers: plain(headers), body: body instanceof Uint8Array ? body : new Uint8Array() };
      const answer = await webhook.receive(raw);
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    },
  });
  scope.route({
    ...{ method: OTHER_METHODS, url, onResponse },
    handler: async (_request, reply) =>
      reply.code(405).header('allow', 'POST').send({ error: 'only POST is answered here' }),
  });
}

/** Node joins what comes several times, or keeps the first where only one makes sense. */
function plain(headers: FastifyRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function statusOf(error: unknown): number {
  const { statusCode } = Object(error);
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}
