// How long ago something was, whatever becomes of the clocks meanwhile.
import type { Clock } from '../connector.js';

/**
 * Tells how many ms have passed since now, by the larger of both clocks: one may be set back, and the other may stand still
 * while the machine sleeps.
 */
export function startWatch(clock: Pick<Clock, 'now' | 'monotonic'>): () => number {
  const now = clock.now();
  const monotonic = clock.monotonic();
  return () => Math.max(clock.now() - now, clock.monotonic() - monotonic);
}
