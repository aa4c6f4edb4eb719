// Tokens: asked of Visma Connect with a tenant, or of the older gateway without one (domain notes on Visma Raet, section
// 2), and kept by `createTokens`, since only 400 calls a month are allowed. Knows the form and the answer, not the keeping.
import { z } from 'zod';
import type { ConnectorDeps, Grant, HttpAnswer, Tokens } from '../../src/connector.js';
import { createTokens } from '../../src/connector.js';
import { jsonOf, tracesOf } from './answers.js';
import { SettingError, tokenError } from './errors.js';
import type { AccessSettings } from './settings.js';

/** The client id may change while the daemon runs; a token belongs to the client that asked for it. */
export function createAccess(settings: AccessSettings, deps: ConnectorDeps): Tokens {
  let current: { readonly clientId: string; readonly tokens: Tokens } | null = null;
  const tokens = (): Tokens => {
    const clientId = deps.secret(settings.clientId);
    if (current?.clientId !== clientId) current = { clientId, tokens: tokensOf(clientId, settings, deps) };
    return current.tokens;
  };
  return {
    with: async (call, signal) => tokens().with(call, signal),
    atStart: async (call, signal) => tokens().atStart(call, signal),
    renew: async (signal) => tokens().renew(signal),
    verify: async (signal) => tokens().verify(signal),
  };
}

function tokensOf(clientId: string, settings: AccessSettings, deps: ConnectorDeps): Tokens {
  const { tokenUrl, tenantId, pace } = settings;
  const { clock, memory } = deps;
  return createTokens({
    ask: (signal) => ask(clientId, { settings, deps, signal }),
    identity: [tokenUrl, clientId, tenantId ?? ''],
    secret: () => deps.secret(settings.clientSecret),
    perMonth: pace.tokensPerMonth,
    ...{ clock, memory },
  });
}

const HEADERS = {
  'content-type': 'application/x-www-form-urlencoded',
  // Called mandatory for this call (section 2, HDR).
  'cache-control': 'no-cache',
  accept: 'application/json',
} as const;

interface Asking {
  readonly settings: AccessSettings;
  readonly deps: ConnectorDeps;
  readonly signal: AbortSignal;
}

async function ask(clientId: string, { settings, deps, signal }: Asking): Promise<Grant> {
  const { tokenUrl, tenantId, clientSecret, timeoutSeconds } = settings;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: deps.secret(clientSecret),
    ...(tenantId !== null && { tenant_id: tenantId }),
  });
  const request = { method: 'POST', url: tokenUrl, headers: HEADERS, body: form.toString(), signal } as const;
  const answer = await deps.http.request({ ...request, timeoutMs: timeoutSeconds * 1000 });
  if (answer.status === 200) return grantOf(answer);
  const { connection, log, clock } = deps;
  log.warn('no token was given', { connection, status: answer.status, ...tracesOf(answer) });
  throw tokenError(answer, { nowMs: clock.now(), tenant: tenantId !== null });
}

const grantSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  /** `BearerToken` at the older gateway. */
  token_type: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .catch('Bearer'),
  /** A number at Visma Connect, a text at the older gateway; the documented hour when there is none. */
  expires_in: z.coerce.number().positive().catch(3600),
});

function grantOf(answer: HttpAnswer): Grant {
  const { data: given } = grantSchema.safeParse(jsonOf(answer));
  if (!given) {
    throw new SettingError('tokenUrl', 'The answer to the call for a token holds none. Check tokenUrl.');
  }
  const { access_token: accessToken, token_type: tokenType, expires_in: expiresInSeconds } = given;
  return { accessToken, tokenType, expiresInSeconds };
}
