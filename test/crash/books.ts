// The store as it lies on disk after a crash: is the audit chain whole, and does the sum of the states hold?
import { systemClock } from '../../src/clock.js';
import { CodedError } from '../../src/errors.js';
import { openStore } from '../../src/main.js';
import type { Accounting, Store } from '../../src/store/types.js';
import type { Site } from './site.js';

export interface Books {
  readonly accounting: readonly Accounting[];
  readonly faults: readonly string[];
}

export async function readBooks({ loaded }: Site): Promise<Books> {
  const store = await openStore(loaded, systemClock, { readOnly: true }).catch((error) => {
    // Killed before there was a store: nothing was accepted yet.
    if (error instanceof CodedError && (error.code === 'NOT_FOUND' || error.code === 'SECRET_MISSING'))
      return null;
    throw error;
  });
  if (!store) return { accounting: [], faults: [] };
  try {
    return await check(store);
  } finally {
    await store.close();
  }
}

async function check(store: Store): Promise<Books> {
  return store.read(async (tx) => {
    const verdict = await tx.audit.verify();
    const accounting = await tx.outbox.accounting();
    // A first start that ends between making the store and its checkpoint file leaves nothing to protect yet.
    const broken = !verdict.whole && (verdict.rows > 0 || accounting.length > 0);
    const faults = broken ? [`the audit chain is broken: ${verdict.reason}`] : [];
    for (const { route, accepted, states } of accounting) {
      const sum = Object.values(states).reduce((total, count) => total + count, 0);
      if (sum !== accepted)
        faults.push(`route ${route}: accepted ${accepted}, but the states add up to ${sum}`);
    }
    return { accounting, faults };
  });
}

/**
 * At the end: the same counts as in an undisturbed run, nothing open, and as many delivered as arrived. What came to
 * nothing is left out: a report that waits behind a held one is discarded as known already, where the same report
 * after the release never becomes an item.
 */
export function endFaults(
  { accounting }: Books,
  reference: Books,
  arrived: Readonly<Record<string, number>>,
): string[] {
  return reference.accounting.flatMap((undisturbed) => {
    const { route } = undisturbed;
    const own = accounting.find((entry) => entry.route === route);
    if (!own) return [`route ${route} accepted nothing`];
    const [is, should] = [line(own), line(undisturbed)];
    return [
      ...(is === should ? [] : [`route ${route}: ${is}; undisturbed: ${should}`]),
      ...deliveredFaults({ accounting: [own] }, arrived),
    ];
  });
}

/** At the end: as many delivered as arrived. */
export function deliveredFaults(
  { accounting }: Pick<Books, 'accounting'>,
  arrived: Readonly<Record<string, number>>,
): string[] {
  return accounting
    .filter(({ route, states }) => states.delivered !== arrived[route])
    .map(({ route, states }) => `route ${route}: ${states.delivered} delivered, ${arrived[route]} arrived`);
}

function line({ accepted, states }: Accounting): string {
  const { discarded, ...others } = states;
  return `accepted ${accepted - discarded} ${JSON.stringify(others)}`;
}
