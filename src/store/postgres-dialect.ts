// Kysely on PostgreSQL. What writes is one connection inside the commit queue's transaction; what reads takes any of the
// pool. Statements are named by their text, so that the server plans each but once per connection.
import { createHash } from 'node:crypto';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Tables } from './database.js';
import { asStoreError } from './postgres-errors.js';

/** As the driver takes and answers it. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

export interface Answer {
  readonly command: string | null;
  readonly rowCount: number | null;
  /** Absent when the text held several statements. */
  readonly rows?: unknown[];
}

/** Where statements go; `isWrite` when they may change something. */
export type Ask = (statement: Statement, isWrite: boolean) => Promise<Answer>;

/** Lists of varying length give statements of varying text; these are not worth a name. */
const NAMED_PARAMETERS = 16;
const KEPT_NAMES = 500;

class PostgresConnection implements DatabaseConnection {
  readonly #ask: Ask;
  readonly #names = new Map<string, string>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  #nameOf({ sql: text, parameters, query }: CompiledQuery): { name?: string } {
    // A named one that asks for all columns would fail once a newer replica has added one.
    const isKept = query.kind !== 'RawNode' && !text.includes('*') && parameters.length <= NAMED_PARAMETERS;
    if (!isKept) return {};
    const known = this.#names.get(text);
    if (known) return { name: known };
    if (this.#names.size >= KEPT_NAMES) return {};
    const name = createHash('sha256').update(text).digest('hex').slice(0, 24);
    this.#names.set(text, name);
    return { name };
  }

  async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    const { sql: text, parameters, query } = compiled;
    try {
      const statement = { ...this.#nameOf(compiled), text, values: parameters.map(storable) };
      const { command, rowCount, rows = [] } = await this.#ask(statement, query.kind !== 'SelectQueryNode');
      const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
      return { rows: rows as R[], ...(isChange && { numAffectedRows: BigInt(rowCount ?? 0) }) };
    } catch (error) {
      throw asStoreError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for it; long lists are read in batches by key instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not offered.');
  }
}

/** PostgreSQL takes no NUL in a text; it becomes the sign for a character that cannot be shown. */
function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}

export function postgresDialect(ask: Ask): Dialect {
  const connection = new PostgresConnection(ask);
  const refused = async (): Promise<void> => {
    throw new Error('Transactions belong to the commit queue.');
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refused,
    commitTransaction: refused,
    rollbackTransaction: refused,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

export function kyselyAsking(ask: Ask): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: postgresDialect(ask) });
}
