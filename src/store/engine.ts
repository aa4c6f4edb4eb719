// What differs between the databases that keep the store, as far as a query has to know it; and who this opening is.
import { randomBytes } from 'node:crypto';
import { type Expression, type RawBuilder, sql } from 'kysely';

export interface Engine {
  /** One opening of the store: whoever claims an item is its owner until it leaves its hands. */
  readonly owner: string;
  /** Whether other processes may deliver from this store at the same time; see leases.ts. */
  readonly shared: boolean;
  /** The present instant, ms UTC, by the clock that all processes share. */
  now(): RawBuilder<number>;
  /** A list as a table of one column, `value`: one parameter, so that the statement is the same however long it is. */
  listed(values: readonly string[]): RawBuilder<{ value: string }>;
  /** Is it one of what a query finds that depends on the row at hand? So that the query is asked first, and then the index. */
  isOneOf(column: RawBuilder<string>, found: Expression<unknown>): RawBuilder<boolean>;
  /** How long after its last sign of life this process may still be sending something. */
  readonly aliveMs: number;
  /** How long after its last sign of life it counts as awake; not longer than `aliveMs`. */
  readonly awakeMs: number;
  /** Names of the leases that go on with its signs of life: those that somebody in this process still holds. */
  readonly held: Set<string>;
}

const newOwner = () => randomBytes(16).toString('hex');

const ALIVE_MS = 120_000;
/** Longer than a halt that happens now and then, of a machine that is moved for instance; nothing is lost by a longer one. */
const AWAKE_MS = 20_000;

const ofSqlite: Pick<Engine, 'listed' | 'isOneOf'> = {
  listed: (values) => sql`json_each(${JSON.stringify(values)})`,
  isOneOf: (column, found) => sql`${column} in ${found}`,
};

/** The column of this function of PostgreSQL too is named `value`. */
const ofPostgres: Pick<Engine, 'listed' | 'isOneOf'> = {
  listed: (values) => sql`json_array_elements_text(${JSON.stringify(values)}::json)`,
  isOneOf: (column, found) => sql`${column} = any(array${found})`,
};

/** A file that one daemon delivers from: whatever another opening had begun is abandoned. */
export function alone(now: () => number): Engine {
  const times = { aliveMs: ALIVE_MS, awakeMs: AWAKE_MS };
  const whose = { owner: newOwner(), shared: false, held: new Set<string>() };
  return { ...whose, ...times, ...ofSqlite, now: () => sql<number>`${now()}` };
}

export interface SharedOptions {
  readonly aliveMs?: number | undefined;
  /** In place of the database's own clock. */
  readonly now?: (() => number) | undefined;
}

/** The clock of the database, because those of several machines may differ, or jump. */
export function among({ aliveMs = ALIVE_MS, now }: SharedOptions): Engine {
  const ofDatabase = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  return {
    owner: newOwner(),
    shared: true,
    ...ofPostgres,
    now: () => (now ? sql<number>`${sql.lit(now())}::bigint` : ofDatabase),
    aliveMs,
    awakeMs: Math.min(AWAKE_MS, aliveMs),
    held: new Set(),
  };
}
