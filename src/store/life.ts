// How processes that deliver from one store know of one another. Each gives signs of life, which keep two leases of its
// own: the short one says that it is awake, and what it has claimed or has the turn for is its own as long; the long one
// outlasts whatever it may be sending, and until it is over nobody else takes that up.
import { type ExpressionBuilder, sql } from 'kysely';
import type { Db, Tables } from './database.js';
import type { Engine } from './engine.js';
import { FOR_LIFE, isRunning, type Leasing, REPLICA, RUNS, take } from './leases.js';

const AWAKE = 'awake ';
/** Rows that a process leaves for itself, and which are of no use after it. */
const OF_A_PROCESS = [REPLICA, AWAKE, RUNS];
const DAY_MS = 86_400_000;

/** The sign of life of this process. */
export async function signalLife({ db, engine }: Leasing): Promise<void> {
  await take({ db, engine }, AWAKE + engine.owner, { forMs: engine.awakeMs });
  await take({ db, engine }, REPLICA + engine.owner, { forMs: engine.aliveMs });
}

/**
 * What it holds for its life goes on with it, unless it had run out. One that a unit just asks for is left to the next
 * time: waiting for it could end in a deadlock.
 */
export async function prolongForLife({ db, engine }: Leasing): Promise<void> {
  if (engine.held.size === 0) return;
  const held = db
    .selectFrom('lease')
    .select('name')
    .where('name', 'in', [...engine.held])
    .where('owner', '=', engine.owner)
    .where(isRunning(engine))
    .forUpdate()
    .skipLocked();
  await db
    .updateTable('lease')
    .set({ expires_at: sql<number>`${engine.now()} + ${sql.lit(Math.round(engine.awakeMs))}` })
    .where('name', 'in', held)
    .execute();
}

/** Whatever it held is free at once. */
export async function signOff({ db, engine }: Leasing): Promise<void> {
  await db
    .updateTable('lease')
    .set({ expires_at: 0 })
    .where('name', 'like', `${FOR_LIFE}%`)
    .where('owner', '=', engine.owner)
    .execute();
  await db
    .deleteFrom('lease')
    .where('owner', '=', engine.owner)
    .where((eb) => eb.or(OF_A_PROCESS.map((prefix) => eb('name', 'like', `${prefix}%`))))
    .execute();
}

/** How many processes deliver from this store, by their last signs of life. */
export async function livingReplicas(db: Db, engine: Engine): Promise<number> {
  const rows = await db
    .selectFrom('lease')
    .select('name')
    .where('name', 'like', `${REPLICA}%`)
    .where(isRunning(engine))
    .execute();
  return rows.length;
}

/** Leases of processes that died long ago; part of the purge. Their owners were new at each start. */
export async function forgetReplicas({ db, engine }: Leasing): Promise<void> {
  const living = db
    .selectFrom('lease as living')
    .select('living.owner')
    .where('living.name', 'like', `${REPLICA}%`)
    .where('living.expires_at', '>=', sql<number>`${engine.now()} - ${sql.lit(DAY_MS)}`);
  await db
    .deleteFrom('lease')
    .where((eb) => eb.or(OF_A_PROCESS.map((prefix) => eb('name', 'like', `${prefix}%`))))
    .where('owner', 'not in', living)
    .execute();
}

type Builder = ExpressionBuilder<Tables, 'delivery'>;

/**
 * Nobody is at the item: its owner has died, or it is one of this opening's own. What was only claimed is nobody's once its
 * owner is no longer awake, for it would have to ask the store before it sends; what may be being sent is its owner's
 * until that must have ended.
 */
export function isAbandoned(eb: Builder, engine: Engine, state: 'claimed' | 'sending') {
  if (!engine.shared) return sql<boolean>`1 = 1`;
  const isDead = eb.not(eb.exists(ownersLease(eb, REPLICA).where(isRunning(engine, 'lease.expires_at'))));
  const own = eb('delivery.owner', '=', engine.owner);
  if (state === 'sending') return eb.or([own, isDead]);
  // A process of a version that gives no such signs is judged by the other lease alone.
  const isAsleep = eb.exists(
    ownersLease(eb, AWAKE).where((of) => of.not(isRunning(engine, 'lease.expires_at'))),
  );
  return eb.or([own, isDead, isAsleep]);
}

function ownersLease(eb: Builder, prefix: string) {
  return eb
    .selectFrom('lease')
    .select('lease.name')
    .where('lease.name', '=', sql<string>`${sql.lit(prefix)} || delivery.owner`);
}

/**
 * Whether this process will count as alive for long enough to send something: two thirds of its lease are left, as they
 * are when its last sign of life was not held up. Always so where nobody else delivers.
 */
export function isSurelyAlive(eb: Builder, engine: Engine) {
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
