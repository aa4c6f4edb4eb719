// A bug that one record brings to light must not stop the records behind it: what it happened to is parked, and the
// stack goes to the log.
import type { Log } from '../connector.js';

/** What a pure step gives, or null when it threw. Never for steps that touch the store: those undo the transaction. */
export function bugFree<T>(log: Log, step: string, compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    log.error('a bug: the record is parked', { step }, error);
    return null;
  }
}
