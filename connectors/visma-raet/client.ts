// One call of an API: with a token, at the agreed pace, with the headers that Visma Raet wants. An answer that cannot be
// used leaves its correlation id in the log and becomes an error; no error and no log line holds a query or a body.
import type { ConnectorDeps, Grant, HttpAnswer } from '../../src/connector.js';
import { createPace } from '../../src/connector.js';
import { createAccess } from './access.js';
import { tracesOf } from './answers.js';
import { type Asked, callError } from './errors.js';
import type { AccessSettings } from './settings.js';

export interface Call extends Pick<Asked, 'what' | 'followed'> {
  readonly signal: AbortSignal;
}

export interface RaetClient {
  /**
   * An answer of 200; or one of 204 or 404, which stand for "nothing there", except after a link: nobody would know what
   * it should have held. Throws a coded error for any other.
   */
  get(url: string, call: Call): Promise<HttpAnswer>;
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
  const send = (url: string, token: Grant | null, signal: AbortSignal) => {
    const authorization = token && `${schemeOf(token, settings)} ${token.accessToken}`;
    const sent = { ...headers, ...(authorization && { authorization }) };
    return deps.http.request({
      ...{ method: 'GET', url, headers: sent, signal, timeoutMs: timeoutSeconds * 1000 },
    });
  };
  return {
    async get(url, { what, followed, signal }) {
      const answer = await access.atStart((take) => {
        let token: Grant | null = null;
        const prepare = async () => {
          token = await take();
        };
        return pace.run(() => send(url, token, signal), signal, prepare);
      }, signal);
      const { status } = answer;
      if (status === 200) return answer;
      const { connection, log, clock } = deps;
      const fields = { connection, what, status, ...tracesOf(answer) };
      if (!followed && isNothing(answer)) {
        // The everyday answer when there is nothing.
        log.debug('the API has nothing there', fields);
        return answer;
      }
      log.warn('the API gave no answer that can be used', fields);
      throw callError(answer, { what, followed, shapedBy }, clock.now());
    },
    async logIn(signal) {
      await access.verify(signal);
    },
  };
}

export function isNothing({ status }: HttpAnswer): boolean {
  return status === 204 || status === 404;
}

/** The vendor's sample for the older gateway puts the token's type there, all others `Bearer`. */
function schemeOf({ tokenType }: Grant, { authorizationScheme }: AccessSettings): string {
  return authorizationScheme === 'token-type' ? tokenType : 'Bearer';
}
