// Whose turn it is. Of the open items of a lane exactly one has the turn (`turn = 1`): the first in order, or the one
// that is under way. Only that one can be claimed. Kept as a column, so that a claim never looks at those that wait,
// however many they are; a unique index holds each lane to one.
import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import type { Db, Tables } from './database.js';

export interface Lane {
  readonly route: string;
  readonly lane: string;
}

/** The turn of an item that is about to be added at the end of its lane. */
export function turnAtEnd({ route, lane }: Lane): RawBuilder<number> {
  return sql<number>`case when exists (
    select 1 from delivery where route = ${route} and lane = ${lane} and turn is not null
  ) then 0 else 1 end`;
}

/** Literals, not parameters: SQLite uses a partial index only where it sees that the condition is met. */
export function hasTurn(eb: ExpressionBuilder<Tables, 'delivery'>) {
  return eb('turn', '=', sql.lit(1));
}

function selectInLane(db: Db, { route, lane }: Lane) {
  return db
    .selectFrom('delivery')
    .select(['id', 'state'])
    .where('route', '=', route)
    .where('lane', '=', lane);
}

export function selectFirstOpen(db: Db, lane: Lane) {
  return selectInLane(db, lane).where('turn', 'is not', null).orderBy('position').orderBy('sub').limit(1);
}

export function selectHolder(db: Db, lane: Lane) {
  return selectInLane(db, lane).where(hasTurn);
}

/** Gives the turn to the first open item, unless one is under way. Call it after anything that may change either. */
export async function passTurn(db: Db, lane: Lane): Promise<void> {
  const first = await selectFirstOpen(db, lane).executeTakeFirst();
  if (!first) return;
  const holder = await selectHolder(db, lane).executeTakeFirst();
  if (holder?.id === first.id || holder?.state === 'claimed' || holder?.state === 'sending') return;
  if (holder) await db.updateTable('delivery').set({ turn: 0 }).where('id', '=', holder.id).execute();
  await db.updateTable('delivery').set({ turn: 1 }).where('id', '=', first.id).execute();
}
