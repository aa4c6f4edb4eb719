// After somebody set the clock back: what was due by the clock before must not wait until it gets there once more.
import { sql } from 'kysely';
import type { Db } from './database.js';
import type { Engine } from './engine.js';
import { hasTurn } from './lanes.js';

/**
 * What changed last at an instant that is still to come waits from now on for as long as it had to then; what had nothing to
 * wait for is due now.
 */
export async function setDueRight(
  { db, engine }: { readonly db: Db; readonly engine: Engine },
  routes: readonly string[],
  at: number,
): Promise<void> {
  const wrong = await db
    .selectFrom(engine.listed([...new Set(routes)]).as('asked'))
    .select('asked.value as route')
    .where(selectWrong(db, at), 'is not', null)
    .execute();
  for (const { route } of wrong) {
    await db
      .updateTable('delivery')
      .set((eb) => ({
        due_at: eb(eb('due_at', '-', eb.ref('updated_at')), '+', at),
        next_attempt_at: eb(eb('next_attempt_at', '-', eb.ref('updated_at')), '+', at),
        updated_at: at,
      }))
      .where('route', '=', route)
      .where('state', '=', 'queued')
      .where(hasTurn)
      .where('due_at', '>', at)
      .where('updated_at', '>', at)
      .execute();
  }
}

/** One of the route asked for. */
function selectWrong(db: Db, at: number) {
  return db
    .selectFrom('delivery')
    .select('id')
    .where('route', '=', sql.ref<string>('asked.value'))
    .where('state', '=', sql.lit('queued'))
    .where(hasTurn)
    .where('due_at', '>', at)
    .where('updated_at', '>', at)
    .limit(1);
}
