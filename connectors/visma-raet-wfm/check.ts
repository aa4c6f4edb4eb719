// Can we log in and read? Asks each list for what changed on a day long before the first computer, so that no person's
// data comes back. A 404 to that proves nothing, neither a right nor its lack.
import type { ConnectorDeps, Problem } from '../../src/connector.js';
import { problemsOf } from '../visma-raet/check.js';
import type { RaetClient } from '../visma-raet/client.js';
import { SettingError } from '../visma-raet/errors.js';
import type { ListName, Lists } from './lists.js';

/** From and To filter on when something changed, in UTC (domain notes on Visma Raet, section 5.1). */
const LONG_AGO = '?Take=1&From=1900-01-01T00%3A00%3A00.000Z&To=1900-01-02T00%3A00%3A00.000Z';
const LISTS: readonly ListName[] = ['SickLeaves', 'Persons', 'Employments'];

export async function checkWfm(
  { client, lists, deps }: { client: RaetClient; lists: Lists; deps: ConnectorDeps },
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { connection, log } = deps;
  const login = await problemsOf(() => client.logIn(signal), { connection, option: 'tokenUrl' });
  if (login.length > 0) return login;
  const problems: Problem[] = [];
  const unproved: ListName[] = [];
  const isThere = async (name: ListName) => {
    if (!(await lists.isThere(name, LONG_AGO, signal))) unproved.push(name);
  };
  for (const name of LISTS) {
    problems.push(...(await problemsOf(() => isThere(name), { connection, option: 'baseUrl' })));
  }
  if (unproved.length === 0) return problems;
  log.info('the right to these lists is not proved', { connection, lists: unproved.join(', '), status: 404 });
  if (unproved.length < LISTS.length) return problems;
  return problemsOf(() => proveAddress(lists, signal), { connection, option: 'baseUrl' });
}

/** A list of jobs, without persons: if that is not there either, the address is wrong, or there is no right at all. */
async function proveAddress(lists: Lists, signal: AbortSignal): Promise<void> {
  if (await lists.isThere('JobProfiles', '?Take=1', signal)) return;
  throw new SettingError(
    'baseUrl',
    'Every list answers 404: check baseUrl, and the rights of the application.',
  );
}
