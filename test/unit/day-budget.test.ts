// The calls of a day are spread over it: never more than the limit, never ahead of the day by more than a quarter, and
// who waits as long as is said goes on.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countCall, nextOfDay } from '../../src/calls/day-budget.js';
import { PostponedError } from '../../src/errors.js';
import { volatileMemory } from '../../src/memory.js';
import { manualClock } from '../fakes/manual-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const START = Date.UTC(2026, 10, 22);

function setting(perDay: number, from = START) {
  const clock = manualClock(from);
  const memory = volatileMemory();
  const made: number[] = [];
  /** Null when it was made. */
  async function one(): Promise<PostponedError | null> {
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    try {
      await countCall(day, { perDay, clock, memory });
      made.push(clock.now());
      return null;
    } catch (error) {
      if (error instanceof PostponedError) return error;
      throw error;
    }
  }
  return { clock, made, one };
}

describe('the calls of a day', () => {
  it.each([9, 12])(
    '%i of them every minute leave no hour of the day without a whole poll',
    async (needed) => {
      const { clock, made, one } = setting(6000);
      const whole = new Map<number, number>();
      for (; clock.now() < START + DAY_MS; clock.advance(MINUTE_MS)) {
        let got = 0;
        while (got < needed && (await one()) === null) got += 1;
        const hour = new Date(clock.now()).getUTCHours();
        if (got === needed) whole.set(hour, (whole.get(hour) ?? 0) + 1);
      }
      expect(made.length).toBeLessThanOrEqual(6000);
      expect(made.length).toBeGreaterThan(5800);
      expect(Math.min(...Array.from({ length: 24 }, (_, hour) => whole.get(hour) ?? 0))).toBeGreaterThan(10);
    },
  );

  it('a quarter of them may be made at once: a first load at any hour', async () => {
    const { made, one } = setting(6000);
    while ((await one()) === null);
    expect(made).toHaveLength(1500);
  });

  it('are never more than the limit nor than is due by then, and the wait that is told is enough', async () => {
    const waits = fc.array(fc.oneof(fc.constant(0), fc.nat(MINUTE_MS), fc.nat(DAY_MS)), { maxLength: 120 });
    const limits = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(6000));
    await fc.assert(
      fc.asyncProperty(waits, limits, fc.nat(DAY_MS - 1), async (gaps, perDay, offset) => {
        const { clock, made, one } = setting(perDay, START + offset);
        for (const gap of gaps) {
          const postponed = await one();
          if (postponed) {
            expect(postponed.retryAfterMs).toBeGreaterThan(0);
            clock.advance(postponed.retryAfterMs);
            expect(await one()).toBeNull();
          }
          clock.advance(gap);
        }
        const days = made.map((at) => Math.floor(at / DAY_MS));
        made.forEach((at, index) => {
          const count = index + 1 - days.indexOf(days[index] ?? 0);
          expect(count).toBeLessThanOrEqual(perDay);
          const free = Math.ceil(perDay / 4);
          expect(count).toBeLessThanOrEqual(free + (perDay - free) * ((at % DAY_MS) / DAY_MS));
        });
      }),
      { numRuns: 150 },
    );
  });

  it('the next one is never before now, never after the day, and later the more are used', () => {
    const instants = fc.nat(DAY_MS - 1).map((ms) => START + ms);
    fc.assert(
      fc.property(fc.nat(400), fc.integer({ min: 1, max: 400 }), instants, (used, perDay, now) => {
        const next = nextOfDay(used, perDay, now);
        expect(next).toBeGreaterThanOrEqual(now);
        expect(next).toBeLessThanOrEqual(START + DAY_MS);
        expect(nextOfDay(used + 1, perDay, now)).toBeGreaterThanOrEqual(next);
      }),
      { numRuns: 300 },
    );
  });
});
