// Keeps the mark of a case whose receiver may not know what we observed: after a delivery was settled, and after its
// receiver said something of it.

import { standingOf } from '../ledger/acknowledge.js';
import { divergenceOf, type SettledReport } from '../ledger/acknowledge-case.js';
import type { Delivery, DeliveryState, Settlement, WriteTx } from '../store/types.js';

interface At {
  readonly tx: WriteTx;
  readonly now: number;
}

const SETTLED = ['delivered', 'confirmed', 'rejected', 'discarded'] as const;
const LOST = ['rejected', 'discarded'] as const;

/** `state` is what the item is after the settlement: what the receiver said before may have taken it further. */
export async function noteSettled(
  { route, caseKey }: Delivery,
  { settlement, state }: { settlement: Settlement; state: DeliveryState },
  { tx, now }: At,
): Promise<void> {
  if (!caseKey) return;
  if (state !== settlement.state) return noteSaid({ route, caseKey }, { tx, now });
  if (state === 'rejected') await tx.ledger.setDiverged(route, caseKey, 'TARGET_REJECTED', now);
  if (state !== 'delivered' && state !== 'confirmed') return;
  const { code } = settlement;
  if (code) return tx.ledger.setDiverged(route, caseKey, code, now);
  const lost = await tx.outbox.list({ route, caseKey, states: LOST });
  if (lost.length > 0) return noteSaid({ route, caseKey }, { tx, now });
  await tx.ledger.setDiverged(route, caseKey, null, now);
}

/** From all reports of the case together, in whatever order they were settled and spoken of. */
export async function noteSaid(
  { route, caseKey }: { readonly route: string; readonly caseKey: string },
  { tx, now }: At,
): Promise<void> {
  const settled = await tx.outbox.list({ route, caseKey, states: SETTLED });
  await tx.ledger.setDiverged(route, caseKey, divergenceOf(settled.flatMap(toReport)), now);
}

function toReport({ state, code, acceptedAt, acknowledgement }: Delivery): SettledReport[] {
  const known = SETTLED.find((each) => each === state);
  if (!known) return [];
  const refused = acknowledgement !== null && standingOf(acknowledgement.outcome) === 'rejected';
  return [{ state: known, code, acceptedAt, refusedAt: refused ? acknowledgement.at : null }];
}
