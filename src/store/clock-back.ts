// After somebody set the clock back: what was due by the clock before must not wait until it gets there once more.
import type { Db } from './database.js';
import { hasTurn } from './lanes.js';

/**
 * What changed last at an instant that is still to come waits from now on for as long as it had to then; what had nothing to
 * wait for is due now.
 */
export async function setDueRight(db: Db, routes: readonly string[], at: number): Promise<void> {
  for (const route of new Set(routes)) {
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
