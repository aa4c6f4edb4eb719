// Can we log in, and list? Asks for files whose name begins as no file's does, so that nothing of anybody comes back.
// Whether the file type may be uploaded shows only when a file is.
import type { ConnectorDeps, Problem } from '../../src/connector.js';
import { problemsOf } from '../visma-raet/check.js';
import type { RaetClient } from '../visma-raet/client.js';
import type { FilesApi } from './api.js';

const NONE = 'verzuimbrug-check-of-a-name-that-no-file-has';

export async function check(
  { client, api, deps }: { client: RaetClient; api: FilesApi; deps: Pick<ConnectorDeps, 'connection'> },
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { connection } = deps;
  const login = await problemsOf(() => client.logIn(signal), { connection, option: 'tokenUrl' });
  if (login.length > 0) return login;
  return problemsOf(() => api.has(NONE, signal), { connection, option: 'baseUrl' });
}
