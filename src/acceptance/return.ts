// What happens to one cleared record of the way back inside the intake's transaction: tied to a known absence case,
// compared with what the employer was last told, and queued. What belongs to no known case leaves nothing but a count.
import { derive } from '../privacy/gate.js';
import type { ReturnRoute } from '../route.js';
import type { FoundCase } from '../store/types.js';
import { openPercentages } from './advised.js';
import { findKnownCase, stands } from './known-case.js';
import { parkRecord, type RecordKeys } from './park-record.js';
import { audit } from './place.js';
import { acceptResult } from './result.js';
import { compareReturn } from './return-compare.js';
import type { ClearedReturn, LeftOut, Unusable } from './return-judge.js';
import { queueReturn } from './return-queue.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

export async function acceptReturn(
  { kind, observation, removed }: ClearedReturn,
  keys: RecordKeys,
  acceptance: Acceptance<ReturnRoute>,
): Promise<Accepted> {
  if (kind === 'result') return acceptResult(observation, keys, acceptance);
  const { tx, route, clock } = acceptance;
  const known = await findKnownCase(observation, acceptance);
  if (known.found === 'none') return leaveOut('NO_CASE', acceptance);
  if (known.found === 'several') return parkRecord([known.problem], keys, acceptance);
  const [found] = known.cases;
  const compared = await compareReturn(kind, observation, found, acceptance);
  if (!compared.notification && !stands(found.state)) return leaveOut('NO_CASE', acceptance);
  const place = placeOfReturn(found, acceptance);
  await audit(acceptance, place, {
    action: 'observed',
    details: { kind, removed: removed.map(({ path, rule }) => `${path} ${rule}`) },
  });
  if (observation.advice) await openPercentages(observation.advice, known.cases, acceptance);
  if (!route.mappings.out[kind]) return leaveOut('NOT_TAKEN', acceptance);
  const { notification, next, ...to } = compared;
  const id = clock.id();
  if (next) {
    const kept = notification ? derive(next, (state) => ({ ...state, toldBy: id })) : next;
    for (const key of to.keys) await tx.returns.put(route.name, key, found.caseKey, kept, clock.now());
  }
  if (notification) return queueReturn(notification, { ...place, laneParts: to.laneParts, id }, acceptance);
  await audit(acceptance, place, { action: 'unchanged' });
  return { ...NOTHING, unchanged: 1 };
}

/** Parked only where its case is known. */
export async function acceptUnusable(
  { problems, tie }: Omit<Unusable, 'outcome'>,
  keys: RecordKeys,
  acceptance: Acceptance<ReturnRoute>,
): Promise<Accepted> {
  const known = tie && (await findKnownCase(tie, acceptance));
  if (known?.found === 'none') return leaveOut('NO_CASE', acceptance);
  return parkRecord(problems, keys, acceptance);
}

/** The keyed hashes by which the audit and the outbox know the case and the employee. */
function placeOfReturn({ caseKey, state }: FoundCase, { store }: Acceptance<ReturnRoute>) {
  return { caseKey, subject: store.hash('employee', state.employer.id, state.employee.id) };
}

/** The row itself is the count: no subject, no case, no reference of the source (dutch-rules.md P-31, P-42). */
export async function leaveOut(why: LeftOut, acceptance: Acceptance<ReturnRoute>): Promise<Accepted> {
  const { tx, clock, actor, route } = acceptance;
  await tx.audit.append({ at: clock.now(), actor, action: 'left-out', route: route.name, code: why });
  return { ...NOTHING, leftOut: 1 };
}
