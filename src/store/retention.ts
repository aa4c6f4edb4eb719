// Forgetting within the store: the sealed content of deliveries that were settled before the term, the people of cases
// that ended before theirs, what was told on the way back and the words of receivers after theirs, the keys of what was taken in long ago, and the counts of periods gone by. The rows of
// deliveries and cases themselves and the audit stay.
import { forgetWords } from './acknowledge.js';
import { type LinkParts, linkUnlinked } from './case-links.js';
import type { Db } from './database.js';
import type { OwnedParts } from './delivery-rows.js';
import { forgetCases } from './forget-cases.js';
import { forgetReplicas } from './life.js';
import { forgetPeriods } from './memory.js';
import { forgetReturns } from './returns.js';
import type { Purged, PurgeState, RetentionTerms } from './types.js';

export async function purge(
  parts: OwnedParts & LinkParts,
  terms: RetentionTerms,
  at: number,
): Promise<Purged> {
  const { db } = parts;
  const bodies = await forgetBodies(db, terms.bodiesBefore);
  const keys = await forgetSeen(db, terms.seenBefore);
  await forgetWords(db, terms.bodiesBefore);
  await forgetReturns(db, terms.casesBefore);
  // What a replica of an older version wrote since this store was opened.
  const unlinked = await linkUnlinked(parts);
  await forgetPeriods(db, at);
  await forgetReplicas(parts);
  const { lastPurgeAt, lastPurgedBodies } = await purgeState(db);
  // The same purge going on, in a further unit.
  const before = lastPurgeAt === at ? lastPurgedBodies : 0;
  await setCounter(db, 'last-purge-at', at);
  await setCounter(db, 'last-purged-bodies', before + bodies);
  const { cases, more } = await forgetCases(parts, terms.casesBefore);
  return { bodies, cases, more: more || unlinked || bodies === MOST || keys === MOST };
}

/** Rows of a table that go in one unit: intake and delivery wait for it. */
const MOST = 5000;

async function forgetBodies(db: Db, before: number): Promise<number> {
  const some = db
    .selectFrom('delivery_content')
    .select('delivery_id')
    .where('settled_at', '<', before)
    .limit(MOST);
  const { numDeletedRows } = await db
    .deleteFrom('delivery_content')
    .where('delivery_id', 'in', some)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function forgetSeen(db: Db, before: number): Promise<number> {
  const some = db.selectFrom('seen').select(['connection', 'key']).where('at', '<', before).limit(MOST);
  const { numDeletedRows } = await db
    .deleteFrom('seen')
    .where((eb) => eb(eb.refTuple('connection', 'key'), 'in', some.$asTuple('connection', 'key')))
    .executeTakeFirst();
  return Number(numDeletedRows);
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
