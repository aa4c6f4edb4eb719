// Every change of a delivery's state after it was accepted. Each names the states it may come from in the update
// itself; where no row changed it throws. Final states are in none of these lists, and a trigger refuses them too.
import type { ErrorCode } from '../errors.js';
import { deliveriesById, isFinal, type Parts, refusal } from './delivery-rows.js';
import { hasTurn, passTurn } from './lanes.js';
import type { Delivery, DeliveryState, Settlement } from './types.js';

export async function markSending({ db }: Parts, id: string, at: number): Promise<void> {
  const item = await db
    .updateTable('delivery')
    .set({ state: 'sending', updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .where('stage', '=', 'payload')
    .returning('id')
    .executeTakeFirst();
  if (!item) throw await refusal(db, id, 'sent');
}

/** What only the receiver can bring about comes from `sending` alone. */
function mayComeFrom(state: Settlement['state']): readonly DeliveryState[] {
  return state === 'delivered' || state === 'confirmed' || state === 'rejected'
    ? ['sending']
    : ['claimed', 'sending'];
}

export async function settle(
  { db }: Parts,
  { id, settlement, at }: { id: string; settlement: Settlement; at: number },
): Promise<void> {
  const { state, nextAttemptAt, code, detail } = settlement;
  const final = isFinal(state);
  const item = await db
    .updateTable('delivery')
    .set((eb) => ({
      state,
      attempts: eb('attempts', '+', settlement.spent ? 1 : 0),
      due_at: nextAttemptAt ?? at,
      next_attempt_at: state === 'queued' ? (nextAttemptAt ?? null) : null,
      code: code ?? null,
      detail: detail ?? null,
      updated_at: at,
      ...(final && { turn: null }),
    }))
    .where('id', '=', id)
    .where('state', 'in', mayComeFrom(state))
    .returning(['route', 'lane'])
    .executeTakeFirst();
  if (!item) throw await refusal(db, id, state);
  if (final) await markSettled({ db }, id, at);
  await passTurn(db, item);
}

export async function release(
  { db }: Parts,
  { id, approvals, at }: { id: string; approvals: readonly ErrorCode[]; at: number },
): Promise<void> {
  const before = await db.selectFrom('delivery').select('approvals').where('id', '=', id).executeTakeFirst();
  const approved = new Set([...(JSON.parse(before?.approvals ?? '[]') as ErrorCode[]), ...approvals]);
  const item = await db
    .updateTable('delivery')
    .set({
      ...{ state: 'queued', attempts: 0, approvals: JSON.stringify([...approved]) },
      ...{ due_at: at, next_attempt_at: null, code: null, detail: null, updated_at: at },
    })
    .where('id', '=', id)
    .where('state', '=', 'parked')
    .where('stage', '<>', 'record')
    .returning('id')
    .executeTakeFirst();
  if (!item) throw await refusal(db, id, 'released');
}

interface Discarded {
  readonly id: string;
  readonly detail: string;
  readonly at: number;
}

/** What waits uncompared is nobody's yet: the same as a parked one. */
export async function drop({ db }: Parts, dropped: Discarded): Promise<void> {
  const { id, at } = dropped;
  await db
    .updateTable('delivery')
    .set({ state: 'parked', updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .where('stage', '=', 'observation')
    .execute();
  await discard({ db }, dropped);
}

export async function discard({ db }: Pick<Parts, 'db'>, { id, detail, at }: Discarded): Promise<void> {
  const item = await db
    .updateTable('delivery')
    .set({ state: 'discarded', turn: null, next_attempt_at: null, detail, updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'parked')
    .returning(['route', 'lane'])
    .executeTakeFirst();
  if (!item) throw await refusal(db, id, 'discarded');
  await markSettled({ db }, id, at);
  await passTurn(db, item);
}

/** Only the items with the turn can be under way: the index over those is all that is looked at. */
export async function recover(parts: Parts, at: number): Promise<Delivery[]> {
  const { db } = parts;
  const claimed = await db
    .updateTable('delivery')
    .set({ state: 'queued', updated_at: at })
    .where(hasTurn)
    .where('state', '=', 'claimed')
    .returning(['route', 'lane'])
    .execute();
  for (const lane of claimed) await passTurn(db, lane);
  const sending = await db
    .selectFrom('delivery')
    .select('id')
    .where(hasTurn)
    .where('state', '=', 'sending')
    .execute();
  return deliveriesById(
    parts,
    sending.map((row) => row.id),
  );
}

/** From now on the content's term runs: see retention.ts. */
async function markSettled({ db }: Pick<Parts, 'db'>, id: string, at: number): Promise<void> {
  await db.updateTable('delivery_content').set({ settled_at: at }).where('delivery_id', '=', id).execute();
}
