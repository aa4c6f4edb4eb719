// A hint says that a source has something new: it is polled soon after, once for all hints until then. The schedule
// stays the safety net, so that a hint that is lost costs no more than time.
import type { Clock } from '../connector.js';
import type { Poller } from './poller.js';

export interface HintDeps {
  readonly clock: Clock;
  /** Between the first hint and the poll. */
  readonly waitMs: number;
  /** The daemon stops. */
  readonly signal: AbortSignal;
}

/** A poll that failed, or that another process was busy with and may have looked too early. */
const TRIES = 3;
const LEAST_WAIT_MS = 1_000;

/** Call it for each hint; it never throws and never waits. */
export function createHint(poller: Poller, { clock, waitMs, signal }: HintDeps): () => void {
  let waiting = false;
  const follow = async () => {
    await clock.sleep(waitMs, signal);
    // A poll that is going on may have looked already, so that what this hint tells of needs one of its own.
    await poller.settled();
    waiting = false;
    for (let tries = 0; tries < TRIES && !signal.aborted; tries += 1) {
      if (await poller.poll()) return;
      await clock.sleep(Math.max(waitMs, LEAST_WAIT_MS), signal);
    }
  };
  return () => {
    if (waiting || signal.aborted) return;
    waiting = true;
    void follow();
  };
}
