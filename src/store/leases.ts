// Leases in the store: what one process may do for a while and no other. By the clock that all processes share, and with
// a fence, so that what was begun under an earlier one is refused.
import { sql } from 'kysely';
import { CodedError } from '../errors.js';
import type { Db } from './database.js';
import type { Engine } from './engine.js';
import type { Lease, LeaseReader, LeaseWriter } from './types.js';

export interface Leasing {
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

/** Before the names of leases that go on with their holder's signs of life; see life.ts. */
export const FOR_LIFE = 'life ';
const ALWAYS = Number.MAX_SAFE_INTEGER;

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
