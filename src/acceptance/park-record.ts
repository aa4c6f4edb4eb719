// Records that cannot be used: parked by their reference and their codes, without their content. When the same report
// comes again and goes on, the old entry is cleared away; when it is wrong in another way, the new entry takes its place.
import type { Problem } from '../errors.js';
import type { Route } from '../route.js';
import type { Delivery } from '../store/types.js';
import { freshItem } from './place.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

/** Keyed hashes: of this very record, and of the report that it is. */
export interface RecordKeys {
  readonly key: string;
  /** Also the parked item's own lane, so that nothing waits behind it. */
  readonly report: string;
  /** False where a record is a state, which may come back: then only what is parked now counts. */
  readonly knowsRepeats: boolean;
}

/** What was parked before is not counted as parked anew; nor is what was mended since and comes in once more as it was. */
export async function parkRecord(
  problems: readonly Problem[],
  { key, report, knowsRepeats }: RecordKeys,
  acceptance: Acceptance<Route>,
): Promise<Accepted> {
  const { tx, clock, route, actor, store } = acceptance;
  const [wasParked, wasMended] = [store.hash('parked', key), store.hash('mended', report)];
  // Read again after a crash, or sent again: what went on since is not to be mended once more.
  const seen = (mark: string) => tx.operation.hasSeen(route.from, mark);
  if (knowsRepeats && (await seen(wasParked)) && (await seen(wasMended))) return UNUSABLE;
  const detail = describeProblems(problems);
  if ((await parkedBefore(report, acceptance)).some((item) => item.detail === detail)) return UNUSABLE;
  await clearParked(report, acceptance);
  if (knowsRepeats) await tx.operation.remember(route.from, wasParked, clock.now());
  const code = problems[0]?.code ?? 'BUG';
  const item = freshItem(acceptance, { lane: report, caseKey: null, subject: null });
  await tx.outbox.insert({ ...item, kind: null, body: null, state: 'parked', code, detail });
  await tx.audit.append({
    ...{ at: clock.now(), actor, action: 'parked', route: route.name, deliveryId: item.id, code },
    details: { problems: problems.map((found) => `${found.code} ${found.path}`) },
  });
  return { ...UNUSABLE, parked: 1 };
}

const UNUSABLE: Accepted = { ...NOTHING, unusable: 1 };

/** The report went on. */
export async function clearParkedRecord(
  { report, knowsRepeats }: Omit<RecordKeys, 'key'>,
  acceptance: Acceptance<Route>,
): Promise<void> {
  const { tx, clock, store, route } = acceptance;
  const cleared = await clearParked(report, acceptance);
  if (cleared > 0 && knowsRepeats)
    await tx.operation.remember(route.from, store.hash('mended', report), clock.now());
}

async function clearParked(report: string, acceptance: Acceptance<Route>): Promise<number> {
  const { tx, clock, actor } = acceptance;
  const before = await parkedBefore(report, acceptance);
  for (const { id, route } of before) {
    const at = clock.now();
    await tx.outbox.discard(id, 'The same report came in again.', at);
    await tx.audit.append({ at, actor, action: 'discarded', route, deliveryId: id, code: 'SUPERSEDED' });
  }
  return before.length;
}

function parkedBefore(report: string, { tx, route }: Acceptance<Route>): Promise<Delivery[]> {
  return tx.outbox.list({ route: route.name, lane: report, states: ['parked'] });
}

/** Codes, places and words, for a person. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ code, path, detail }) =>
      [`${code} ${path}`, ...(detail ? [detail.replace(/\.$/, '')] : [])].join(': '),
    )
    .join('; ');
}
