// What goes beside the commit queue: queries on any free connection, and small transactions that need no turn of the
// writers, such as the sign of life.
import { sql } from 'kysely';
import { systemClock } from '../clock.js';
import type { Log } from '../log.js';
import type { Db } from './database.js';
import type { Engine } from './engine.js';
import { prolongForLife, signalLife, signOff } from './life.js';
import { kyselyAsking } from './postgres-dialect.js';
import { asStoreError } from './postgres-errors.js';
import type { PostgresPool } from './postgres-server.js';
import { unavailable } from './unavailable.js';

/** Each query on whichever connection is free. */
export function readingFrom(pool: PostgresPool): Db {
  return kyselyAsking((statement) => pool.query(statement));
}

/** One that fails is undone, and its connection with it. */
export async function inTransaction<T>(pool: PostgresPool, run: (db: Db) => Promise<T>): Promise<T> {
  try {
    const client = await pool.connect();
    try {
      await client.query('BEGIN READ WRITE');
      const value = await run(kyselyAsking((statement) => client.query(statement)));
      await client.query('COMMIT');
      client.release();
      return value;
    } catch (error) {
      client.release(true);
      throw error;
    }
  } catch (error) {
    throw asStoreError(error);
  }
}

/** Of the time for which a process counts as awake. */
const SIGNS_IN_A_LIFE = 6;

/** Shows that this process lives, until `signal`. By real time, for leases run by the database's clock. */
export async function keepAlive(
  pool: PostgresPool,
  engine: Engine,
  { signal, log }: { signal: AbortSignal; log?: Log },
): Promise<void> {
  for (;;) {
    await systemClock.sleep(engine.awakeMs / SIGNS_IN_A_LIFE, signal);
    if (signal.aborted) return;
    try {
      await inTransaction(pool, (db) => signalLife({ db, engine }));
      await inTransaction(pool, (db) => prolongForLife({ db, engine }));
    } catch (error) {
      log?.warn('no sign of life could be given', { error: unavailable(error).message });
    }
  }
}

/** What a process leaves behind when it ends in order: nothing. */
export async function takeLeave(pool: PostgresPool, engine: Engine): Promise<void> {
  await inTransaction(pool, async (db) => {
    await signOff({ db, engine });
    await sql`delete from writer where owner = ${engine.owner}`.execute(db);
  });
}
