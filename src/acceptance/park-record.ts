// Records that cannot be used: parked by their reference and their codes, without their content. When the same record
// comes again and goes on, the old entry is cleared away.
import type { Problem } from '../errors.js';
import type { Delivery } from '../store/types.js';
import { freshItem } from './place.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

/** `key` is the keyed hash of the record: it is the item's own lane, so that nothing waits behind it. */
export async function parkRecord(
  problems: readonly Problem[],
  key: string,
  acceptance: Acceptance,
): Promise<Accepted> {
  const { tx, clock, route, actor } = acceptance;
  if ((await parkedBefore(key, acceptance)).length > 0) return NOTHING;
  const code = problems[0]?.code ?? 'BUG';
  const item = freshItem(acceptance, { lane: key, caseKey: null, subject: null });
  const detail = describeProblems(problems);
  await tx.outbox.insert({ ...item, kind: null, body: null, state: 'parked', code, detail });
  await tx.audit.append({
    ...{ at: clock.now(), actor, action: 'parked', route: route.name, deliveryId: item.id, code },
    details: { problems: problems.map((found) => `${found.code} ${found.path}`) },
  });
  return { ...NOTHING, parked: 1 };
}

export async function clearParkedRecord(key: string, acceptance: Acceptance): Promise<void> {
  const { tx, clock, actor } = acceptance;
  for (const { id, route } of await parkedBefore(key, acceptance)) {
    const at = clock.now();
    await tx.outbox.discard(id, 'The same record came in again and went on.', at);
    await tx.audit.append({ at, actor, action: 'discarded', route, deliveryId: id, code: 'SUPERSEDED' });
  }
}

function parkedBefore(key: string, { tx, route }: Acceptance): Promise<Delivery[]> {
  return tx.outbox.list({ route: route.name, lane: key, states: ['parked'] });
}

/** Codes, places and words, for a person. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ code, path, detail }) => [code, path, detail].filter(Boolean).join(' ')).join('; ');
}
