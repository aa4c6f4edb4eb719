// How we show who we are: the authorization of a call, and the certificates of its connection. Secrets are read anew for
// each call, so that they can change while the daemon runs.
import { z } from 'zod';
import type { ConnectorDeps, Grant, HttpAnswer, TlsIdentity, Tokens } from '../../src/connector.js';
import { bodyText, createTokens, RouteError } from '../../src/connector.js';
import { tokenFault } from './answers.js';
import type { AuthSettings, OAuthSettings, Settings } from './settings.js';

export interface Credentials {
  /** Calls with what the settings ask for; with oauth2, after a 401, once more with a new token. */
  with(call: (authorization: string | null) => Promise<HttpAnswer>, signal: AbortSignal): Promise<HttpAnswer>;
  /** Asks for a token when the settings have one asked for. */
  verify(signal: AbortSignal): Promise<void>;
}

export function createCredentials(settings: Settings, deps: ConnectorDeps): Credentials {
  const { auth } = settings;
  if (auth.kind === 'oauth2') return withTokens(tokensOf(auth, settings, deps));
  return {
    with: async (call) => call(authorizationOf(auth, deps)),
    verify: async () => {},
  };
}

function authorizationOf(
  auth: Exclude<AuthSettings, OAuthSettings>,
  { secret }: ConnectorDeps,
): string | null {
  if (auth.kind === 'bearer') return `Bearer ${plain(secret(auth.token), 'auth.token')}`;
  if (auth.kind === 'basic') return basic(auth.username, secret(auth.password));
  return null;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** A header with a line break in it would be refused with an error that shows it. */
function plain(value: string, option: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new RouteError(`${option} holds more than one plain word.`);
}

function withTokens(tokens: Tokens): Credentials {
  return {
    with: (call, signal) => tokens.with(({ accessToken }) => call(`Bearer ${accessToken}`), signal),
    verify: (signal) => tokens.verify(signal),
  };
}

function tokensOf(auth: OAuthSettings, settings: Settings, deps: ConnectorDeps): Tokens {
  const { tokenUrl, clientId, clientSecret, scope, tokensPerMonth } = auth;
  const { clock, memory } = deps;
  return createTokens({
    ask: (signal) => ask(auth, { settings, deps, signal }),
    identity: [tokenUrl, clientId, scope ?? ''],
    secret: () => deps.secret(clientSecret),
    perMonth: tokensPerMonth,
    ...{ clock, memory },
  });
}

interface Asking {
  readonly settings: Settings;
  readonly deps: ConnectorDeps;
  readonly signal: AbortSignal;
}

/** RFC 6749, section 4.4: client credentials. */
async function ask(auth: OAuthSettings, { settings, deps, signal }: Asking): Promise<Grant> {
  const { tokenUrl, clientId, scope, sentIn } = auth;
  const clientSecret = deps.secret(auth.clientSecret);
  const inForm = sentIn === 'form' ? { client_id: clientId, client_secret: clientSecret } : {};
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== null && { scope }),
    ...inForm,
  });
  const answer = await deps.http.request({
    ...{ method: 'POST', url: tokenUrl, body: form.toString(), signal, ...tlsOf(settings, deps) },
    headers: {
      ...{ 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      ...(sentIn === 'basic' && { authorization: basic(formWord(clientId), formWord(clientSecret)) }),
    },
    timeoutMs: settings.timeoutSeconds * 1000,
  });
  if (answer.status === 200) return grantOf(answer);
  deps.log.warn('no token was given', { connection: deps.connection, status: answer.status });
  throw tokenFault(answer, deps.clock.now());
}

/** RFC 6749, section 2.3.1: as in a form, before it goes into the header. */
function formWord(text: string): string {
  return new URLSearchParams({ w: text }).toString().slice(2);
}

const grantSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().catch(3600),
});

function grantOf(answer: HttpAnswer): Grant {
  const { data: given } = grantSchema.safeParse(jsonOf(answer));
  if (!given) throw new RouteError('The answer to the call for a token holds none. Check tokenUrl.');
  return { accessToken: given.access_token, tokenType: 'Bearer', expiresInSeconds: given.expires_in };
}

function jsonOf(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(bodyText(answer));
  } catch {
    return undefined;
  }
}

/** Nothing when neither our certificate nor an authority is set. */
export function tlsOf(
  { clientCertificate, serverAuthority }: Settings,
  { secret }: ConnectorDeps,
): { readonly tls?: TlsIdentity } {
  if (!clientCertificate && !serverAuthority) return {};
  const { cert, key } = clientCertificate ?? {};
  return {
    tls: {
      ...(cert && key && { own: { cert: secret(cert), key: secret(key) } }),
      ...(serverAuthority && { authorities: secret(serverAuthority) }),
    },
  };
}
