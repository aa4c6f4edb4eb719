// How the PostgreSQL server is reached: the options of a connection, and what its bytes become. A connection that no
// longer answers is given up on both sides, so that no process waits for one that was stopped in the midst of a unit.
import pg from 'pg';
import type { Log } from '../log.js';
import type { PostgresServer } from './postgres-address.js';
import { unavailable } from './unavailable.js';

export type PostgresClient = pg.Client;
export type PostgresPool = pg.Pool;

const CONNECT_MS = 10_000;
/** No statement of ours takes longer, save for a migration. */
const STATEMENT_MS = 60_000;
/** A process that was stopped within a unit loses it, and the lock that all others wait for. */
const IDLE_IN_UNIT_MS = 15_000;
const READERS = 4;
/** A sign of life that has not come by then is given anew: some follow before the process counts as asleep. */
const SIGN_MS = 5_000;

const INT8 = 20;
const NUMERIC = 1700;

/** Instants, counts and positions are whole numbers far below 2^53. */
function parsers(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(NUMERIC, Number);
  return types;
}

function settings(server: PostgresServer): pg.ClientConfig {
  const { host, port, database, user, password, tls } = server;
  return {
    ...{ host, port, database, user, ...(password !== undefined && { password }) },
    ssl: tls === 'off' ? false : tls === 'system' ? true : { ca: tls.ca },
    application_name: 'verzuimbrug',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS + CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_UNIT_MS,
    types: parsers(),
  };
}

/**
 * Throws STORE_UNAVAILABLE. `onLost` is told once when the connection ends by itself. One that is `patient` waits for
 * each answer for as long as it takes: a migration may be long.
 */
export async function connect(
  server: PostgresServer,
  onLost: () => void,
  patient = false,
): Promise<PostgresClient> {
  const waits = patient ? { query_timeout: 0 } : {};
  // Statements that need no answer of one another go out together: a unit's savepoint and its first statement.
  const client = new pg.Client({ ...settings(server), ...waits, pipeline: true } as pg.ClientConfig);
  // An error ends the connection, of which `end` tells; unheard it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    client.once('end', onLost);
    return client;
  } catch (error) {
    throw unavailable(error);
  }
}

/** One connection for signs of life, which wait for nobody; renewed when it fails or does not answer. */
export function createLifeline(server: PostgresServer): PostgresPool {
  const times = {
    connectionTimeoutMillis: SIGN_MS,
    query_timeout: SIGN_MS,
    statement_timeout: SIGN_MS,
    idle_in_transaction_session_timeout: SIGN_MS,
  };
  const pool = new pg.Pool({ ...settings(server), ...times, max: 1 });
  pool.on('connect', (client) => client.on('error', () => {}));
  // The next sign gets a new one, and tells when it cannot be given.
  pool.on('error', () => {});
  return pool;
}

/** Connections that read. They are refused every write. */
export function createPool(server: PostgresServer, log?: Log): PostgresPool {
  const pool = new pg.Pool({
    ...settings(server),
    max: READERS,
    options: '-c default_transaction_read_only=on',
  });
  // The pool listens only while one is idle. Whoever uses it hears of its end from a statement; unheard, an error would
  // end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  // One that was idle when it was cut; the next query gets a new one.
  pool.on('error', (error) =>
    log?.warn('a connection to the store was lost', { error: unavailable(error).message }),
  );
  return pool;
}
