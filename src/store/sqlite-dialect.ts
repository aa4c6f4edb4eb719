// Kysely on one SQLite connection. Prepared statements are kept, because the same few dozen run for every delivery;
// a guarded connection refuses anything outside a transaction, so that nothing is written past the commit queue.
import type BetterSqlite3 from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from './database.js';
import { isOfTheDisk, unavailable } from './unavailable.js';

/** Lists of varying length give statements of varying text; more than this many are not worth keeping. */
const KEPT_STATEMENTS = 500;

class SqliteConnection implements DatabaseConnection {
  readonly #file: BetterSqlite3.Database;
  readonly #guarded: boolean;
  readonly #statements = new Map<string, BetterSqlite3.Statement>();

  constructor(file: BetterSqlite3.Database, guarded: boolean) {
    this.#file = file;
    this.#guarded = guarded;
  }

  #prepared(sql: string): BetterSqlite3.Statement {
    const kept = this.#statements.get(sql);
    if (kept) return kept;
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    const statement = this.#file.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#guarded && !this.#file.inTransaction) {
      throw new Error('The unit of this transaction has ended.');
    }
    try {
      const statement = this.#prepared(query.sql);
      if (statement.reader) return { rows: statement.all(...query.parameters) as R[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(...query.parameters).changes) };
    } catch (error) {
      throw isOfTheDisk(error) ? unavailable(error) : error;
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for it; long lists are read in batches by key instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not offered.');
  }
}

function driverOf(connection: DatabaseConnection): Driver {
  const refused = async (): Promise<void> => {
    throw new Error('Transactions belong to the commit queue.');
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refused,
    commitTransaction: refused,
    rollbackTransaction: refused,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

/** `guarded`: every query must run inside a transaction that was begun elsewhere. */
export function kyselyOn(file: BetterSqlite3.Database, options: { guarded: boolean }): Kysely<Tables> {
  const connection = new SqliteConnection(file, options.guarded);
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOf(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}
