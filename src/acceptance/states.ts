// What is different about a source that shows states: what had ended before the route's first load is history, and a
// case that it no longer shows may be back at the next look.
import type { Observation } from '../domain/observation.js';
import { type CompareOptions, compare } from '../ledger/compare.js';
import { hasDisappeared } from '../ledger/decision.js';
import { type Cleared, type GateResult, isApprovable } from '../privacy/gate.js';
import type { Delivery } from '../store/types.js';
import { bugFree } from './bug-free.js';
import { audit, type Place } from './place.js';
import type { Acceptance } from './types.js';

/**
 * What comes in after the first load is told, however far back it was dated. History stays what came with that load:
 * also when it had to wait (`resumed`), and when it is shown again later because its person changed.
 */
export async function compareOptionsOf(
  { absence }: Observation,
  place: Place,
  acceptance: Acceptance,
  resumed?: Delivery,
): Promise<CompareOptions> {
  if (absence.wholeCourse !== true) return {};
  const { tx, route } = acceptance;
  const load = await tx.firstLoads.get(route.name, route.from);
  if (load === null) return {};
  const { startedDay, completedAt } = load;
  const cameWithIt = completedAt === null || (resumed !== undefined && resumed.acceptedAt <= completedAt);
  return cameWithIt || (await isRecordedHistory(place, acceptance)) ? { recoveredBefore: startedDay } : {};
}

/** It had ended when it was met first, and nothing was told of it; not because a person discarded it. */
async function isRecordedHistory({ state, caseKey }: Place, { tx, route }: Acceptance): Promise<boolean> {
  if (state === null || state.notified > 0 || state.withdrawn || !state.absence.ended) return false;
  return (await tx.ledger.get(route.name, caseKey))?.diverged === null;
}

/**
 * Of history nothing is told, so that a person has nothing to decide: a first load must not ask about years of absences
 * that are long over. What is not whole, or not meant for this link, is held all the same.
 */
export async function isHistory(
  gated: GateResult,
  place: Place,
  acceptance: Acceptance,
  resumed?: Delivery,
): Promise<boolean> {
  if (gated.verdict === 'held' && gated.holds.some(({ code }) => !isApprovable(code))) return false;
  const { state } = place;
  if ((state?.notified ?? 0) > 0) return false;
  const options = await compareOptionsOf(gated.observation, place, acceptance, resumed);
  if (options.recoveredBefore === undefined) return false;
  const result = bugFree(acceptance.log, 'compare', () => compare(state, gated.observation, [], options));
  return result?.outcome === 'unchanged';
}

/** The source shows the case again: whether to withdraw it is no question any more, asked or still waiting. */
export async function clearDisappeared(
  { absence }: Cleared<Observation>,
  place: Place,
  acceptance: Acceptance,
): Promise<void> {
  const { tx, route, clock } = acceptance;
  if (absence.wholeCourse !== true || absence.withdrawn) return;
  const lane = await tx.outbox.list({ route: route.name, lane: place.lane, states: ['parked', 'queued'] });
  for (const item of lane) {
    if (item.caseKey !== place.caseKey || !(await asksToWithdraw(item, acceptance))) continue;
    await tx.outbox.drop(item.id, 'The source shows it again.', clock.now());
    await audit(acceptance, place, { action: 'discarded', deliveryId: item.id, code: 'SUPERSEDED' });
  }
}

async function asksToWithdraw({ id, stage, state, code }: Delivery, { tx }: Acceptance): Promise<boolean> {
  if (stage !== 'observation') return false;
  if (state === 'parked') return code === 'HELD_DISAPPEARED';
  const body = await tx.outbox.open(id);
  return body?.stage === 'observation' && hasDisappeared(body.observation.absence);
}

/**
 * The source no longer showed the case, but more was heard of it since, which waits behind: that counts. Not seen when
 * it came in, because this one was just then under way.
 */
export async function isOvertaken(
  waiting: Delivery,
  { absence }: Cleared<Observation>,
  { tx, route }: Acceptance,
): Promise<boolean> {
  if (!hasDisappeared(absence)) return false;
  const states = ['parked', 'queued', 'claimed'] as const;
  const lane = await tx.outbox.list({ route: route.name, lane: waiting.lane, states });
  const at = lane.findIndex(({ id }) => id === waiting.id);
  return lane
    .slice(at + 1)
    .some(({ stage, caseKey }) => stage === 'observation' && caseKey === waiting.caseKey);
}
