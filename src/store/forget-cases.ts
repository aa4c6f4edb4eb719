// Reduces cases that ended before the term to what ledger/forget.ts keeps of them: a batch in each unit, oldest first. A
// case whose receiver may not know it (`diverged`) keeps its people, for it may have to be sent again.
import { sql } from 'kysely';
import type { CaseState } from '../ledger/case-state.js';
import { forget, hasEnded } from '../ledger/forget.js';
import { derive } from '../privacy/gate.js';
import { unlinkCase } from './case-links.js';
import type { Parts } from './delivery-rows.js';
import { statePlace, unlessBroken } from './seal.js';

const BATCH = 500;

export function selectToForget(db: Parts['db'], before: number) {
  return db
    .selectFrom('ledger')
    .select(['route', 'case_key', 'state'])
    .where('to_forget', '=', sql.lit(1))
    .where('diverged', 'is', null)
    .where('updated_at', '<', before)
    .orderBy('updated_at')
    .limit(BATCH);
}

export async function forgetCases(
  { db, seal }: Parts,
  before: number,
): Promise<{ cases: number; more: boolean }> {
  const rows = await selectToForget(db, before).execute();
  let cases = 0;
  for (const { route, case_key, state: sealed } of rows) {
    const place = statePlace(route, case_key);
    // One that does not open cannot be reduced, nor can anybody read it; it must not be tried anew each night.
    const state = unlessBroken(() => seal.open<CaseState>(sealed, place));
    const ended = state !== null && hasEnded(state);
    if (ended) cases += 1;
    if (ended) await unlinkCase(db, route, case_key);
    await db
      .updateTable('ledger')
      .set({ to_forget: 0, ...(ended && { state: seal.seal(derive(state, forget), place) }) })
      .where('route', '=', route)
      .where('case_key', '=', case_key)
      .execute();
  }
  return { cases, more: rows.length === BATCH };
}
