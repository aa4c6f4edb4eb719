// Time in the suite of dispatchers: a sleep takes turns of the event loop rather than time.
import type { Clock } from '../../src/clock.js';
import type { ManualClock } from '../fakes/manual-clock.js';

export const aTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** How far this clock goes on in one turn of the event loop while anybody sleeps. */
const TURN_MS = 100;

/** A sleep takes turns of the event loop rather than time, so that everything else has its turn meanwhile. */
export function unhurried(clock: ManualClock): Clock {
  return {
    ...clock,
    async sleep(ms, signal) {
      const over = clock.monotonic() + ms;
      do {
        await aTurn();
        if (signal?.aborted) return;
        clock.advance(TURN_MS);
        await clock.whileSleeping?.();
      } while (clock.monotonic() < over);
    },
  };
}

/** Longest time that a dispatcher with a server behind it needs for anything here. */
const PATIENCE_MS = 10_000;

/** Gives the event loop its turns until it is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!patience.aborted) {
    if (await isSo()) return;
    await aTurn();
  }
  throw new Error('it never came true');
}
