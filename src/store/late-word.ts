// The late word of one who was taken over while it sent: that the delivery arrived is true whoever has it now. It counts
// where nobody is at the delivery, so that it is not sent once more.
import { applyKept, expectReceipt } from './acknowledge.js';
import { markSettled, type OwnedParts } from './delivery-rows.js';
import { passTurn } from './lanes.js';
import type { DeliveryState, Settlement } from './types.js';

export async function settleLate(
  parts: OwnedParts,
  { id, settlement, at }: { id: string; settlement: Settlement; at: number },
): Promise<DeliveryState | null> {
  const { db } = parts;
  const { state, code, detail, receiptDueAt } = settlement;
  if (state !== 'delivered' && state !== 'confirmed') return null;
  const item = await db
    .updateTable('delivery')
    .set((eb) => ({
      state,
      attempts: eb('attempts', '+', settlement.spent ? 1 : 0),
      ...{ turn: null, next_attempt_at: null, owner: null, updated_at: at },
      ...{ code: code ?? null, detail: detail ?? null },
    }))
    .where('id', '=', id)
    .where('stage', '=', 'payload')
    .where((eb) =>
      eb.or([
        eb('state', '=', 'queued'),
        eb.and([eb('state', '=', 'parked'), eb('code', '=', 'TARGET_OUTCOME_UNKNOWN')]),
      ]),
    )
    .returning(['route', 'lane'])
    .executeTakeFirst();
  if (!item) return null;
  await markSettled({ db }, id, at);
  await passTurn(db, item);
  if (receiptDueAt !== undefined) await expectReceipt(parts, { id, ...item, dueAt: receiptDueAt, at });
  return (await applyKept(parts, id, at)) ?? state;
}
