// Records that cannot be used: parked by their reference and their codes, without their content. When the same report
// comes again and goes on, the old entry is cleared away; when it is wrong in another way, the new entry takes its place.
import type { Problem } from '../errors.js';
import type { Delivery } from '../store/types.js';
import { freshItem } from './place.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

/** `report` is the keyed hash of the report: it is the item's own lane, so that nothing waits behind it. */
export async function parkRecord(
  problems: readonly Problem[],
  report: string,
  acceptance: Acceptance,
): Promise<Accepted> {
  const { tx, clock, route, actor } = acceptance;
  const detail = describeProblems(problems);
  if ((await parkedBefore(report, acceptance)).some((item) => item.detail === detail)) return NOTHING;
  await clearParkedRecord(report, acceptance);
  const code = problems[0]?.code ?? 'BUG';
  const item = freshItem(acceptance, { lane: report, caseKey: null, subject: null });
  await tx.outbox.insert({ ...item, kind: null, body: null, state: 'parked', code, detail });
  await tx.audit.append({
    ...{ at: clock.now(), actor, action: 'parked', route: route.name, deliveryId: item.id, code },
    details: { problems: problems.map((found) => `${found.code} ${found.path}`) },
  });
  return { ...NOTHING, parked: 1 };
}

export async function clearParkedRecord(report: string, acceptance: Acceptance): Promise<void> {
  const { tx, clock, actor } = acceptance;
  for (const { id, route } of await parkedBefore(report, acceptance)) {
    const at = clock.now();
    await tx.outbox.discard(id, 'The same report came in again.', at);
    await tx.audit.append({ at, actor, action: 'discarded', route, deliveryId: id, code: 'SUPERSEDED' });
  }
}

function parkedBefore(report: string, { tx, route }: Acceptance): Promise<Delivery[]> {
  return tx.outbox.list({ route: route.name, lane: report, states: ['parked'] });
}

/** Codes, places and words, for a person. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ code, path, detail }) => [code, path, detail].filter(Boolean).join(' ')).join('; ');
}
