// Forgetting within the store: the sealed content of deliveries that were settled before the term, the people of cases
// that ended before theirs, what was told on the way back and the words of receivers after theirs, the keys of what was taken in long ago, and the counts of periods gone by. The rows of
// deliveries and cases themselves and the audit stay.
import { forgetWords } from './acknowledge.js';
import type { Db } from './database.js';
import type { OwnedParts } from './delivery-rows.js';
import { forgetCases } from './forget-cases.js';
import { forgetReplicas } from './leases.js';
import { forgetPeriods } from './memory.js';
import { forgetReturns } from './returns.js';
import type { Purged, PurgeState, RetentionTerms } from './types.js';

export async function purge(parts: OwnedParts, terms: RetentionTerms, at: number): Promise<Purged> {
  const { db } = parts;
  const contents = await db
    .deleteFrom('delivery_content')
    .where('settled_at', '<', terms.bodiesBefore)
    .executeTakeFirst();
  await db.deleteFrom('seen').where('at', '<', terms.seenBefore).execute();
  await forgetWords(db, terms.bodiesBefore);
  await forgetReturns(db, terms.casesBefore);
  await forgetPeriods(db, at);
  await forgetReplicas(parts);
  const bodies = Number(contents.numDeletedRows);
  const { lastPurgeAt, lastPurgedBodies } = await purgeState(db);
  // The same purge going on, in a further unit.
  const before = lastPurgeAt === at ? lastPurgedBodies : 0;
  await setCounter(db, 'last-purge-at', at);
  await setCounter(db, 'last-purged-bodies', before + bodies);
  return { bodies, ...(await forgetCases(parts, terms.casesBefore)) };
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
