// The token calls of a month, spread over it: a source that is polled around the clock needs more tokens than some
// gateways give (Visma: 400 a month, tokens of an hour), and must not be without any in the last week.
import type { Clock } from '../clock.js';
import { PostponedError } from '../errors.js';
import type { Memory } from '../memory.js';
import { dueAt } from './spread.js';

/** `spread`: as many as are due by now. `all`: what is left of the month, for a token that was refused and for checks. */
export type Allowance = 'spread' | 'all';

export interface TokenBudget {
  /** Counts one call, or throws PostponedError when none may be made now. */
  spend(allowance: Allowance): Promise<void>;
}

const COUNTER = 'token calls';
const RESERVE_SHARE = 0.05;
const LEAST_RESERVE = 5;

export interface TokenBudgetOptions {
  /** Calls in a calendar month (UTC); null when there is no limit: then they are only counted. */
  readonly perMonth: number | null;
  readonly clock: Clock;
  readonly memory: Memory;
}

export function createTokenBudget({ perMonth, clock, memory }: TokenBudgetOptions): TokenBudget {
  return {
    async spend(allowance) {
      const now = clock.now();
      const counter = { name: COUNTER, period: new Date(now).toISOString().slice(0, 7) };
      const nextAt = (used: number) => (perMonth === null ? now : nextCallAt(used, perMonth, now, allowance));
      // Counted before it is made, so that neither a crash nor another process can make one too many.
      const { counted, used } = await memory.reserve(
        { ...counter, limit: perMonth },
        (before) => nextAt(before) <= now,
      );
      if (!counted) throw postponed(used, perMonth ?? used, nextAt(used), now);
    },
  };
}

/** When the next call may be made, at the earliest `now`, after `used` ones in this month. */
export function nextCallAt(used: number, perMonth: number, now: number, allowance: Allowance): number {
  const { start, end } = monthOf(now);
  if (used >= perMonth) return end;
  if (allowance === 'all') return now;
  const reserve = Math.min(perMonth, Math.max(LEAST_RESERVE, Math.ceil(perMonth * RESERVE_SHARE)));
  const spread = { limit: perMonth, free: reserve, falling: perMonth, period: { start, end }, step: 1 };
  return dueAt(used, spread, now);
}

function monthOf(now: number): { readonly start: number; readonly end: number } {
  const day = new Date(now);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
}

function postponed(used: number, perMonth: number, nextAt: number, now: number): PostponedError {
  const at = new Date(nextAt).toISOString();
  const detail = `${COUNTER}: ${used} of ${perMonth} used this month; the next one may be made at ${at}.`;
  return new PostponedError(detail, nextAt - now);
}
