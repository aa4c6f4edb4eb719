// What receivers say of deliveries, at rest: the weightiest word on each, sealed, and by when one is due. What it makes of
// the delivery is applied in the same unit as whatever comes second, the word or the settlement.
import { sql } from 'kysely';
import { climb, outweighs, standingOf } from '../ledger/acknowledge.js';
import type { Cleared } from '../privacy/gate.js';
import type { AcknowledgementTable, Db } from './database.js';
import { isFinal, markSettled, type OwnedParts, type Parts, refusal } from './delivery-rows.js';
import { passTurn } from './lanes.js';
import type { Acknowledged, Acknowledgement, Delivery, DeliveryState, ReceiptsDue } from './types.js';
import { toKept, wordsPlace } from './words.js';

export async function acknowledge(
  parts: OwnedParts,
  { id, acknowledgement, at }: { id: string; acknowledgement: Cleared<Acknowledgement>; at: number },
): Promise<Acknowledged> {
  const { db, seal } = parts;
  const item = await db
    .selectFrom('delivery')
    .leftJoin('acknowledgement', 'acknowledgement.delivery_id', 'delivery.id')
    .select(['delivery.route', 'acknowledgement.outcome', 'acknowledgement.words', 'acknowledgement.at'])
    .where('delivery.id', '=', id)
    .where('delivery.stage', '=', 'payload')
    .executeTakeFirst();
  if (!item) throw await refusal(parts, id, 'acknowledged');
  const before = toKept(item, id, seal);
  const { outcome } = acknowledgement;
  if (before === null || outweighs(acknowledgement, before)) {
    const words = seal.seal(acknowledgement, wordsPlace(id));
    await keep(db, { delivery_id: id, route: item.route }, { outcome, words, at, due_at: null, pending: 1 });
  }
  const applied = (await applyKept(parts, id, at)) !== null;
  const said = before && standingOf(before.outcome);
  const says = standingOf(outcome);
  return { news: said === says || said === 'rejected' ? null : says, applied };
}

type Values = Partial<Omit<AcknowledgementTable, 'delivery_id' | 'route'>>;

async function keep(db: Db, row: { delivery_id: string; route: string }, values: Values): Promise<void> {
  await db
    .insertInto('acknowledgement')
    .values({ ...row, pending: 0, ...values })
    .onConflict((conflict) => conflict.column('delivery_id').doUpdateSet(values))
    .execute();
}

/** The receiver was asked for a word on what has just arrived; unless it gave one already. */
export async function expectReceipt(
  { db }: Pick<Parts, 'db'>,
  { id, route, dueAt, at }: { id: string; route: string; dueAt: number; at: number },
): Promise<void> {
  const values = { asked_at: at, due_at: dueAt };
  await db
    .insertInto('acknowledgement')
    .values({ delivery_id: id, route, pending: 0, ...values })
    .onConflict((conflict) =>
      conflict.column('delivery_id').doUpdateSet(values).where('acknowledgement.outcome', 'is', null),
    )
    .execute();
}

/** Lets the kept word take effect; gives the state that the delivery has by it, null when it has what it had. */
export async function applyKept(parts: OwnedParts, id: string, at: number): Promise<DeliveryState | null> {
  const { db } = parts;
  const item = await db
    .selectFrom('delivery')
    .innerJoin('acknowledgement', 'acknowledgement.delivery_id', 'delivery.id')
    .select([
      'delivery.state',
      'delivery.code',
      'delivery.route',
      'delivery.lane',
      'acknowledgement.outcome',
      'acknowledgement.pending',
    ])
    .where('delivery.id', '=', id)
    .executeTakeFirst();
  if (!item || item.outcome === null) return null;
  const becomes = nextState(item.state, item.code, standingOf(item.outcome));
  if (becomes && item.state === 'parked') await settleParked(parts, { ...item, id, becomes, at });
  else if (becomes) await climbTo(db, id, becomes);
  const pending = Number(becomes === null && !isFinal(item.state));
  if (pending !== item.pending)
    await db.updateTable('acknowledgement').set({ pending }).where('delivery_id', '=', id).execute();
  return becomes;
}

type Becomes = 'confirmed' | 'rejected';

/** Null: it stays what it is, or waits for its settlement. */
function nextState(state: DeliveryState, code: Delivery['code'], standing: Becomes): Becomes | null {
  if (state === 'delivered' || state === 'confirmed') return climb(state, standing);
  // Nobody knew whether it arrived: now somebody does.
  return state === 'parked' && code === 'TARGET_OUTCOME_UNKNOWN' ? standing : null;
}

const refused = { code: 'TARGET_REJECTED' } as const;

/** When it was delivered stays: the word has an instant of its own. */
async function climbTo(db: Db, id: string, state: Becomes): Promise<void> {
  const values = { state, ...(state === 'rejected' && refused) };
  await db.updateTable('delivery').set(values).where('id', '=', id).execute();
}

async function settleParked(
  { db }: Pick<Parts, 'db'>,
  item: { id: string; route: string; lane: string; becomes: Becomes; at: number },
): Promise<void> {
  const { id, becomes, at } = item;
  const values = { state: becomes, turn: null, code: null, detail: null, updated_at: at };
  await db
    .updateTable('delivery')
    .set({ ...values, ...(becomes === 'rejected' && refused) })
    .where('id', '=', id)
    .execute();
  await markSettled({ db }, id, at);
  await passTurn(db, item);
}

/** What a replica of an older version settled, which knows of no words that came before. */
export function selectLeft(db: Db) {
  return db
    .selectFrom('acknowledgement')
    .innerJoin('delivery', 'delivery.id', 'acknowledgement.delivery_id')
    .select('delivery.id')
    .where('acknowledgement.pending', '=', sql.lit(1))
    .where('delivery.state', 'in', ['delivered', 'confirmed'])
    .limit(100);
}

export async function receiptsDue(db: Db, at: number): Promise<ReceiptsDue[]> {
  const rows = await db
    .selectFrom('acknowledgement')
    .select((eb) => [
      'route',
      eb.fn.countAll<number>().as('waiting'),
      eb.fn.min('asked_at').as('oldest_at'),
      eb.fn.min('due_at').as('first_due_at'),
      eb.fn.sum<number>(eb.case().when('due_at', '<', at).then(1).else(0).end()).as('overdue'),
    ])
    .where('due_at', 'is not', null)
    .groupBy('route')
    .orderBy('route')
    .execute();
  return rows.map(({ route, waiting, oldest_at, first_due_at, overdue }) => ({
    route,
    waiting: Number(waiting),
    oldestAt: Number(oldest_at),
    firstDueAt: Number(first_due_at),
    overdue: Number(overdue),
  }));
}

/** Words past the term of bodies go, and nobody waits any longer for a word that never came. */
export async function forgetWords(db: Db, before: number): Promise<void> {
  await db
    .updateTable('acknowledgement')
    .set({ words: null })
    .where('words', 'is not', null)
    .where('at', '<', before)
    .execute();
  await db
    .updateTable('acknowledgement')
    .set({ due_at: null })
    .where('due_at', 'is not', null)
    .where('due_at', '<', before)
    .execute();
}
