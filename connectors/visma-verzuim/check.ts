// Can we log in there, and may we do what a delivery does first? Asks for a token with the scope of the settings and then
// for rows by a key that nobody has, so that no person's data comes back. One line for each fault.
import { CodedError, type Problem } from '../../src/connector.js';
import { AccessError } from './answers.js';
import { createApi } from './api.js';
import type { Client } from './client.js';

const NOBODY = 'verzuimbrug check: a key that nobody has';

export async function check(client: Client, connection: string, signal: AbortSignal): Promise<Problem[]> {
  const api = createApi(client, signal);
  const problems: Problem[] = [];
  const passes = async (call: () => Promise<unknown>) => {
    try {
      await call();
      return true;
    } catch (error) {
      problems.push(problemOf(error, connection));
      return false;
    }
  };
  // Each is only worth asking when the one before it went well; the last two are about different scopes.
  if (!(await passes(() => client.ping(signal)))) return problems;
  if (!(await passes(() => client.renewToken(signal)))) return problems;
  await passes(() => api.employmentsByKey(NOBODY));
  await passes(() => api.hasCourse(NOBODY));
  return problems;
}

function problemOf(error: unknown, connection: string): Problem {
  const option = error instanceof AccessError ? error.option : 'baseUrl';
  const path = `connections.${connection}.settings.${option}`;
  const code = error instanceof CodedError ? error.code : 'TARGET_ROUTE';
  return { code, path, detail: error instanceof Error ? error.message : 'It failed.' };
}
