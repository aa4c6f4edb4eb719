// What happens to one cleared observation inside the intake's transaction. A held observation waits in its case's lane
// for a person; later observations of the same lane wait behind it uncompared, and go the same way once it is released
// or discarded.
import { isDeepStrictEqual } from 'node:util';
import type { GateFacts, GateResult, Hold } from '../privacy/gate.js';
import type { Route } from '../route.js';
import type { DeliveryBody } from '../store/types.js';
import { audit, freshItem, type Place, placeOf } from './place.js';
import { clearDisappeared, isHistory } from './states.js';
import { tell } from './tell.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

export async function acceptObservation(
  before: GateResult,
  ignored: readonly string[],
  acceptance: Acceptance,
): Promise<Accepted> {
  const { tx, route } = acceptance;
  const place = await placeOf(before.observation, acceptance);
  // What was held without a look at the ledger may have been released, or advised, for this case before.
  const gated = route.gate.reconsider(before, factsOf(route, place.state));
  await clearDisappeared(gated.observation, place, acceptance);
  if (await isWaiting(gated, place, acceptance)) return { ...NOTHING, unchanged: 1 };
  const removed = gated.removed.map(({ path, rule }) => `${path} ${rule}`);
  await audit(acceptance, place, {
    action: 'observed',
    details: { removed, ignored: unknownPlaces(ignored) },
  });
  const body: DeliveryBody = { stage: 'observation', observation: gated.observation };
  const item = { ...freshItem(acceptance, place), kind: null, body };
  if (gated.verdict === 'held' && !(await isHistory(gated, place, acceptance))) {
    const held = heldWords(gated.holds);
    await tx.outbox.insert({ ...item, state: 'parked', ...held });
    const holds = gated.holds.map(({ code, path }) => `${code} ${path}`);
    await audit(acceptance, place, {
      action: 'held',
      deliveryId: item.id,
      code: held.code,
      details: { holds },
    });
    return { ...NOTHING, held: 1 };
  }
  if (await tx.outbox.hasUncompared(route.name, place.lane)) {
    await tx.outbox.insert({ ...item, state: 'queued' });
    await audit(acceptance, place, { action: 'waiting', deliveryId: item.id });
    return { ...NOTHING, waiting: 1 };
  }
  return tell(gated.observation, place, acceptance);
}

/**
 * The very same observation waits already: the source was read again after a crash, or sent it twice. One that a person
 * discarded is not waiting: it may come in again. A state without a message may have come back since: it is the same
 * only as the last one of its case.
 */
async function isWaiting(
  { observation }: GateResult,
  { lane, caseKey }: Place,
  { tx, route }: Acceptance,
): Promise<boolean> {
  if (!(await tx.outbox.hasUncompared(route.name, lane))) return false;
  const all = await tx.outbox.list({ route: route.name, lane, states: ['parked', 'queued', 'claimed'] });
  const waiting = all.filter(({ stage }) => stage === 'observation');
  const isMessage = observation.message?.reference !== undefined;
  const likely = isMessage ? waiting : waiting.filter((item) => item.caseKey === caseKey).slice(-1);
  for (const { id } of likely) {
    const body = await tx.outbox.open(id);
    if (body?.stage === 'observation' && isDeepStrictEqual(body.observation, observation)) return true;
  }
  return false;
}

/** What the gate has to know of the route and of the case's past. */
export function factsOf(route: Route, state: Place['state']): GateFacts {
  const advisedPercentages = state?.advisedPercentages ?? [];
  const advisedTherapeutic = state?.advisedTherapeutic;
  // A case that was only ever discarded has had nothing accepted.
  const accepted = state && state.notified > 0 ? { accepted: state } : {};
  return { ...route.facts, advisedPercentages, advisedTherapeutic, ...accepted };
}

/** Where elements were that nobody knows, and how many. Their names are the sender's words: the audit has none of them. */
function unknownPlaces(ignored: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of ignored) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    counts.set(parent, (counts.get(parent) ?? 0) + 1);
  }
  return [...counts].map(([parent, count]) => `${parent}: ${count} unknown`);
}

/** The first hold's code, and all of them with their places. */
export function heldWords(holds: readonly Hold[]): { code: Hold['code']; detail: string } {
  const detail = holds.map(({ code, path, rule }) => `${code} ${path} ${rule}`).join('; ');
  return { code: holds[0]?.code ?? 'BUG', detail };
}
