// The limits per registered application (domain/visma-raet.md, section 7) and the meter that keeps them: it counts what
// came, remembers how close together and how many at once, and says when a call is one too many.
import type { Clock } from '../../src/connector.js';

/** Null: no such limit. */
export interface Limits {
  /** Spike arrest: a call nearer than this to the last one that was let in is refused. */
  readonly minIntervalMs: number | null;
  readonly concurrency: number | null;
  /** API calls in a day (UTC). */
  readonly perDay: number | null;
  /** Calls for a token in a calendar month (UTC), refused ones included. */
  readonly tokensPerMonth: number | null;
}

const YOUFORCE: Limits = { minIntervalMs: 600, concurrency: 3, perDay: 6000, tokensPerMonth: 400 };
const NONE: Limits = { minIntervalMs: null, concurrency: null, perDay: null, tokensPerMonth: null };

/** What a test asserts. Calls for tokens are counted apart from calls of the API. */
export interface Traffic {
  readonly calls: number;
  /** Refused with 429 because of a limit. */
  readonly refused: number;
  /** Between the starts of any two calls that followed each other; null before the second. */
  readonly shortestGapMs: number | null;
  readonly mostAtOnce: number;
  readonly callsToday: number;
  readonly tokensThisMonth: number;
}

export interface Meter {
  /** At the start of an API call: which limit it breaks, or null. `leave` counts once: when its answer goes out, or when it is given up. */
  enter(): { readonly broken: string | null; leave(): void };
  /** At the start of a call for a token. */
  enterToken(): string | null;
  traffic(): Traffic;
}

export function createMeter(clock: Clock, chosen: Partial<Limits> | 'off' = {}): Meter {
  const limits: Limits = chosen === 'off' ? NONE : { ...YOUFORCE, ...chosen };
  const count = { calls: 0, refused: 0, atOnce: 0, mostAtOnce: 0 };
  const days = new Map<string, number>();
  const months = new Map<string, number>();
  let lastStart: number | null = null;
  let lastLetIn: number | null = null;
  let shortestGapMs: number | null = null;

  const brokenBy = (now: number): string | null => {
    const { minIntervalMs, concurrency, perDay } = limits;
    if (minIntervalMs !== null && lastLetIn !== null && now - lastLetIn < minIntervalMs)
      return 'spike arrest';
    if (concurrency !== null && count.atOnce > concurrency) return 'concurrency';
    return perDay !== null && (days.get(dayOf(now)) ?? 0) >= perDay ? 'daily quota' : null;
  };

  return {
    enter() {
      const now = clock.now();
      count.calls += 1;
      count.atOnce += 1;
      count.mostAtOnce = Math.max(count.mostAtOnce, count.atOnce);
      if (lastStart !== null) shortestGapMs = Math.min(shortestGapMs ?? now - lastStart, now - lastStart);
      lastStart = now;
      const broken = brokenBy(now);
      if (broken) count.refused += 1;
      else {
        lastLetIn = now;
        days.set(dayOf(now), (days.get(dayOf(now)) ?? 0) + 1);
      }
      let inside = 1;
      return {
        broken,
        leave() {
          count.atOnce -= inside;
          inside = 0;
        },
      };
    },
    enterToken() {
      const month = monthOf(clock.now());
      const number = (months.get(month) ?? 0) + 1;
      months.set(month, number);
      const { tokensPerMonth } = limits;
      return tokensPerMonth !== null && number > tokensPerMonth ? 'monthly quota of tokens' : null;
    },
    traffic: () => ({
      ...{ calls: count.calls, refused: count.refused, mostAtOnce: count.mostAtOnce, shortestGapMs },
      callsToday: days.get(dayOf(clock.now())) ?? 0,
      tokensThisMonth: months.get(monthOf(clock.now())) ?? 0,
    }),
  };
}

const dayOf = (instantMs: number): string => new Date(instantMs).toISOString().slice(0, 10);
const monthOf = (instantMs: number): string => new Date(instantMs).toISOString().slice(0, 7);
