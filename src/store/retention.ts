// Forgetting within the store: the sealed content of deliveries that were settled before the term, and the keys of
// what was taken in long ago. The rows of deliveries, the ledger and the audit stay.
import type { Db } from './database.js';
import type { PurgeState, RetentionTerms } from './types.js';

/** Returns the number of deliveries whose content was removed. */
export async function purge(db: Db, terms: RetentionTerms, at: number): Promise<number> {
  const contents = await db
    .deleteFrom('delivery_content')
    .where('settled_at', '<', terms.bodiesBefore)
    .executeTakeFirst();
  await db.deleteFrom('seen').where('at', '<', terms.seenBefore).execute();
  const removed = Number(contents.numDeletedRows);
  await setCounter(db, 'last-purge-at', at);
  await setCounter(db, 'last-purged-bodies', removed);
  return removed;
}

async function setCounter(db: Db, name: string, value: number): Promise<void> {
  await db
    .insertInto('counter')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

export async function purgeState(db: Db): Promise<PurgeState> {
  const counters = new Map<string, number>();
  for (const { name, value } of await db.selectFrom('counter').selectAll().execute())
    counters.set(name, Number(value));
  const { oldest } = await db
    .selectFrom('delivery_content')
    .select((eb) => eb.fn.min('accepted_at').as('oldest'))
    .executeTakeFirstOrThrow();
  return {
    lastPurgeAt: counters.get('last-purge-at') ?? null,
    lastPurgedBodies: counters.get('last-purged-bodies') ?? 0,
    // min() over no rows is null, whatever its type says.
    oldestBodyAt: (oldest as number | null) ?? null,
  };
}
