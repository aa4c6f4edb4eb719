// Can we log in and call? A new token, then one call for a window in which nothing can be: no person's data is touched.
import type { ConnectorDeps, Problem } from '../../src/connector.js';
import { isWebPage } from '../visma-raet/answers.js';
import { problemsOf } from '../visma-raet/check.js';
import type { RaetClient } from '../visma-raet/client.js';
import { SettingError } from '../visma-raet/errors.js';
import type { Settings } from './settings.js';
import { API, messagesUrl } from './source.js';
import { queryOf } from './window.js';

export async function check(
  settings: Settings,
  { client, deps, signal }: { client: RaetClient; deps: ConnectorDeps; signal: AbortSignal },
): Promise<readonly Problem[]> {
  const { connection, clock } = deps;
  const login = await problemsOf(() => client.logIn(signal), { connection, option: 'tokenUrl' });
  if (login.length > 0) return login;
  const now = clock.now();
  const url = messagesUrl(settings) + queryOf({ after: now - 1, until: now }, null);
  return problemsOf(() => call(url, client, signal), { connection, option: 'baseUrl' });
}

async function call(url: string, client: RaetClient, signal: AbortSignal): Promise<void> {
  const answer = await client.get(url, { what: API, followed: false, signal });
  if (answer.status === 404 && isWebPage(answer)) {
    throw new SettingError('baseUrl', 'There is no API at this address (404, a web page). Check baseUrl.');
  }
}
