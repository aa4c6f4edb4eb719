// One call of an API: with a token, at the agreed pace, with the headers that Visma Raet wants. An answer that cannot be
// used leaves its correlation id in the log and becomes an error; no error and no log line holds a query or a body.
import type { ConnectorDeps, Grant, HttpAnswer, HttpRequest } from '../../src/connector.js';
import { createPace } from '../../src/connector.js';
import { createAccess } from './access.js';
import { tracesOf } from './answers.js';
import { type Asked, callError, writeError } from './errors.js';
import type { AccessSettings } from './settings.js';

export interface Call extends Pick<Asked, 'what' | 'followed'> {
  readonly signal: AbortSignal;
}

export interface Post {
  readonly what: string;
  readonly body: string;
  readonly contentType: string;
  readonly signal: AbortSignal;
  /** See HttpRequest. */
  readonly inTime?: (() => void) | undefined;
}

export interface RaetClient {
  /**
   * An answer of 200; or one of 204 or 404, which stand for "nothing there", except after a link: nobody would know what
   * it should have held. Throws a coded error for any other.
   */
  get(url: string, call: Call): Promise<HttpAnswer>;
  /** An answer of 200 or 201. Throws a coded error for any other, which says whether something may have arrived. */
  post(url: string, call: Post): Promise<HttpAnswer>;
  /** Asks for a new token, unless the kept one is still good and was given for the secret as it is now. */
  logIn(signal: AbortSignal): Promise<void>;
}

export interface CallForm {
  readonly accept: string;
  /** The settings that shape a call, for whoever has to mend them: `baseUrl and tenantHeader`. */
  readonly shapedBy: string;
}

export function createClient(
  settings: AccessSettings,
  deps: ConnectorDeps,
  { accept, shapedBy }: CallForm,
): RaetClient {
  const access = createAccess(settings, deps);
  const pace = createPace(settings.pace, deps);
  const { tenantHeader, timeoutSeconds } = settings;
  const headers = {
    ...{ accept, 'cache-control': 'no-cache' },
    ...(tenantHeader !== null && { 'x-raet-tenant-id': tenantHeader }),
  };
  const { connection, log, clock } = deps;
  const send = (request: Sent, token: Grant | null) => {
    const authorization = token && `${schemeOf(token, settings)} ${token.accessToken}`;
    const sent = { ...headers, ...request.headers, ...(authorization && { authorization }) };
    return deps.http.request({ ...request, headers: sent, timeoutMs: timeoutSeconds * 1000 });
  };
  const exchange = (request: Sent) =>
    access.atStart((take) => {
      let token: Grant | null = null;
      const prepare = async () => {
        token = await take();
      };
      return pace.run(() => send(request, token), request.signal, prepare);
    }, request.signal);
  const complain = (answer: HttpAnswer, what: string) => {
    const fields = { connection, what, status: answer.status, ...tracesOf(answer) };
    log.warn('the API gave no answer that can be used', fields);
  };
  return {
    async get(url, { what, followed, signal }) {
      const answer = await exchange({ method: 'GET', url, signal });
      const { status } = answer;
      if (status === 200) return answer;
      if (!followed && isNothing(answer)) {
        // The everyday answer when there is nothing.
        log.debug('the API has nothing there', { connection, what, status, ...tracesOf(answer) });
        return answer;
      }
      complain(answer, what);
      throw callError(answer, { what, followed, shapedBy }, clock.now());
    },
    async post(url, { what, body, contentType, signal, inTime }) {
      const answer = await exchange({
        ...{ method: 'POST', url, body, headers: { 'content-type': contentType } },
        ...{ signal, ...(inTime && { inTime }) },
      });
      if (answer.status === 200 || answer.status === 201) return answer;
      complain(answer, what);
      throw writeError(answer, { what, followed: false, shapedBy }, clock.now());
    },
    async logIn(signal) {
      await access.verify(signal);
    },
  };
}

type Sent = Pick<HttpRequest, 'method' | 'url' | 'body' | 'headers' | 'signal' | 'inTime'>;

export function isNothing({ status }: HttpAnswer): boolean {
  return status === 204 || status === 404;
}

/** The vendor's sample for the older gateway puts the token's type there, all others `Bearer`. */
function schemeOf({ tokenType }: Grant, { authorizationScheme }: AccessSettings): string {
  return authorizationScheme === 'token-type' ? tokenType : 'Bearer';
}
