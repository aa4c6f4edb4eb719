// The calls of a day (UTC), spread over it: polled too often a source would have spent them before noon, and be blind
// until midnight. They fall due by the half-hour and not one by one: a poll that needs ten calls would get one or two
// at a time, give up, and never come to its end.
import type { Clock } from '../clock.js';
import { PostponedError } from '../errors.js';
import type { Memory } from '../memory.js';
import { dueAt } from './spread.js';

const COUNTER = 'calls';
const DAY_MS = 86_400_000;
const STEP_MS = 1_800_000;
/** The first load of a large source takes many, and may come at any hour. */
const FREE_SHARE = 0.25;

export interface DayBudgetOptions {
  /** Null when there is no limit: then they are only counted. */
  readonly perDay: number | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly memory: Memory;
}

/** The day that an instant falls into: `2026-11-22`. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** When the next call may be made, at the earliest `now`, after `used` ones on this day. */
export function nextOfDay(used: number, perDay: number, now: number): number {
  const start = Date.parse(dayOf(now));
  const free = Math.ceil(perDay * FREE_SHARE);
  const period = { start, end: start + DAY_MS };
  return dueAt(used, { limit: perDay, free, falling: perDay - free, period, step: STEP_MS }, now);
}

/**
 * Counts a call of the day `period` before it is made, so that neither a crash nor another process can make one too
 * many. PostponedError when none may be made now.
 */
export async function countCall(period: string, { perDay, clock, memory }: DayBudgetOptions): Promise<void> {
  const now = clock.now();
  const nextAt = (used: number): number => {
    if (perDay === null) return now;
    // Just before midnight the day may have ended since: it is counted again for the one that began.
    if (period !== dayOf(now)) return used < perDay ? now : Math.max(now + 1, Date.parse(period) + DAY_MS);
    return nextOfDay(used, perDay, now);
  };
  const counter = { name: COUNTER, period, limit: perDay };
  const { counted, used } = await memory.reserve(counter, (before) => nextAt(before) <= now);
  if (!counted) throw postponed(used, perDay ?? used, nextAt(used), clock.now());
}

function postponed(used: number, perDay: number, nextAt: number, now: number): PostponedError {
  const at = new Date(nextAt).toISOString();
  const detail = `${COUNTER}: ${used} of ${perDay} used today; the next one may be made at ${at}.`;
  return new PostponedError(detail, Math.max(1, nextAt - now));
}
