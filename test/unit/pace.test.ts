// The pace: in no window do the starts break its limits, nobody overtakes, and nobody waits for ever.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HttpAnswer } from '../../src/calls/http.js';
import { createPace, type PaceLimits } from '../../src/calls/pace.js';
import { PostponedError, RetryableError } from '../../src/errors.js';
import { type Memory, volatileMemory } from '../../src/memory.js';
import { type VirtualClock, virtualClock } from '../fakes/virtual-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const never = new AbortController().signal;
const LIMITS: PaceLimits = { minIntervalMs: 600, concurrency: 3, perDay: 6000 };

const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
  ...{ status, headers, bytes: new Uint8Array() },
});

/** A pace with a book of all starts: who, and when. */
function setting(limits: PaceLimits = LIMITS, clock: VirtualClock = virtualClock(), countMs = 0) {
  const kept = volatileMemory();
  const slowly: Memory['reserve'] = async (counter, may) => {
    if (countMs > 0) await clock.sleep(countMs);
    return kept.reserve(counter, may);
  };
  const memory: Memory = { ...kept, reserve: slowly };
  const pace = createPace(limits, { clock, memory });
  const starts: { readonly who: number; readonly at: number }[] = [];
  const flights = { now: 0, most: 0 };
  const call =
    (who: number, answers: readonly HttpAnswer[] = [], takesMs = 0) =>
    async (): Promise<HttpAnswer> => {
      const turn = starts.filter((start) => start.who === who).length;
      starts.push({ who, at: clock.now() });
      flights.now += 1;
      flights.most = Math.max(flights.most, flights.now);
      await clock.sleep(takesMs);
      flights.now -= 1;
      return answers[turn] ?? answer(200);
    };
  return { clock, memory, pace, starts, flights, call };
}

const ends = (work: Promise<HttpAnswer>) =>
  work.then(
    ({ status }) => status,
    (error: unknown) => error,
  );
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('the pace', () => {
  it('lets the first begin at once, and the others in their order, apart', async () => {
    const { clock, pace, starts, call } = setting();
    const from = clock.now();
    await clock.run(Promise.all(times(4, (who) => pace.run(call(who), never))));
    expect(starts).toEqual(times(4, (who) => ({ who, at: from + who * 600 })));
  });

  it('the next begins apart from the answer to the last, because a call may arrive later than it began', async () => {
    const { clock, pace, starts, call } = setting();
    const from = clock.now();
    await clock.run(Promise.all([pace.run(call(0, [], 250), never), pace.run(call(1), never)]));
    expect(starts.map(({ at }) => at - from)).toEqual([0, 850]);
  });

  it('does not wait for an answer that is longer in coming', async () => {
    const { clock, pace, starts, call } = setting();
    const from = clock.now();
    await clock.run(Promise.all(times(3, (who) => pace.run(call(who, [], 5_000), never))));
    expect(starts.map(({ at }) => at - from)).toEqual([0, 600, 1_200]);
  });

  it('has only so many in flight', async () => {
    const { clock, pace, flights, call } = setting({ ...LIMITS, minIntervalMs: 0, concurrency: 2 });
    await clock.run(Promise.all(times(9, (who) => pace.run(call(who, [], 1000), never))));
    expect(flights.most).toBe(2);
  });

  it.each([
    ['of a minute when no wait is asked', {}, MINUTE_MS],
    ['as long as is asked', { 'retry-after': '7' }, 7_000],
  ])(
    'after a 429 everything rests %s, and the same call is made again, first',
    async (_what, headers, wait) => {
      const { clock, pace, starts, call } = setting();
      const from = clock.now();
      const all = [pace.run(call(0, [answer(429, headers)], 100), never), pace.run(call(1), never)];
      expect((await clock.run(Promise.all(all))).map(({ status }) => status)).toEqual([200, 200]);
      expect(starts.map(({ who }) => who)).toEqual([0, 0, 1]);
      expect(starts[1]?.at).toBe(from + 100 + wait);
    },
  );

  it('makes a call three times, and then says how long to wait', async () => {
    const { clock, pace, starts, call } = setting();
    const error = await clock.run(
      ends(
        pace.run(
          call(
            0,
            times(9, () => answer(429)),
          ),
          never,
        ),
      ),
    );
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ retryAfterMs: MINUTE_MS });
    expect(starts).toHaveLength(3);
  });

  it('sends its callers away while a rest is long, and takes them again after it', async () => {
    const { clock, pace, starts, call } = setting();
    const hour = answer(429, { 'retry-after': '3600' });
    const all = [pace.run(call(0, [hour]), never), pace.run(call(1), never)].map(ends);
    for (const error of await clock.run(Promise.all(all))) {
      expect(error).toBeInstanceOf(RetryableError);
      // The second was asleep for its 600 ms when the 429 came.
      expect([3_600_000, 3_599_400]).toContain((error as RetryableError).retryAfterMs);
    }
    await clock.run(clock.sleep(3_600_000));
    expect(await clock.run(ends(pace.run(call(2), never)))).toBe(200);
    expect(starts.map(({ who }) => who)).toEqual([0, 2]);
  });

  it('postpones to the next day (UTC) what goes over the limit of a day, also after a restart', async () => {
    const clock = virtualClock(Date.UTC(2026, 2, 2, 22));
    const { pace, memory, call, starts } = setting({ ...LIMITS, perDay: 4 }, clock);
    const all = await clock.run(Promise.all(times(4, (who) => ends(pace.run(call(who), never)))));
    expect(all.slice(0, 3)).toEqual([200, 200, 200]);
    expect(all[3]).toBeInstanceOf(PostponedError);
    expect(String(all[3])).toContain(
      'calls: 3 of 4 used today; the next one may be made at 2026-03-03T00:00:00.000Z.',
    );
    const anew = createPace({ ...LIMITS, perDay: 4 }, { clock, memory });
    const again = await clock.run(ends(anew.run(call(4), never)));
    expect(again).toBeInstanceOf(PostponedError);
    await clock.run(clock.sleep((again as PostponedError).retryAfterMs));
    expect(await clock.run(ends(anew.run(call(5), never)))).toBe(200);
    expect(starts).toHaveLength(4);
  });

  it.each([
    ['0', 1_000],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 1_000],
  ])('after a 429 with a wait of nothing (%s) it rests a second all the same', async (asked, wait) => {
    const { clock, pace, starts, call } = setting({ ...LIMITS, minIntervalMs: 0 });
    const from = clock.now();
    await clock.run(pace.run(call(0, [answer(429, { 'retry-after': asked })]), never));
    expect(starts.map(({ at }) => at - from)).toEqual([0, wait]);
  });

  it('sends away at once who would rest longer than its caller has time for', async () => {
    const { clock, pace, starts, call } = setting({ ...LIMITS, longestWaitMs: 20_000 });
    const from = clock.now();
    const error = await clock.run(ends(pace.run(call(0, [answer(429)], 200), never)));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ retryAfterMs: MINUTE_MS });
    expect(clock.now() - from).toBe(200);
    await clock.run(clock.sleep(45_000));
    expect(await clock.run(ends(pace.run(call(1), never)))).toBe(200);
    expect(starts.at(-1)?.at).toBe(from + 200 + MINUTE_MS);
  });

  it('who is stopped is never told to come back in 0 ms', async () => {
    const { clock, pace, call } = setting({ ...LIMITS, minIntervalMs: 0, concurrency: 1 });
    const stop = new AbortController();
    const all = [pace.run(call(0, [], 500), never), pace.run(call(1), stop.signal)].map(ends);
    stop.abort();
    expect((await clock.run(Promise.all(all)))[1]).not.toMatchObject({ retryAfterMs: expect.anything() });
  });

  it('prepares a call when its turn has come, counts it after that, and lets nobody begin meanwhile', async () => {
    const { clock, pace, memory, starts, call } = setting();
    const from = clock.now();
    const prepared: number[] = [];
    const prepare = async () => {
      prepared.push(clock.now() - from);
      expect(await memory.counted({ name: 'calls', period: '2026-03-02' })).toBe(starts.length);
      await clock.sleep(2_000);
    };
    await clock.run(
      Promise.all(times(2, (who) => pace.run(call(who, [], who === 0 ? 5_000 : 0), never, prepare))),
    );
    expect(prepared).toEqual([0, 2_600]);
    expect(starts.map(({ at }) => at - from)).toEqual([2_000, 4_600]);
  });

  it('a call that cannot be prepared is not made, is not counted, and leaves its turn', async () => {
    const { clock, pace, memory, starts, call } = setting();
    const away = new RetryableError('no token');
    const all = [pace.run(call(0), never, () => Promise.reject(away)), pace.run(call(1), never)].map(ends);
    expect(await clock.run(Promise.all(all))).toEqual([away, 200]);
    expect(starts.map(({ who }) => who)).toEqual([1]);
    expect(await memory.counted({ name: 'calls', period: '2026-03-02' })).toBe(1);
  });

  it('counts without a limit too', async () => {
    const { clock, pace, memory, call } = setting({ ...LIMITS, perDay: null });
    await clock.run(Promise.all(times(5, (who) => pace.run(call(who, [answer(429)]), never))));
    expect(await memory.counted({ name: 'calls', period: '2026-03-02' })).toBe(10);
  });

  it('a caller that gives up leaves its turn to the next, and what never began is retryable', async () => {
    const { clock, pace, starts, call } = setting();
    const stop = new AbortController();
    const from = clock.now();
    const all = [
      pace.run(call(0), never),
      pace.run(call(1), stop.signal),
      pace.run(call(2), never),
      pace.run(call(3), AbortSignal.abort()),
    ].map(ends);
    stop.abort();
    const [first, second, third, fourth] = await clock.run(Promise.all(all));
    expect([first, third]).toEqual([200, 200]);
    for (const error of [second, fourth]) expect(error).toBeInstanceOf(RetryableError);
    expect(starts).toEqual([
      { who: 0, at: from },
      { who: 2, at: from + 600 },
    ]);
  });

  it.each([
    ['a 429 comes', 0, [answer(429)], MINUTE_MS + 500],
    ['nothing comes', 0, [], 1_000],
  ])(
    'while a start is counted and %s, it waits for what it must',
    async (_what, minIntervalMs, answers, at) => {
      const { clock, pace, starts, call } = setting({ ...LIMITS, minIntervalMs }, virtualClock(), 500);
      const from = clock.now();
      // The first is counted until 500 and answered at 700, while the second is counted until 1000.
      await clock.run(Promise.all([pace.run(call(0, answers, 200), never), pace.run(call(1), never)]));
      expect(starts.find(({ who }) => who === 1)?.at).toBeGreaterThanOrEqual(from + at);
    },
  );

  it('a start that was counted just before midnight is counted again for the day in which it falls', async () => {
    const clock = virtualClock(Date.UTC(2026, 2, 2, 23, 59, 59, 800));
    const { pace, memory, starts, call } = setting({ ...LIMITS, perDay: 1 }, clock, 500);
    const all = [pace.run(call(0), never), pace.run(call(1), never)].map(ends);
    const [first, second] = await clock.run(Promise.all(all));
    expect(first).toBe(200);
    expect(second).toBeInstanceOf(PostponedError);
    expect(new Date(starts[0]?.at ?? 0).toISOString()).toBe('2026-03-03T00:00:00.800Z');
    expect(await memory.counted({ name: 'calls', period: '2026-03-03' })).toBe(1);
  });

  it('who gives up while its start is counted never begins', async () => {
    const { clock, pace, starts, call } = setting(LIMITS, virtualClock(), 500);
    const stop = new AbortController();
    const all = [pace.run(call(0), stop.signal), pace.run(call(1), never)].map(ends);
    void clock.sleep(200).then(() => stop.abort());
    const [first, second] = await clock.run(Promise.all(all));
    expect(first).toBeInstanceOf(RetryableError);
    expect(second).toBe(200);
    expect(starts.map(({ who }) => who)).toEqual([1]);
  });

  it('sleeps for nobody when all have given up', async () => {
    const { clock, pace, call } = setting();
    const stop = new AbortController();
    const all = [
      pace.run(call(0), never),
      pace.run(call(1), stop.signal),
      pace.run(call(2), stop.signal),
    ].map(ends);
    await clock.run(all[0] ?? Promise.reject());
    expect(clock.sleeping()).toBe(1);
    stop.abort();
    await Promise.all(all);
    expect(clock.sleeping()).toBe(0);
  });

  it('a call that fails frees its place', async () => {
    const { clock, pace, call } = setting({ ...LIMITS, concurrency: 1 });
    const broken = [
      () => Promise.reject(new RetryableError('away')),
      () => {
        throw new TypeError('a bug');
      },
    ];
    for (const each of broken) expect(await clock.run(ends(pace.run(each, never)))).toBeInstanceOf(Error);
    expect(await clock.run(ends(pace.run(call(1), never)))).toBe(200);
  });

  it('a store that cannot count lets nothing begin', async () => {
    const clock = virtualClock();
    const away = new RetryableError('the store is away');
    const memory: Memory = { ...volatileMemory(), reserve: () => Promise.reject(away) };
    const { starts, call } = setting();
    expect(await clock.run(ends(createPace(LIMITS, { clock, memory }).run(call(0), never)))).toBe(away);
    expect(starts).toEqual([]);
  });

  it('a clock that is set back makes no wait longer than its limit', async () => {
    const clock = virtualClock();
    let backMs = 0;
    const { call, starts } = setting(LIMITS, clock);
    const skewed = { ...clock, now: () => clock.now() - backMs };
    const pace = createPace(LIMITS, { clock: skewed, memory: volatileMemory() });
    const from = clock.now();
    await clock.run(pace.run(call(0), never));
    backMs = 3_600_000;
    await clock.run(pace.run(call(1), never));
    expect(starts[1]?.at).toBe(from + 600);
  });
});

describe('whatever is called when', () => {
  const calls = fc.array(
    fc.record({
      arrivesMs: fc.oneof(fc.nat(2_000), fc.nat(DAY_MS)),
      takesMs: fc.nat(3_000),
      answers: fc.array(
        fc.oneof(
          fc.constant(answer(200)),
          fc.constant(answer(429)),
          fc.integer({ min: 0, max: 400 }).map((seconds) => answer(429, { 'retry-after': String(seconds) })),
        ),
        { maxLength: 3 },
      ),
      givesUpMs: fc.option(fc.nat(100_000), { freq: 4 }),
    }),
    { maxLength: 25 },
  );
  const limits = fc.record({
    minIntervalMs: fc.oneof(fc.constant(0), fc.nat(1_000)),
    concurrency: fc.integer({ min: 1, max: 4 }),
    perDay: fc.option(fc.integer({ min: 1, max: 20 })),
  });

  it('starts are apart, few at once, within the day and not in a rest, and every call ends', async () => {
    await fc.assert(
      fc.asyncProperty(calls, limits, fc.constantFrom(0, 0, 900), async (planned, given, countMs) => {
        const made = setting(given, virtualClock(Date.UTC(2026, 2, 2, 23, 59)), countMs);
        const { clock, memory, pace, starts, flights, call } = made;
        const rests: { readonly from: number; readonly until: number }[] = [];
        const one = async (
          { arrivesMs, takesMs, answers, givesUpMs }: (typeof planned)[number],
          who: number,
        ) => {
          await clock.sleep(arrivesMs);
          const stop = new AbortController();
          if (givesUpMs !== null) void clock.sleep(givesUpMs).then(() => stop.abort());
          const asked = call(who, answers, takesMs);
          return ends(
            pace.run(async () => {
              const got = await asked();
              const seconds = Number(got.headers['retry-after'] ?? 60);
              if (got.status === 429) rests.push({ from: clock.now(), until: clock.now() + seconds * 1000 });
              return got;
            }, stop.signal),
          );
        };
        const ended = await clock.run(Promise.all(planned.map(one)));
        for (const end of ended) {
          if (end !== 200) expect([RetryableError, PostponedError]).toContain((end as Error).constructor);
        }
        expect(flights.most).toBeLessThanOrEqual(given.concurrency);
        starts.forEach(({ at }, index) => {
          const before = starts[index - 1]?.at ?? Number.NEGATIVE_INFINITY;
          expect(at - before).toBeGreaterThanOrEqual(given.minIntervalMs);
          expect(rests.filter(({ from, until }) => from < at && at < until)).toEqual([]);
        });
        for (const day of new Set(starts.map(({ at }) => new Date(at).toISOString().slice(0, 10)))) {
          const count = starts.filter(({ at }) => new Date(at).toISOString().startsWith(day)).length;
          if (given.perDay !== null) expect(count).toBeLessThanOrEqual(given.perDay);
          expect(await memory.counted({ name: 'calls', period: day })).toBeGreaterThanOrEqual(count);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('nobody overtakes who came before', async () => {
    const arrivals = fc.array(fc.record({ arrivesMs: fc.nat(5_000), takesMs: fc.nat(3_000) }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(arrivals, limits, async (planned, given) => {
        const { clock, pace, starts, call } = setting({ ...given, perDay: null });
        const came: number[] = [];
        const one = async ({ arrivesMs, takesMs }: (typeof planned)[number], who: number) => {
          await clock.sleep(arrivesMs);
          came.push(who);
          return pace.run(call(who, [], takesMs), never);
        };
        await clock.run(Promise.all(planned.map(one)));
        expect(starts.map(({ who }) => who)).toEqual(came);
      }),
      { numRuns: 100 },
    );
  });
});
