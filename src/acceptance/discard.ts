// A person decides that a parked item is never sent. Its case has then diverged: we observed what the receiver may not
// know. Not so when the advice was to discard what the receiver knows already, or what is only a test.
import type { ErrorCode } from '../errors.js';
import { caseReferenceOf } from '../ledger/case-keys.js';
import { afterDiscard } from '../ledger/discarded.js';
import { derive } from '../privacy/gate.js';
import type { Delivery, Store, WriteTx } from '../store/types.js';

/** Discarded, because the receiver knows the recovery already, or because the case is to stay as the receiver has it. */
const KNOWN_THERE: readonly ErrorCode[] = ['HELD_RECOVERY_WITHOUT_SICKNESS', 'HELD_DISAPPEARED'];

export interface Discard {
  readonly store: Store;
  readonly tx: WriteTx;
  /** Kept in the audit: no names, nothing medical. */
  readonly reason: string;
  readonly at: number;
}

export async function discardItem(delivery: Delivery, { store, tx, reason, at }: Discard): Promise<void> {
  const { id, route, caseKey, stage, code } = delivery;
  const body = stage === 'observation' ? await tx.outbox.open(id) : null;
  await tx.outbox.discard(id, reason, at);
  if (!caseKey || code === 'HELD_TEST_MESSAGE') return;
  if (body?.stage === 'observation') {
    const { observation } = body;
    const known = (await tx.ledger.get(route, caseKey))?.state ?? null;
    const next = derive(observation, (discarded) => afterDiscard(known, discarded));
    const reference = caseReferenceOf(store.hash, route, observation.absence.caseId);
    await tx.ledger.put(route, caseKey, reference, next, at);
  }
  if (code !== null && KNOWN_THERE.includes(code)) return;
  await tx.ledger.setDiverged(route, caseKey, 'DISCARDED', at);
}
