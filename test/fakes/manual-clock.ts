// A clock that moves only when a test says so; a sleep moves it and is over at once.
import type { Clock } from '../../src/clock.js';

export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** As if somebody set the machine's clock: no time passes. */
  set(byMs: number): void;
  /** Runs while somebody sleeps: what happens meanwhile. */
  whileSleeping: (() => void | Promise<void>) | null;
  /** All sleeps so far, in ms. */
  readonly slept: readonly number[];
}

export function manualClock(startMs = Date.UTC(2026, 2, 2, 9, 30)): ManualClock {
  let nowMs = startMs;
  let setByMs = 0;
  let ids = 0;
  const slept: number[] = [];
  const clock: ManualClock = {
    whileSleeping: null,
    slept,
    now: () => nowMs + setByMs,
    monotonic: () => nowMs - startMs,
    set: (byMs) => {
      setByMs += byMs;
    },
    advance: (ms) => {
      nowMs += ms;
    },
    async sleep(ms) {
      slept.push(ms);
      nowMs += ms;
      await clock.whileSleeping?.();
    },
    id: () => {
      ids += 1;
      return `d${String(ids).padStart(6, '0')}`;
    },
    random: () => 0.5,
  };
  return clock;
}
