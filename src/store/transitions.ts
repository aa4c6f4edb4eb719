// Every change of a delivery's state after it was accepted. Each names the states it may come from in the update
// itself; where no row changed it throws. Final states are in none of these lists, and a trigger refuses them too.
import { sql } from 'kysely';
import { CodedError, type ErrorCode } from '../errors.js';
import { applyKept, expectReceipt, selectLeft } from './acknowledge.js';
import { setDueRight } from './clock-back.js';
import { deliveriesById, isFinal, markSettled, type OwnedParts, refusal } from './delivery-rows.js';
import { passTurn } from './lanes.js';
import { isAbandoned, isSurelyAlive, signalLife } from './life.js';
import type { Delivery, DeliveryState, Settlement } from './types.js';

export async function markSending(parts: OwnedParts, id: string, at: number): Promise<void> {
  const { db, engine } = parts;
  const item = await db
    .updateTable('delivery')
    .set({ state: 'sending', updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .where('stage', '=', 'payload')
    .where('owner', '=', engine.owner)
    .where((eb) => isSurelyAlive(eb, engine))
    .returning('id')
    .executeTakeFirst();
  if (item) return;
  const mine = await selectMine(parts, id).executeTakeFirst();
  if (mine?.state !== 'claimed' || mine.stage !== 'payload') throw await refusal(parts, id, 'sent');
  throw new CodedError('STORE_UNAVAILABLE', [], {
    detail: 'No sign of life of this process got through of late.',
  });
}

function selectMine({ db, engine }: OwnedParts, id: string) {
  const query = db.selectFrom('delivery').select(['state', 'stage']);
  return query.where('id', '=', id).where('owner', '=', engine.owner);
}

/** What only the receiver can bring about comes from `sending` alone. */
function mayComeFrom(state: Settlement['state']): readonly DeliveryState[] {
  return state === 'delivered' || state === 'confirmed' || state === 'rejected'
    ? ['sending']
    : ['claimed', 'sending'];
}

export async function settle(
  parts: OwnedParts,
  { id, settlement, at }: { id: string; settlement: Settlement; at: number },
): Promise<DeliveryState> {
  const { db, engine } = parts;
  const { state, nextAttemptAt, code, detail, receiptDueAt } = settlement;
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
      owner: null,
      ...(final && { turn: null }),
    }))
    .where('id', '=', id)
    .where('state', 'in', mayComeFrom(state))
    .where('owner', '=', engine.owner)
    .returning(['route', 'lane', hasWord(id).as('said')])
    .executeTakeFirst();
  if (!item) throw await refusal(parts, id, state);
  if (final) await markSettled({ db }, id, at);
  await passTurn(db, item);
  if (receiptDueAt !== undefined) await expectReceipt(parts, { id, ...item, dueAt: receiptDueAt, at });
  return (Number(item.said) === 1 && (await applyKept(parts, id, at))) || state;
}

/** Did the receiver say something that waits for the settlement? 1 or 0. */
function hasWord(id: string) {
  return sql<number>`case when exists (
    select 1 from acknowledgement where delivery_id = ${id} and pending = 1
  ) then 1 else 0 end`;
}

/** See selectLeft in acknowledge.ts. */
export async function takeUpWords(parts: OwnedParts, at: number): Promise<Delivery[]> {
  const left = idsOf(await selectLeft(parts.db).execute());
  for (const id of left) await applyKept(parts, id, at);
  return deliveriesById(parts, left);
}

export async function release(
  parts: OwnedParts,
  { id, approvals, at }: { id: string; approvals: readonly ErrorCode[]; at: number },
): Promise<void> {
  const { db } = parts;
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
  if (!item) throw await refusal(parts, id, 'released');
}

interface Discarded {
  readonly id: string;
  readonly detail: string;
  readonly at: number;
}

/** What waits uncompared is nobody's yet: the same as a parked one. */
export async function drop(parts: OwnedParts, dropped: Discarded): Promise<void> {
  const { db } = parts;
  const { id, at } = dropped;
  await db
    .updateTable('delivery')
    .set({ state: 'parked', updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .where('stage', '=', 'observation')
    .execute();
  await discard(parts, dropped);
}

export async function discard(parts: OwnedParts, { id, detail, at }: Discarded): Promise<void> {
  const { db } = parts;
  const item = await db
    .updateTable('delivery')
    .set({ state: 'discarded', turn: null, next_attempt_at: null, detail, updated_at: at })
    .where('id', '=', id)
    .where('state', '=', 'parked')
    .returning(['route', 'lane'])
    .executeTakeFirst();
  if (!item) throw await refusal(parts, id, 'discarded');
  await markSettled({ db }, id, at);
  await passTurn(db, item);
}

export interface RecoverOptions {
  readonly busy?: readonly string[] | undefined;
  readonly routes?: readonly string[] | undefined;
}

/** Only what is under way has an owner: the index over those is all that is looked at. */
export async function recover(
  parts: OwnedParts,
  at: number,
  { busy = [], routes }: RecoverOptions,
): Promise<Delivery[]> {
  const { db, engine } = parts;
  const which = { busy, routes };
  // Whoever takes over must count as alive itself.
  if (engine.shared) await signalLife(parts);
  const claimed = await selectAbandoned(parts, 'claimed', which).execute();
  if (claimed.length > 0) {
    await db
      .updateTable('delivery')
      .set({ state: 'queued', owner: null, updated_at: at })
      .where('id', 'in', idsOf(claimed))
      .execute();
  }
  for (const lane of claimed) await passTurn(db, lane);
  await setDueRight(parts, routes ?? [], at);
  const sending = idsOf(await selectAbandoned(parts, 'sending', which).execute());
  if (sending.length === 0) return [];
  await db.updateTable('delivery').set({ owner: engine.owner }).where('id', 'in', sending).execute();
  return deliveriesById(parts, sending);
}

const idsOf = (rows: readonly { id: string }[]) => rows.map((row) => row.id);

export function selectAbandoned(
  { db, engine }: Pick<OwnedParts, 'db' | 'engine'>,
  state: 'claimed' | 'sending',
  { busy = [], routes }: RecoverOptions,
) {
  return db
    .selectFrom('delivery')
    .select(['id', 'route', 'lane'])
    .where('owner', 'is not', null)
    .where('state', '=', state)
    .where((eb) => isAbandoned(eb, engine, state))
    .$if(busy.length > 0, (query) => query.where('id', 'not in', busy))
    .$if(routes !== undefined, (query) => query.where('route', 'in', routes ?? []))
    .$if(engine.shared, (query) => query.forUpdate('delivery').skipLocked());
}
