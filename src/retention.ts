// Forgetting: bodies past their term leave the store, cases that ended long ago lose their people, originals past their
// term leave the sources' folders. The audit stays.

import type { Config } from './config/schema.js';
import type { Clock, ConnectedSystem, Log } from './connector.js';
import { CodedError } from './errors.js';
import type { Store } from './store/types.js';

const DAY_MS = 86_400_000;

export interface RetentionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly terms: Config['retention'];
  readonly systems: ReadonlyMap<string, ConnectedSystem>;
}

/** By one process at a time: what another is just removing is left to it. */
export async function purge(deps: RetentionDeps): Promise<void> {
  const { store, log } = deps;
  const held = await store.hold('clean-up');
  if (!held) return log.info('another process removes what is past its term');
  try {
    await purgeAll(deps);
  } finally {
    await held.end();
  }
}

async function purgeAll({ store, clock, log, terms, systems }: RetentionDeps): Promise<void> {
  const { bodies, cases } = await purgeStore(store, terms, clock.now());
  if (bodies + cases > 0) log.info('bodies removed, cases forgotten', { bodies, cases });
  for (const [connection, { source, target }] of systems) {
    try {
      const removed = ((await source?.purge?.()) ?? 0) + ((await target?.purge?.()) ?? 0);
      if (removed > 0) log.info('files past their term removed', { connection, removed });
    } catch (error) {
      // A share that is away for the moment must not keep the others from being emptied.
      log.warn('files past their term could not be removed', { connection, code: codeOf(error) });
    }
  }
}

/** In units of bounded size: intake and delivery go on between them. */
async function purgeStore(store: Store, terms: Config['retention'], at: number) {
  const before = {
    bodiesBefore: at - terms.bodyDays * DAY_MS,
    seenBefore: at - terms.seenDays * DAY_MS,
    casesBefore: at - terms.caseDays * DAY_MS,
  };
  const total = { bodies: 0, cases: 0 };
  for (let more = true; more; ) {
    const purged = await store.write(async (tx) => {
      const { bodies, cases, more } = await tx.operation.purge(before, at);
      const details = { bodies, cases };
      if (bodies + cases > 0) await tx.audit.append({ at, actor: 'daemon', action: 'purged', details });
      return { bodies, cases, more };
    });
    total.bodies += purged.bodies;
    total.cases += purged.cases;
    more = purged.more;
  }
  return total;
}

function codeOf(error: unknown): string {
  return error instanceof CodedError ? error.code : 'BUG';
}
