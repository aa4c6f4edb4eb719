// Can we log in there, and may we do what a delivery does first? Asks for a token with the scope of the settings and then
// for rows by a key that nobody has, so that no person's data comes back. One line for each fault.
import { CodedError, type Problem } from '../../src/connector.js';
import { AccessError, Refusal } from './answers.js';
import { createApi } from './api.js';
import type { Client } from './client.js';
import { appointmentList } from './return-schema.js';
import type { Settings } from './settings.js';

const NOBODY = 'verzuimbrug check: a key that nobody has';

export interface CheckParts {
  readonly client: Client;
  readonly connection: string;
  readonly settings: Pick<Settings, 'appointments'>;
}

export async function check(
  { client, connection, settings }: CheckParts,
  signal: AbortSignal,
): Promise<Problem[]> {
  const api = createApi(client, signal);
  const problems: Problem[] = [];
  const passes = async (call: () => Promise<unknown>, why?: string) => {
    try {
      await call();
      return true;
    } catch (error) {
      problems.push(problemOf(error, connection, why));
      return false;
    }
  };
  // Each is only worth asking when the one before it went well; the last ones are about different scopes.
  if (!(await passes(() => client.ping(signal)))) return problems;
  if (!(await passes(() => client.renewToken(signal)))) return problems;
  await passes(() => api.employmentsByKey(NOBODY));
  await passes(() => api.hasCourse(NOBODY));
  if (settings.appointments) await passes(() => firstAppointment(client, signal), NO_APPOINTMENTS);
  return problems;
}

/** So far ahead that nobody has one by then. */
const FAR_AHEAD = '9999-01-01';
const NO_APPOINTMENTS = 'Appointments are not in the subscription or scope';

async function firstAppointment(client: Client, signal: AbortSignal): Promise<void> {
  const query = { 'page[size]': '1', 'filter[dateStartFrom]': FAR_AHEAD };
  await client.call({ method: 'GET', path: '/appointment', query }, appointmentList, signal);
}

/** `why` is what it means when this very call is refused, and no other before it was. */
function problemOf(error: unknown, connection: string, why?: string): Problem {
  const isRefused = error instanceof AccessError || error instanceof Refusal;
  if (why !== undefined && isRefused) {
    const path = `connections.${connection}.settings.appointments`;
    return { code: 'TARGET_ROUTE', path, detail: `${why}: ${error.message}` };
  }
  const option = error instanceof AccessError ? error.option : 'baseUrl';
  const path = `connections.${connection}.settings.${option}`;
  const code = error instanceof CodedError ? error.code : 'TARGET_ROUTE';
  return { code, path, detail: error instanceof Error ? error.message : 'It failed.' };
}
