// One call: address, token, subscription key, pace, and what its answer means. Knows nothing of absences.
import type { z } from 'zod';
import {
  ConfigError,
  type ConnectorDeps,
  createPace,
  createTokens,
  type Grant,
  type HttpAnswer,
  type Tokens,
} from '../../src/connector.js';
import { AccessError, type Endpoint, readAnswer, requireSuccess, tokenRefused } from './answers.js';
import { createDeprecations } from './deprecation.js';
import { accessToken } from './schema.js';
import type { Settings } from './settings.js';

export interface Call extends Endpoint {
  /** Takes the place of `{id}` in the path. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** See HttpRequest. */
  readonly inTime?: (() => void) | undefined;
}

export interface Client {
  /**
   * The named fields of the answer. Throws Refusal when the receiver says no to this very call, else a coded error that
   * says whether something may have arrived.
   */
  call<Shape extends z.ZodType>(call: Call, shape: Shape, signal: AbortSignal): Promise<z.output<Shape>>;
  /** Without token and key: is anybody there? */
  ping(signal: AbortSignal): Promise<void>;
  /** A new token, whatever is kept. */
  renewToken(signal: AbortSignal): Promise<void>;
}

const TOKEN: Endpoint = { method: 'POST', path: '/auth/token' };
/** A longer rest after a 429 is left to the next attempt: a delivery holds its lane meanwhile. */
const LONGEST_WAIT_MS = 20_000;
const PING: Endpoint = { method: 'GET', path: '/health/ping' };

export function createClient(settings: Settings, deps: ConnectorDeps): Client {
  const deprecations = createDeprecations(deps);
  const limits = { ...settings.pace, concurrency: paceOf(settings), longestWaitMs: LONGEST_WAIT_MS };
  const pace = createPace(limits, deps);
  const send = async (call: Call, headers: Readonly<Record<string, string>>, signal: AbortSignal) => {
    const answer = await pace.run(
      () => deps.http.request(requestOf(call, { settings, headers, signal })),
      signal,
    );
    await deprecations.look(answer, call);
    return answer;
  };
  const key = () => ({ 'ocp-apim-subscription-key': secretOf('subscriptionKey', settings, deps) });
  const ask = (clientId: string) => async (signal: AbortSignal) => {
    const body = tokenBody(clientId, settings, deps);
    return grantIn(await send({ ...TOKEN, body }, key(), signal), deps);
  };
  const tokens = tokensByClient(settings, deps, ask);
  return {
    async call(call, shape, signal) {
      const withToken = ({ tokenType, accessToken: token }: Grant) =>
        send(call, { ...key(), authorization: `${tokenType} ${token}` }, signal);
      const answer = await tokens().with(withToken, signal);
      requireSuccess(answer, call, deps.clock.now());
      return readAnswer(answer, shape, call);
    },
    async ping(signal) {
      requireSuccess(await send(PING, {}, signal), PING, deps.clock.now());
    },
    async renewToken(signal) {
      await tokens().renew(signal);
    },
  };
}

function paceOf({ pace, concurrency }: Settings): number {
  return pace.concurrency ?? concurrency;
}

interface Sending {
  readonly settings: Settings;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

function requestOf(
  { method, path, id, query = {}, body, inTime }: Call,
  { settings, headers, signal }: Sending,
) {
  const place = id === undefined ? path : path.replace('{id}', encodeURIComponent(id));
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  const url = `${settings.baseUrl}${place}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
  const accept = { accept: 'application/json', ...headers };
  const around = { signal, ...(inTime && { inTime }) };
  if (body === undefined) return { method, url, headers: accept, ...around };
  // The content type of a POST is checked there (changelog of January 2026).
  const withType = { ...accept, 'content-type': 'application/json' };
  return { method, url, headers: withType, body: JSON.stringify(body), ...around };
}

/** A JSON body with the scope as an object (notes, section 2). */
function tokenBody(clientId: string, settings: Settings, deps: ConnectorDeps) {
  return {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secretOf('clientSecret', settings, deps),
    scope: settings.scope,
  };
}

function grantIn(answer: HttpAnswer, { clock }: ConnectorDeps): Grant {
  const { status } = answer;
  const isLater = [408, 423, 425, 429].includes(status);
  if (status >= 400 && status < 500 && !isLater) throw tokenRefused(answer);
  requireSuccess(answer, TOKEN, clock.now());
  const { access_token, token_type, expires_in } = readAnswer(answer, accessToken, TOKEN);
  return { accessToken: access_token, tokenType: token_type, expiresInSeconds: expires_in };
}

/** The client id can change while the daemon runs; another one never gets the token of the one before it. */
function tokensByClient(
  settings: Settings,
  { clock, memory, ...deps }: ConnectorDeps,
  ask: (clientId: string) => (signal: AbortSignal) => Promise<Grant>,
): () => Tokens {
  const { baseUrl, scope } = settings;
  let known: { readonly clientId: string; readonly tokens: Tokens } | null = null;
  return () => {
    const clientId = secretOf('clientId', settings, deps);
    if (known?.clientId !== clientId) {
      const identity = [baseUrl, clientId, JSON.stringify(scope)];
      known = {
        clientId,
        tokens: createTokens({ ask: ask(clientId), identity, perMonth: null, clock, memory }),
      };
    }
    return known.tokens;
  };
}

type Secret = 'clientId' | 'clientSecret' | 'subscriptionKey';

/** A secret that went away is a fault of the connection, not of the delivery that meets it first. */
function secretOf(option: Secret, settings: Settings, { secret }: Pick<ConnectorDeps, 'secret'>): string {
  try {
    return secret(settings[option]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new AccessError(option, `${settings[option]} cannot be read.`);
  }
}
