// What the demo tells a newcomer at its end, read back from the store and its audit.
import { ERRORS, type ErrorCode } from '../errors.js';
import type { Delivery, Store } from '../store/types.js';
import type { Comparison } from './read-back.js';

export interface Summary {
  readonly messages: number;
  readonly unchanged: number;
  readonly sentPerKind: ReadonlyMap<string, number>;
  readonly removedPerRule: ReadonlyMap<string, number>;
  readonly parkedPerCode: ReadonlyMap<string, number>;
  readonly waiting: number;
}

export async function readSummary(store: Store, messages: number): Promise<Summary> {
  return store.read(async (tx) => {
    const sent = await tx.outbox.list({ states: ['delivered', 'confirmed'] });
    const parked = await tx.outbox.list({ states: ['parked'] });
    const waiting = await tx.outbox.list({ states: ['queued'] });
    const removed: string[] = [];
    let unchanged = 0;
    for await (const row of tx.audit.export({})) {
      if (row.action === 'unchanged' || row.action === 'recovered-employee') unchanged += 1;
      const paths = row.details?.removed;
      if (Array.isArray(paths)) removed.push(...paths.map((path: string) => path.split(' ')[1] ?? ''));
    }
    return {
      messages,
      unchanged,
      sentPerKind: countBy(sent, (item: Delivery) => item.kind ?? ''),
      removedPerRule: countBy(removed, (rule) => rule),
      parkedPerCode: countBy(parked, (item: Delivery) => item.code ?? ''),
      waiting: waiting.length,
    };
  });
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return new Map([...counts].sort(([one], [other]) => one.localeCompare(other)));
}

/** `wordsOf` says in plain words what a rule of the privacy table keeps back. */
export function renderSummary(summary: Summary, wordsOf: (rule: string) => string): string {
  const lines = (counts: ReadonlyMap<string, number>, words: (name: string) => string) =>
    [...counts].map(([name, count]) => `  ${String(count).padStart(6)}  ${words(name)}\n`);
  return [
    `\nReceived ${summary.messages} messages from the HR system.\n`,
    `  ${String(summary.unchanged).padStart(6)}  said nothing new, so nothing was sent\n`,
    '\nSent to the arbodienst, in order per case:\n',
    ...lines(summary.sentPerKind, (kind) => kind),
    '\nKept back, because the arbodienst may not or need not have it (rule, and what it covers):\n',
    ...lines(summary.removedPerRule, (rule) => `${rule}  ${wordsOf(rule)}`),
    '\nParked, waiting for a person:\n',
    ...lines(summary.parkedPerCode, (code) => `${ERRORS[code as ErrorCode]?.text ?? code} [${code}]`),
    `  ${String(summary.waiting).padStart(6)}  later one(s) of the same people wait behind these\n`,
  ].join('');
}

export function renderComparison({ open, same, waiting, differing }: Comparison): string {
  return [
    '\nRead back: what both systems hold at the end, beside each other.\n',
    `  ${String(open).padStart(6)}  absence(s) open at the HR system\n`,
    `  ${String(same).padStart(6)}  open at the arbodienst from the same day and to the same degree\n`,
    `  ${String(waiting).padStart(6)}  person(s) of whom something waits (see above)\n`,
    `  ${String(differing.length).padStart(6)}  differ${differing.map((name) => ` ${name}`).join('')}\n`,
  ].join('');
}
