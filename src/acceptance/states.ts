// What is different about a source that shows states: what had ended before the route's first load is history, and a
// case that it no longer shows may be back at the next look.
import type { Observation } from '../domain/observation.js';
import { type CompareOptions, compare } from '../ledger/compare.js';
import { type Cleared, type GateResult, isApprovable } from '../privacy/gate.js';
import { bugFree } from './bug-free.js';
import { audit, type Place } from './place.js';
import type { Acceptance } from './types.js';

export async function compareOptionsOf(
  { absence }: Observation,
  { tx, route }: Acceptance,
): Promise<CompareOptions> {
  if (absence.wholeCourse !== true) return {};
  const load = await tx.firstLoads.get(route.name, route.from);
  return load ? { recoveredBefore: load.startedDay } : {};
}

/**
 * Of history nothing is told, so that a person has nothing to decide: a first load must not ask about years of absences
 * that are long over. What is not whole, or not meant for this link, is held all the same.
 */
export async function isHistory(
  gated: GateResult,
  { state }: Place,
  acceptance: Acceptance,
): Promise<boolean> {
  if (gated.verdict === 'held' && gated.holds.some(({ code }) => !isApprovable(code))) return false;
  if ((state?.notified ?? 0) > 0) return false;
  const options = await compareOptionsOf(gated.observation, acceptance);
  if (options.recoveredBefore === undefined) return false;
  const result = bugFree(acceptance.log, 'compare', () => compare(state, gated.observation, [], options));
  return result?.outcome === 'unchanged';
}

/** The source shows the case again: whether to withdraw it is no question any more. */
export async function clearDisappeared(
  { absence }: Cleared<Observation>,
  place: Place,
  acceptance: Acceptance,
): Promise<void> {
  const { tx, route, clock } = acceptance;
  if (absence.wholeCourse !== true || absence.withdrawn) return;
  const parked = await tx.outbox.list({ route: route.name, lane: place.lane, states: ['parked'] });
  for (const { id, code, caseKey } of parked) {
    if (code !== 'HELD_DISAPPEARED' || caseKey !== place.caseKey) continue;
    await tx.outbox.discard(id, 'The source shows it again.', clock.now());
    await audit(acceptance, place, { action: 'discarded', deliveryId: id, code: 'SUPERSEDED' });
  }
}
