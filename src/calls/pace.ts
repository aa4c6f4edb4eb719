// The pace that another system asks of its callers: starts apart, few at once, so many a day, and a rest after a 429.
// One pace serves all routes of a connection within this process; the day's calls are counted over all processes.
import type { Clock } from '../clock.js';
import { RetryableError } from '../errors.js';
import type { Memory } from '../memory.js';
import { countCall, dayOf } from './day-budget.js';
import { type HttpAnswer, retryAfterMs } from './http.js';
import { createTurns } from './turns.js';

export interface PaceLimits {
  /** Between two starts, also of calls that are made again; and after the answer to the last one. */
  readonly minIntervalMs: number;
  /** Calls in flight at once. */
  readonly concurrency: number;
  /** Calls in a calendar day (UTC); null when there is no such limit: then they are only counted. */
  readonly perDay: number | null;
  /** Who would have to rest longer is sent away at once, told how long; five minutes when absent. */
  readonly longestWaitMs?: number;
}

export interface Pace {
  /**
   * Runs the call when its turn comes: first come, first served. After a 429 everything waits for the next window
   * (`Retry-After`, a second at least; else a minute) and the call is made again, three times in all; then
   * RetryableError with retryAfterMs, at once when the rest is longer than `longestWaitMs`. PostponedError when the calls
   * that the day allows by now are spent (see day-budget.ts); RetryableError when it is given up while it waits.
   * `prepare` is done when its turn has come, before the call counts and takes a place, and again if the turn passes.
   */
  run(
    call: () => Promise<HttpAnswer>,
    signal: AbortSignal,
    prepare?: () => Promise<void>,
  ): Promise<HttpAnswer>;
}

export interface PaceDeps {
  readonly clock: Clock;
  readonly memory: Memory;
}

const WINDOW_MS = 60_000;
/** "0 seconds", or a moment gone by, would only be refused again. */
const SHORTEST_REST_MS = 1_000;
/** What is longer is for the caller to wait, who has better things to do meanwhile. */
const LONGEST_WAIT_MS = 300_000;
const TRIES = 3;

export function createPace(limits: PaceLimits, deps: PaceDeps): Pace {
  const { clock } = deps;
  const { perDay, longestWaitMs = LONGEST_WAIT_MS } = limits;
  const period = () => dayOf(clock.now());
  const count = (day: string) => countCall(day, { perDay, ...deps });
  const turns = createTurns({ ...limits, longestWaitMs }, { clock, period, count });

  /** Still in its turn: a window that is full is full for all. */
  async function once(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const answer = await call();
    if (answer.status !== 429) return answer;
    turns.rest(Math.max(SHORTEST_REST_MS, retryAfterMs(answer, clock.now()) ?? WINDOW_MS));
    return answer;
  }

  return {
    async run(call, signal, prepare = async () => {}) {
      for (let tries = 1; ; tries += 1) {
        const answer = await turns.take(() => once(call), { signal, prepare, again: tries > 1 });
        if (answer.status !== 429) return answer;
        if (tries === TRIES) {
          throw new RetryableError(`Too many calls (429), ${TRIES} times.`, {
            retryAfterMs: Math.max(SHORTEST_REST_MS, turns.waitMs()),
          });
        }
      }
    },
  };
}
