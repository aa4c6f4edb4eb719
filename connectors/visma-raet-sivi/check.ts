// Can we log in and call? A token for the secret as it is now, then one call for a window in which nothing can be: no
// person's data is touched. The usual answer is 404, which proves the address and the token, but no right: it is logged.
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
  { client, deps, signal }: Checking,
): Promise<readonly Problem[]> {
  const { connection, clock } = deps;
  const login = await problemsOf(() => client.logIn(signal), { connection, option: 'tokenUrl' });
  if (login.length > 0) return login;
  const now = clock.now();
  const url = messagesUrl(settings) + queryOf({ after: now - 1, until: now }, null);
  return problemsOf(() => call(url, { client, deps, signal }), { connection, option: 'baseUrl' });
}

interface Checking {
  readonly client: RaetClient;
  readonly deps: ConnectorDeps;
  readonly signal: AbortSignal;
}

async function call(url: string, { client, deps, signal }: Checking): Promise<void> {
  const answer = await client.get(url, { what: API, followed: false, signal });
  if (answer.status !== 404) return;
  if (isWebPage(answer)) {
    throw new SettingError('baseUrl', 'There is no API at this address (404, a web page). Check baseUrl.');
  }
  const { connection, log } = deps;
  log.info('the right to the messages is not proved: none and no right look the same', {
    ...{ connection, status: 404 },
  });
}
