// A look at a PostgreSQL server for `check`: what it is, how safe the way there is, and whether we may do there what the
// store needs. Writes nothing.
import type { Problem } from '../errors.js';
import type { PostgresServer } from './postgres-address.js';
import { connect } from './postgres-server.js';

export interface PostgresLook {
  /** What was found, for people. */
  readonly words: string;
  readonly problems: readonly Problem[];
}

/** The oldest version that the tests were ever run on. */
const OLDEST = 150_000;

const FACTS = `
  SELECT current_setting('server_version') AS version,
    current_setting('server_version_num')::int AS number,
    current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() AS standby,
    current_user AS name,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates,
    coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()), '') AS tls`;

interface Facts {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly standby: boolean;
  readonly name: string;
  readonly creates: boolean;
  readonly tls: string;
}

/** Throws STORE_UNAVAILABLE. */
export async function lookAtPostgres(server: PostgresServer): Promise<PostgresLook> {
  const client = await connect(server, () => {});
  try {
    const { rows } = await client.query<Facts>(FACTS);
    const [facts] = rows;
    if (!facts) throw new Error('The server told nothing of itself.');
    return { words: wordsOf(facts, server), problems: problemsOf(facts) };
  } finally {
    await client.end().catch(() => {});
  }
}

function wordsOf({ version, name, tls }: Facts, { host, port, database }: PostgresServer): string {
  const way = tls === '' ? 'without TLS' : `by ${tls} with its certificate verified`;
  const [number] = version.split(' ');
  return `PostgreSQL ${number} on ${host}:${port} answers ${way}; database ${database}, user ${name}`;
}

function problemsOf({ number, encoding, standby, name, creates, version }: Facts): Problem[] {
  const found: string[] = [];
  if (number < OLDEST) found.push(`PostgreSQL 15 or later is needed, and this is ${version}.`);
  if (encoding !== 'UTF8') found.push(`the database has to be made in UTF8, and this one is ${encoding}.`);
  if (standby) found.push('the server only reads, as a standby does: name the one that writes.');
  else if (!creates)
    found.push(`the user ${name} may not make tables there: make it the owner of the database.`);
  return found.map((detail) => ({ code: 'CONFIG_INVALID', path: 'store.url', detail }));
}
