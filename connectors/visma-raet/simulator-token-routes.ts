// The two token addresses over HTTP: what they ask of a call, and how each says no. Visma Connect's refusals follow
// RFC 6749, section 5.2 (its own are not documented); the older gateway's are the documented flat ones.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Failures, Refused } from './simulator-failures.js';
import type { Meter } from './simulator-limits.js';
import type { Place, TokenDesk } from './simulator-tokens.js';

export interface TokenRouteParts {
  readonly desk: TokenDesk;
  readonly meter: Meter;
  readonly failures: Failures;
  readonly planted: () => string;
}

export const TOKEN_PATHS: Readonly<Record<Place, string>> = {
  connect: '/connect/token',
  gateway: '/authentication/token',
};

export function tokenRoutes(server: FastifyInstance, parts: TokenRouteParts): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
  for (const place of ['connect', 'gateway'] as const) {
    server.post(TOKEN_PATHS[place], async (request, reply) => give(place, { request, reply, parts }));
  }
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly parts: TokenRouteParts;
}

function give(place: Place, { request, reply, parts }: Exchange) {
  const { desk, meter, failures, planted } = parts;
  const broken = meter.enterToken();
  failures.come('token');
  if (broken) throw new Refused(`Limit: ${broken}.`, { status: 429, shape: 'flat' });
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  // Called mandatory for calls for a token, in the guide to request headers.
  const fresh = request.headers['cache-control'] === 'no-cache';
  const answer = fresh ? desk.give(place, form) : ({ given: false, code: 'invalid_request' } as const);
  if (answer.given) return reply.send(answer.body);
  const reason = fresh
    ? `The values sent are not right (${answer.code}).`
    : 'Cache-Control: no-cache is missing.';
  if (place === 'connect') {
    return reply.code(400).send({ error: answer.code, error_description: `${reason} ${planted()}`.trim() });
  }
  throw new Refused(reason, { status: answer.code === 'invalid_client' ? 401 : 400, shape: 'flat' });
}
