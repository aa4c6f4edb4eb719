// Can we log in, and are the categories of the settings there? The list of categories holds no person's data. Whether the
// right to add documents was given shows only when one is added.
import { z } from 'zod';
import { CodedError, type ConnectorDeps, type Problem } from '../../src/connector.js';
import { jsonOf } from '../visma-raet/answers.js';
import { problemsOf } from '../visma-raet/check.js';
import type { RaetClient } from '../visma-raet/client.js';
import { SettingError } from '../visma-raet/errors.js';
import type { Settings } from './settings.js';

const list = z.array(z.object({ code: z.string() }));

interface Parts {
  readonly client: RaetClient;
  readonly settings: Settings;
  readonly deps: Pick<ConnectorDeps, 'connection'>;
}

export async function check(
  { client, settings, deps }: Parts,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { connection } = deps;
  const login = await problemsOf(() => client.logIn(signal), { connection, option: 'tokenUrl' });
  if (login.length > 0) return login;
  let codes: readonly string[] = [];
  const look = async () => {
    codes = await categories(client, settings, signal);
  };
  const problems = await problemsOf(look, { connection, option: 'baseUrl' });
  if (problems.length > 0) return problems;
  return Object.entries(settings.categories)
    .filter(([, code]) => !codes.includes(code))
    .map(([kind, code]) => ({
      code: 'TARGET_ROUTE',
      path: `connections.${connection}.settings.categories.${kind}`,
      detail: `There is no category ${code} in this personnel file. It has: ${shown(codes)}.`,
    }));
}

async function categories(
  client: RaetClient,
  { baseUrl }: Settings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const what = 'categories';
  const answer = await client.get(`${baseUrl}/v10/schema/categories`, { what, followed: false, signal });
  if (answer.status !== 200) {
    throw new SettingError(
      'baseUrl',
      `${what}: nothing is there (${answer.status}). Check baseUrl and tenantId.`,
    );
  }
  const read = list.safeParse(jsonOf(answer));
  if (!read.success)
    throw new CodedError('SOURCE_ANSWER', [], { detail: `${what}: an answer of another form.` });
  return read.data.map(({ code }) => code);
}

const SHOWN = 40;

function shown(codes: readonly string[]): string {
  if (codes.length === 0) return 'none';
  const more = codes.length > SHOWN ? ` and ${codes.length - SHOWN} more` : '';
  return `${codes.slice(0, SHOWN).join(', ')}${more}`;
}
