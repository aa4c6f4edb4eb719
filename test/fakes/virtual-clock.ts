// A clock for many sleepers at once: its time is that of whoever wakes next, and it moves only when nobody can go on.
import type { Clock } from '../../src/clock.js';

export interface VirtualClock extends Clock {
  /** Moves on from sleeper to sleeper until the work is done; fails when it waits for nothing that ever comes. */
  run<T>(work: Promise<T>): Promise<T>;
  /** How many sleep now. */
  sleeping(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function virtualClock(startMs = Date.UTC(2026, 2, 2, 9, 30)): VirtualClock {
  let nowMs = startMs;
  let ids = 0;
  const sleepers = new Set<Sleeper>();

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { at: nowMs + Math.max(0, ms), wake };
      if (signal?.aborted) return resolve();
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  async function run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    for (;;) {
      // All that can go on without time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return work;
      const [first] = [...sleepers].sort((one, other) => one.at - other.at);
      if (!first) throw new Error('it waits for nothing that ever comes');
      nowMs = Math.max(nowMs, first.at);
      first.wake();
    }
  }

  return {
    ...{
      now: () => nowMs,
      monotonic: () => nowMs - startMs,
      sleep,
      run,
      sleeping: () => sleepers.size,
      random: () => 0.5,
    },
    id: () => {
      ids += 1;
      return `d${String(ids).padStart(6, '0')}`;
    },
  };
}
