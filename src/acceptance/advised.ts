// Advice of the arbodienst opens the percentages that it names for the case, on the routes that report it; and what was
// held there for want of that advice is looked at again, in its place of the lane.
import type { Advice } from '../domain/return.js';
import type { ErrorCode } from '../errors.js';
import type { CaseState } from '../ledger/case-state.js';
import { advisedIn } from '../ledger/said.js';
import { derive } from '../privacy/gate.js';
import type { ReturnRoute } from '../route.js';
import type { FoundCase } from '../store/types.js';
import { caseKeys } from './place.js';
import type { Acceptance } from './types.js';

/** What a new advice may clear; whether it does is decided when the item is resumed. */
const WAITING_FOR_ADVICE: readonly ErrorCode[] = ['HELD_PARTIAL_PERCENTAGE', 'HELD_THERAPEUTIC'];

export async function openPercentages(
  advice: Advice,
  cases: readonly FoundCase[],
  acceptance: Acceptance<ReturnRoute>,
): Promise<void> {
  const { tx, store, clock } = acceptance;
  for (const { route, state } of cases) {
    const next = derive(state, (known) => withAdvice(known, advice));
    const { advisedPercentages, advisedTherapeutic = [] } = next;
    const isNews =
      advisedPercentages.length > state.advisedPercentages.length ||
      advisedTherapeutic.length > (state.advisedTherapeutic ?? []).length;
    if (!isNews) continue;
    const { caseKey, caseReference } = caseKeys(
      { store, route: { name: route } },
      state.employer.id,
      state.caseId,
    );
    await tx.ledger.put(route, caseKey, caseReference, next, clock.now());
    await lookAgain(route, caseKey, acceptance);
  }
}

function withAdvice(state: CaseState, advice: Advice): CaseState {
  const { absence, therapeutic } = advisedIn(advice);
  const advisedPercentages = [...new Set([...state.advisedPercentages, ...absence])];
  const advisedTherapeutic = [...new Set([...(state.advisedTherapeutic ?? []), ...therapeutic])];
  return { ...state, advisedPercentages, ...(advisedTherapeutic.length > 0 && { advisedTherapeutic }) };
}

/** Without an approval: the gate decides anew, with the new advice. */
async function lookAgain(route: string, caseKey: string, acceptance: Acceptance<ReturnRoute>): Promise<void> {
  const { tx, clock, actor } = acceptance;
  for (const { id, stage, detail } of await tx.outbox.list({ route, caseKey, states: ['parked'] })) {
    const waits = WAITING_FOR_ADVICE.some((code) => detail?.includes(code));
    if (stage !== 'observation' || !waits) continue;
    await tx.outbox.release(id, [], clock.now());
    await tx.audit.append({ at: clock.now(), actor, action: 'advised', route, deliveryId: id, caseKey });
  }
}
