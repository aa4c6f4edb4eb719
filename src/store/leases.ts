// Leases in the store: what one process may do for a while and no other. By the clock that all processes share, and with
// a fence, so that what was begun under an earlier one is refused.
import { sql } from 'kysely';
import { CodedError } from '../errors.js';
import type { Db } from './database.js';
import type { Engine } from './engine.js';
import type { Held, Lease, LeaseReader, LeaseWriter } from './types.js';

export interface Leasing {
  readonly db: Db;
  readonly engine: Engine;
}

/**
 * Whether a lease runs. One that would run far longer than any sign of life gives is over: the clock of the database was
 * ahead when it was taken, and has been set right.
 */
export function isRunning(engine: Engine, column = 'expires_at') {
  const until = sql.ref<number>(column);
  const latest = sql.lit(Math.round(2 * engine.aliveMs));
  return sql<boolean>`(${until} > ${engine.now()}
    and (${until} <= ${engine.now()} + ${latest} or ${until} = ${sql.lit(ALWAYS)}))`;
}

export function leaseReader({ db, engine }: Leasing): LeaseReader {
  return {
    async isHeld(name) {
      const row = await db
        .selectFrom('lease')
        .select('name')
        .where('name', '=', name)
        .where(isRunning(engine))
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

export function leaseWriter(leasing: Leasing): LeaseWriter {
  const { db, engine } = leasing;
  return {
    ...leaseReader(leasing),
    take: (name, forMs) => take(leasing, name, { forMs }),
    runsWith: (what) => runsWith(leasing, what),
    async expectHeld(lease) {
      const row = await db
        .selectFrom('lease')
        .select('name')
        .where('name', '=', lease.name)
        .where('owner', '=', engine.owner)
        .where('fence', '=', lease.fence)
        .where(isRunning(engine))
        .$if(engine.shared, (query) => query.forUpdate())
        .executeTakeFirst();
      if (!row) throw new CodedError('LEASE_LOST', [], { detail: `Lease ${lease.name}.` });
    },
    release: (lease) => release(leasing, lease),
  };
}

async function release({ db, engine }: Leasing, { name, fence }: Lease): Promise<void> {
  await db
    .updateTable('lease')
    .set({ expires_at: 0 })
    .where('name', '=', name)
    .where('owner', '=', engine.owner)
    .where('fence', '=', fence)
    .execute();
}

/** Before the names of leases that go on with their holder's signs of life; see life.ts. */
export const FOR_LIFE = 'life ';
/** Before the owner: the lease by which it counts as alive. */
export const REPLICA = 'replica ';
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** Before the owner and what it runs with. */
export const RUNS = 'runs ';

/** Goes with the process, or with the purge once its last sign of life is old: see life.ts. */
async function runsWith({ db, engine }: Leasing, what: string): Promise<boolean> {
  if (!engine.shared) return true;
  await db.deleteFrom('lease').where('name', 'like', `${RUNS}${engine.owner} %`).execute();
  const name = `${RUNS}${engine.owner} ${what}`;
  await db.insertInto('lease').values({ name, owner: engine.owner, fence: 1, expires_at: ALWAYS }).execute();
  const other = await db
    .selectFrom('lease as replica')
    .select('replica.name')
    .where('replica.name', 'like', `${REPLICA}%`)
    .where('replica.owner', '<>', engine.owner)
    .where(isRunning(engine, 'replica.expires_at'))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('lease as told')
            .select('told.name')
            .where('told.name', '=', sql<string>`${sql.lit(RUNS)} || replica.owner || ${` ${what}`}`),
        ),
      ),
    )
    .executeTakeFirst();
  return other === undefined;
}

/**
 * What is told by `Store.hold`; `write` runs a unit with what leases need. Prolonged is only what is known here to be
 * held: a lease that could not be given back ends by itself, and so does one of which nobody heard that it was taken.
 */
export async function hold(
  leasing: Leasing,
  name: string,
  write: <T>(unit: () => Promise<T>) => Promise<T>,
): Promise<Held | null> {
  const lease = await write(() => takeForLife(leasing, name));
  if (!lease) return null;
  const { held } = leasing.engine;
  held.add(lease.name);
  return {
    lease,
    async end() {
      held.delete(lease.name);
      await write(() => release(leasing, lease)).catch(() => {});
    },
  };
}

/** Where nobody else delivers from the store, whoever held it before is dead, whatever the clock says. */
function takeForLife(leasing: Leasing, name: string): Promise<Lease | null> {
  const { shared, awakeMs } = leasing.engine;
  return take(leasing, FOR_LIFE + name, shared ? { forMs: awakeMs } : 'always');
}

export async function take(
  { db, engine }: Leasing,
  name: string,
  term: { readonly forMs: number } | 'always',
): Promise<Lease | null> {
  const until =
    term === 'always'
      ? sql<number>`${sql.lit(ALWAYS)}`
      : sql<number>`${engine.now()} + ${sql.lit(Math.round(term.forMs))}`;
  const row = await db
    .insertInto('lease')
    .values({ name, owner: engine.owner, fence: 1, expires_at: until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({
          owner: engine.owner,
          expires_at: until,
          fence: sql<number>`lease.fence + case
            when lease.owner = ${engine.owner} and ${isRunning(engine, 'lease.expires_at')} then 0 else 1 end`,
        })
        .where((eb) =>
          term === 'always'
            ? sql<boolean>`1 = 1`
            : eb.or([eb('lease.owner', '=', engine.owner), eb.not(isRunning(engine, 'lease.expires_at'))]),
        ),
    )
    .returning('fence')
    .executeTakeFirst();
  return row ? { name, fence: row.fence } : null;
}
