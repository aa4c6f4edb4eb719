// The pace that another system asks of its callers: starts apart, few at once, so many a day, and a rest after a 429.
// One pace serves all routes of a connection within this process; the day's calls are counted over all processes.
import type { Clock } from '../clock.js';
import { PostponedError, RetryableError } from '../errors.js';
import type { Memory } from '../memory.js';
import { type HttpAnswer, retryAfterMs } from './http.js';
import { createTurns } from './turns.js';

export interface PaceLimits {
  /** Between two starts, also of calls that are made again; and after the answer to the last one. */
  readonly minIntervalMs: number;
  /** Calls in flight at once. */
  readonly concurrency: number;
  /** Calls in a calendar day (UTC); null when there is no such limit: then they are only counted. */
  readonly perDay: number | null;
}

export interface Pace {
  /**
   * Runs the call when its turn comes: first come, first served. After a 429 everything waits for the next window
   * (`Retry-After`, else a minute) and the call is made again, three times in all; then RetryableError with
   * retryAfterMs, at once when the wait is longer than five minutes. PostponedError when the day's calls are spent;
   * RetryableError when it is given up while it waits.
   */
  run(call: () => Promise<HttpAnswer>, signal: AbortSignal): Promise<HttpAnswer>;
}

export interface PaceDeps {
  readonly clock: Clock;
  readonly memory: Memory;
}

const COUNTER = 'calls';
const DAY_MS = 86_400_000;
const WINDOW_MS = 60_000;
const TRIES = 3;

export function createPace(limits: PaceLimits, deps: PaceDeps): Pace {
  const { clock } = deps;
  const period = () => new Date(clock.now()).toISOString().slice(0, 10);
  const count = (day: string) => countCall(day, limits.perDay, deps);
  const turns = createTurns(limits, { clock, period, count });

  /** Still in its turn: a window that is full is full for all. */
  async function once(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const answer = await call();
    if (answer.status === 429) turns.rest(retryAfterMs(answer, clock.now()) ?? WINDOW_MS);
    return answer;
  }

  return {
    async run(call, signal) {
      for (let tries = 1; ; tries += 1) {
        const answer = await turns.take(() => once(call), { signal, again: tries > 1 });
        if (answer.status !== 429) return answer;
        if (tries === TRIES) {
          throw new RetryableError(`Too many calls (429), ${TRIES} times.`, { retryAfterMs: turns.waitMs() });
        }
      }
    },
  };
}

/** Counts before the call, so that neither a crash nor another process can make one too many. */
async function countCall(period: string, perDay: number | null, { clock, memory }: PaceDeps): Promise<void> {
  const spent = perDay !== null && (await memory.counted({ name: COUNTER, period })) >= perDay;
  const made = spent ? perDay + 1 : await memory.count({ name: COUNTER, period, limit: perDay });
  if (perDay === null || made <= perDay) return;
  const nextDay = Date.parse(period) + DAY_MS;
  const at = new Date(nextDay).toISOString();
  const detail = `${COUNTER}: ${perDay} of ${perDay} used today; the next one may be made at ${at}.`;
  throw new PostponedError(detail, nextDay - clock.now());
}
