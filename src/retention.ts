// Forgetting: bodies past their term leave the store, originals past theirs leave the sources' folders. The audit stays.

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

export async function purge({ store, clock, log, terms, systems }: RetentionDeps): Promise<void> {
  const at = clock.now();
  const before = { bodiesBefore: at - terms.bodyDays * DAY_MS, seenBefore: at - terms.seenDays * DAY_MS };
  const bodies = await store.write(async (tx) => {
    const removed = await tx.operation.purge(before, at);
    if (removed > 0)
      await tx.audit.append({ at, actor: 'daemon', action: 'purged', details: { bodies: removed } });
    return removed;
  });
  if (bodies > 0) log.info('bodies removed', { bodies });
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

function codeOf(error: unknown): string {
  return error instanceof CodedError ? error.code : 'BUG';
}
