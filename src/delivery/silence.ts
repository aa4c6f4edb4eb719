// A queue that answers and wakes nobody: a job of it may stand in Redis and never come to any worker, and is not added a
// second time. It shows in that deliveries are due, and nothing of all that is due moves for a while, here or elsewhere.
import type { Clock } from '../connector.js';

export interface Silence {
  /** Something was woken, is under way, or need not move: it is counted from now on. */
  end(): void;
  /** For so long as is too long, after a look that found these due. */
  isTooLong(due: readonly string[]): boolean;
}

export function createSilence(clock: Pick<Clock, 'monotonic'>, limitMs: number): Silence {
  let since = clock.monotonic();
  let before: readonly string[] = [];
  const end = () => {
    since = clock.monotonic();
  };
  return {
    end,
    isTooLong(due) {
      const now = new Set(due);
      // What was due and no longer is, another process has taken up.
      if (before.length === 0 || !before.every((id) => now.has(id))) end();
      before = due;
      return due.length > 0 && clock.monotonic() - since >= limitMs;
    },
  };
}
