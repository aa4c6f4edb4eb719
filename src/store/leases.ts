// Leases in the store, and the one that each delivering process holds for itself: as long as it lasts, what the process
// has claimed is its own.
import { type ExpressionBuilder, sql } from 'kysely';
import { CodedError } from '../errors.js';
import type { Db, Tables } from './database.js';
import type { Engine } from './engine.js';
import type { Lease, LeaseReader, LeaseWriter } from './types.js';

interface Leasing {
  readonly db: Db;
  readonly engine: Engine;
}

export function leaseReader({ db, engine }: Leasing): LeaseReader {
  return {
    async isHeld(name) {
      const row = await db
        .selectFrom('lease')
        .select('name')
        .where('name', '=', name)
        .where('expires_at', '>', engine.now())
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
    takeForLife: (name) => takeForLife(leasing, name),
    async expectHeld(lease) {
      const row = await db
        .selectFrom('lease')
        .select('name')
        .where('name', '=', lease.name)
        .where('owner', '=', engine.owner)
        .where('fence', '=', lease.fence)
        .where('expires_at', '>', engine.now())
        .$if(engine.shared, (query) => query.forUpdate())
        .executeTakeFirst();
      if (!row) throw new CodedError('LEASE_LOST', [], { detail: `Lease ${lease.name}.` });
    },
    async release({ name, fence }) {
      await db
        .updateTable('lease')
        .set({ expires_at: 0 })
        .where('name', '=', name)
        .where('owner', '=', engine.owner)
        .where('fence', '=', fence)
        .execute();
    },
  };
}

const FOR_LIFE = 'life ';
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** Where nobody else delivers from the store, whoever held it before is dead, whatever the clock says. */
function takeForLife(leasing: Leasing, name: string): Promise<Lease | null> {
  const { shared, aliveMs } = leasing.engine;
  return take(leasing, FOR_LIFE + name, shared ? { forMs: aliveMs } : 'always');
}

async function take(
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
            when lease.owner = ${engine.owner} and lease.expires_at > ${engine.now()} then 0 else 1 end`,
        })
        .where((eb) =>
          term === 'always'
            ? sql<boolean>`1 = 1`
            : eb.or([eb('lease.owner', '=', engine.owner), eb('lease.expires_at', '<=', engine.now())]),
        ),
    )
    .returning('fence')
    .executeTakeFirst();
  return row ? { name, fence: row.fence } : null;
}

const REPLICA = 'replica ';

/** The sign of life of this process. */
export async function signalLife({ db, engine }: Leasing): Promise<void> {
  await take({ db, engine }, REPLICA + engine.owner, { forMs: engine.aliveMs });
}

/**
 * What it took for its life goes on with it, unless it had run out. One that a unit just asks for is left to the next
 * time: waiting for it could end in a deadlock.
 */
export async function prolongForLife({ db, engine }: Leasing): Promise<void> {
  const held = db
    .selectFrom('lease')
    .select('name')
    .where('name', 'like', `${FOR_LIFE}%`)
    .where('owner', '=', engine.owner)
    .where('expires_at', '>', engine.now())
    .forUpdate()
    .skipLocked();
  await db
    .updateTable('lease')
    .set({ expires_at: sql<number>`${engine.now()} + ${sql.lit(Math.round(engine.aliveMs))}` })
    .where('name', 'in', held)
    .execute();
}

export async function signOff({ db, engine }: Leasing): Promise<void> {
  await db
    .updateTable('lease')
    .set({ expires_at: 0 })
    .where('name', 'like', `${FOR_LIFE}%`)
    .where('owner', '=', engine.owner)
    .execute();
  await db
    .deleteFrom('lease')
    .where('name', '=', REPLICA + engine.owner)
    .execute();
}

/** How many processes deliver from this store, by their last signs of life. */
export async function livingReplicas(db: Db, engine: Engine): Promise<number> {
  const rows = await db
    .selectFrom('lease')
    .select('name')
    .where('name', 'like', `${REPLICA}%`)
    .where('expires_at', '>', engine.now())
    .execute();
  return rows.length;
}

/** Leases of processes that died long ago; part of the purge. Their owners were new at each start. */
export async function forgetReplicas({ db, engine }: Leasing): Promise<void> {
  await db
    .deleteFrom('lease')
    .where('name', 'like', `${REPLICA}%`)
    .where('expires_at', '<', sql<number>`${engine.now()} - ${sql.lit(86_400_000)}`)
    .execute();
}

/** Nobody is at the item: its owner has died, or it is one of this opening's own. */
export function isAbandoned(eb: ExpressionBuilder<Tables, 'delivery'>, engine: Engine) {
  if (!engine.shared) return sql<boolean>`1 = 1`;
  const ownersLease = eb
    .selectFrom('lease')
    .select('lease.name')
    .where('lease.name', '=', sql<string>`${sql.lit(REPLICA)} || delivery.owner`)
    .where('lease.expires_at', '>', engine.now());
  return eb.or([eb('delivery.owner', '=', engine.owner), eb.not(eb.exists(ownersLease))]);
}

/**
 * Whether this process will count as alive for long enough to send something: two thirds of its lease are left, as they
 * are when its last sign of life was not held up. Always so where nobody else delivers.
 */
export function isSurelyAlive(eb: ExpressionBuilder<Tables, 'delivery'>, engine: Engine) {
  if (!engine.shared) return sql<boolean>`1 = 1`;
  const left = Math.round((engine.aliveMs * 2) / 3);
  return eb.exists(
    eb
      .selectFrom('lease')
      .select('lease.name')
      .where('lease.name', '=', REPLICA + engine.owner)
      .where('lease.expires_at', '>', sql<number>`${engine.now()} + ${sql.lit(left)}`),
  );
}
