// The token of a connection: shared, kept, renewed late and once, and asked for within the month's budget.
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HttpAnswer } from '../../src/calls/http.js';
import { nextCallAt } from '../../src/calls/token-budget.js';
import { createTokens, type Grant, type TokenOptions, type Tokens } from '../../src/calls/tokens.js';
import { PostponedError, RetryableError, RouteError, UnknownOutcomeError } from '../../src/errors.js';
import { type Memory, volatileMemory } from '../../src/memory.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 10, 1);
const never = new AbortController().signal;

let clock: ManualClock;
let memory: Memory;
let giver: ReturnType<typeof tokenGiver>;

/** The other system: gives tokens of an hour, numbered, and knows which of them are still good. */
function tokenGiver(at: ManualClock, lifetimeSeconds = 3600) {
  const asked: number[] = [];
  const good = new Map<string, number>();
  const control = {
    asked,
    lifetimeSeconds,
    /** Thrown instead of a token. */
    fails: null as unknown,
    async ask(): Promise<Grant> {
      asked.push(at.now());
      if (control.fails) throw control.fails;
      const accessToken = `token-${asked.length}`;
      good.set(accessToken, at.now() + control.lifetimeSeconds * 1000);
      return { accessToken, tokenType: 'Bearer', expiresInSeconds: control.lifetimeSeconds };
    },
    revokeAll: () => good.clear(),
    answer: ({ accessToken }: Grant): HttpAnswer => {
      const status = (good.get(accessToken) ?? 0) > at.now() ? 200 : 401;
      return { status, headers: {}, bytes: Buffer.from(accessToken) };
    },
  };
  return control;
}

const start = (over: Partial<TokenOptions> = {}): Tokens =>
  createTokens({ ask: giver.ask, identity: ['url', 'client'], perMonth: 400, clock, memory, ...over });

const use = async (tokens: Tokens, signal = never) => {
  const answer = await tokens.with(async (grant) => giver.answer(grant), signal);
  return { status: answer.status, token: Buffer.from(answer.bytes).toString() };
};

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

beforeEach(() => {
  clock = manualClock(START);
  memory = volatileMemory();
  giver = tokenGiver(clock);
});

describe('a token', () => {
  it('is asked for once, however many want it at once, and again after a restart', async () => {
    const tokens = start();
    const all = await Promise.all(Array.from({ length: 50 }, () => use(tokens)));
    expect(new Set(all.map(({ token }) => token))).toEqual(new Set(['token-1']));
    await use(start());
    expect(giver.asked).toHaveLength(1);
  });

  it('is used until half a minute before its end', async () => {
    const tokens = start();
    await use(tokens);
    clock.advance(HOUR_MS - 30_001);
    expect((await use(tokens)).token).toBe('token-1');
    clock.advance(1);
    expect((await use(tokens)).token).toBe('token-2');
  });

  it.each([
    [100, 90],
    [1, 0.9],
    [300, 270],
    [3600, 3570],
  ])('of %d s is used for %d s', async (lifetime, used) => {
    giver.lifetimeSeconds = lifetime;
    const tokens = start();
    await use(tokens);
    clock.advance(used * 1000 - 1);
    await use(tokens);
    expect(giver.asked).toHaveLength(1);
    clock.advance(1);
    await use(tokens);
    expect(giver.asked).toHaveLength(2);
  });

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])(
    'whose lifetime of %d makes no sense is used for an hour, unless it is refused',
    async (expiresInSeconds) => {
      const ask = async () => ({ ...(await giver.ask()), expiresInSeconds });
      const tokens = start({ ask });
      await use(tokens);
      clock.advance(HOUR_MS - 30_001);
      await use(tokens);
      expect(giver.asked).toHaveLength(1);
      giver.revokeAll();
      expect(await use(tokens)).toEqual({ status: 200, token: 'token-2' });
    },
  );

  it('of another identity is not used', async () => {
    await use(start());
    expect((await use(start({ identity: ['url', 'other client'] }))).token).toBe('token-2');
    expect((await use(start({ identity: ['urlclient'] }))).token).toBe('token-3');
  });

  it('that another process renewed is used', async () => {
    const [one, other] = [start(), start()];
    await use(one);
    clock.advance(HOUR_MS);
    await use(other);
    expect((await use(one)).token).toBe('token-2');
    expect(giver.asked).toHaveLength(2);
  });

  it.each(['', 'null', '{}', 'no json', '{"accessToken":1}', '[1]'])(
    'that was kept in a form nobody knows (%s) is forgotten',
    async (kept) => {
      await memory.keep('token', kept);
      expect((await use(start())).token).toBe('token-1');
    },
  );

  it('is kept with its identity hashed, and with nothing of the options', async () => {
    await use(start({ identity: ['marked-identity'] }));
    expect(await memory.recall('token')).not.toContain('marked-identity');
  });
});

describe('a refused token', () => {
  it('is renewed once, for all who were refused', async () => {
    const tokens = start();
    await use(tokens);
    giver.revokeAll();
    const all = await Promise.all(Array.from({ length: 20 }, () => use(tokens)));
    expect(new Set(all.map(({ token }) => token))).toEqual(new Set(['token-2']));
    expect(giver.asked).toHaveLength(2);
  });

  it('gives way to a newer one that is there already', async () => {
    const tokens = start();
    await use(tokens);
    const answers: string[] = [];
    await tokens.with(async (grant) => {
      answers.push(grant.accessToken);
      if (answers.length > 1) return giver.answer(grant);
      giver.revokeAll();
      await use(start());
      return giver.answer(grant);
    }, never);
    expect(answers).toEqual(['token-1', 'token-2']);
    expect(giver.asked).toHaveLength(2);
  });

  it('followed by a refused one is not renewed again until that one ends, also after a restart', async () => {
    let tries = 0;
    const refuse = async () => {
      tries += 1;
      return { status: 401, headers: {}, bytes: new Uint8Array() };
    };
    expect((await start().with(refuse, never)).status).toBe(401);
    expect([tries, giver.asked.length]).toEqual([2, 2]);
    for (let again = 0; again < 10; again += 1) await start().with(refuse, never);
    expect([tries, giver.asked.length]).toEqual([12, 2]);
    clock.advance(HOUR_MS);
    await start().with(refuse, never);
    expect(giver.asked).toHaveLength(4);
  });

  it('that was accepted after a refusal is renewed when it is refused later', async () => {
    const tokens = start();
    for (let round = 1; round <= 3; round += 1) {
      expect(await use(tokens)).toEqual({ status: 200, token: `token-${round}` });
      giver.revokeAll();
    }
  });

  it('now and then, while others are accepted, does not spend the month', async () => {
    const tokens = start();
    let postponed = 0;
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      await failureOf(use(tokens));
      const error = await failureOf(
        tokens.with(async () => ({ ...giver.answer({ ...NONE }), status: 401 }), never),
      );
      if (error instanceof PostponedError) postponed += 1;
      clock.advance(10 * MINUTE_MS);
    }
    expect(postponed).toBeGreaterThan(0);
    expect(giver.asked.length).toBeLessThan(2 * (20 + 400 / 30));
  });
});

const NONE: Grant = { accessToken: 'none', tokenType: 'Bearer', expiresInSeconds: 1 };

describe('a call that waits for its turn', () => {
  it('takes a token that is good when it begins, and asks for none before', async () => {
    const tokens = start();
    await use(tokens);
    const answer = await tokens.atStart(async (take) => {
      clock.advance(HOUR_MS);
      expect(giver.asked).toHaveLength(1);
      return giver.answer(await take());
    }, never);
    expect([answer.status, giver.asked.length]).toEqual([200, 2]);
  });

  it('takes another one after a refusal, and none when it never begins', async () => {
    const tokens = start();
    await use(tokens);
    giver.revokeAll();
    const answer = await tokens.atStart(async (take) => giver.answer(await take()), never);
    expect([answer.status, giver.asked.length]).toEqual([200, 2]);
    clock.advance(HOUR_MS);
    const away = new RetryableError('a long rest');
    expect(await failureOf(tokens.atStart(() => Promise.reject(away), never))).toBe(away);
    expect(giver.asked).toHaveLength(2);
  });
});

describe('a check', () => {
  const withSecret = (secret: string, over: Partial<TokenOptions> = {}) =>
    start({ secret: () => secret, ...over });

  it('every hour for a month takes no token of its own while the daemon has one', async () => {
    for (let hour = 0; hour < 24; hour += 1) {
      await use(withSecret('one'));
      const { length } = giver.asked;
      await withSecret('one').verify(never);
      expect(giver.asked).toHaveLength(length);
      clock.advance(HOUR_MS);
    }
  });

  it('finds another secret at once, also a wrong one, and another identity', async () => {
    await use(withSecret('one'));
    await withSecret('two').verify(never);
    expect(giver.asked).toHaveLength(2);
    await withSecret('two').verify(never);
    expect(giver.asked).toHaveLength(2);
    giver.fails = new RouteError('wrong secret');
    expect(await failureOf(withSecret('three').verify(never))).toBe(giver.fails);
    expect(await failureOf(withSecret('two', { identity: ['else'] }).verify(never))).toBe(giver.fails);
    expect((await use(withSecret('three'))).token).toBe('token-2');
  });

  it('asks for a token where none is kept, where it has ended, and where no secret is named', async () => {
    await withSecret('one').verify(never);
    clock.advance(HOUR_MS);
    await withSecret('one').verify(never);
    expect(giver.asked).toHaveLength(2);
    await start().verify(never);
    expect(giver.asked).toHaveLength(3);
  });

  it('keeps nothing of the secret but a digest, which differs by identity', async () => {
    const digests = new Set<string>();
    for (const identity of [['one'], ['other']]) {
      await withSecret('marked-secret', { identity }).verify(never);
      const kept = (await memory.recall('token')) ?? '';
      expect(kept).not.toContain('marked-secret');
      digests.add(JSON.parse(kept).secret);
    }
    expect(digests.size).toBe(2);
  });
});

describe('a token call that fails', () => {
  it('is told as it is, to all who wait for it', async () => {
    giver.fails = new RouteError('wrong secret');
    const tokens = start();
    const all = await Promise.all([use(tokens), use(tokens)].map(failureOf));
    expect(all).toEqual([giver.fails, giver.fails]);
    expect(giver.asked).toHaveLength(1);
  });

  it('with an unknown outcome is retryable: nothing of a notification was sent', async () => {
    giver.fails = new UnknownOutcomeError('cut off');
    expect(await failureOf(use(start()))).toBeInstanceOf(RetryableError);
  });

  it('is counted', async () => {
    giver.fails = new RetryableError('busy');
    await failureOf(use(start()));
    expect(await memory.counted({ name: 'token calls', period: '2026-11' })).toBe(1);
  });

  it('again and again rests, so that an outage of a day costs few calls', async () => {
    giver.fails = new RetryableError('busy');
    const tokens = start();
    clock.advance(20 * DAY_MS);
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      expect(await failureOf(use(tokens))).toBe(giver.fails);
      clock.advance(MINUTE_MS);
    }
    expect(giver.asked.length).toBeLessThan(105);
    giver.fails = null;
    clock.advance(15 * MINUTE_MS);
    expect((await use(tokens)).status).toBe(200);
  });

  it('rests neither for a person who checks nor for a token that another process got', async () => {
    giver.fails = new RouteError('wrong secret');
    const tokens = start();
    for (let tries = 0; tries < 5; tries += 1) await failureOf(use(tokens));
    expect(giver.asked).toHaveLength(2);
    giver.fails = null;
    expect(await failureOf(use(tokens))).toBeInstanceOf(RouteError);
    await start().renew(never);
    expect((await use(tokens)).status).toBe(200);
  });

  it('for a wrong secret stays a fault of the connection when the budget is spent', async () => {
    giver.fails = new RouteError('wrong secret');
    const tokens = start({ perMonth: 2 });
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await failureOf(use(tokens))).toBe(giver.fails);
      clock.advance(HOUR_MS);
    }
    expect(giver.asked).toHaveLength(2);
  });
});

describe('who gives up', () => {
  it('before is not asked for', async () => {
    expect(await failureOf(use(start(), AbortSignal.abort()))).toBeInstanceOf(RetryableError);
    expect(giver.asked).toEqual([]);
  });

  it('leaves the others their token; the call ends with the last of them', async () => {
    const stops = [new AbortController(), new AbortController()];
    let ended = false;
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const ask = (signal: AbortSignal) =>
      new Promise<Grant>((_, reject) => {
        asked();
        signal.addEventListener('abort', () => {
          ended = true;
          reject(new RetryableError('stopped'));
        });
      });
    const tokens = start({ ask });
    const waiting = stops.map(({ signal }) => failureOf(use(tokens, signal)));
    await isAsked;
    stops[0]?.abort();
    expect(await waiting[0]).toBeInstanceOf(RetryableError);
    expect(ended).toBe(false);
    stops[1]?.abort();
    expect(await waiting[1]).toBeInstanceOf(RetryableError);
    expect(ended).toBe(true);
  });
});

describe('the budget of a month', () => {
  it('says what is used and when the next call may be made', async () => {
    giver.lifetimeSeconds = 60;
    const tokens = start();
    for (let calls = 0; calls < 20; calls += 1) {
      await use(tokens);
      clock.advance(MINUTE_MS);
    }
    const error = await failureOf(use(tokens));
    expect(error).toBeInstanceOf(PostponedError);
    // 20 are the reserve; the 21st is due after a 400th of November.
    const due = new Date(START + (30 * DAY_MS) / 400).toISOString();
    expect((error as PostponedError).message).toContain(
      `token calls: 20 of 400 used this month; the next one may be made at ${due}.`,
    );
    clock.advance((error as PostponedError).retryAfterMs);
    expect((await use(tokens)).status).toBe(200);
  });

  it('may be gone over by a refused token and by a check, never over the limit', async () => {
    const tokens = start({ perMonth: 6 });
    for (let calls = 0; calls < 6; calls += 1) await tokens.renew(never);
    const error = await failureOf(tokens.renew(never));
    expect(error).toBeInstanceOf(PostponedError);
    expect((error as PostponedError).retryAfterMs).toBe(30 * DAY_MS);
    giver.revokeAll();
    expect(await failureOf(use(tokens))).toBeInstanceOf(PostponedError);
    expect(giver.asked).toHaveLength(6);
    clock.advance(30 * DAY_MS);
    expect((await use(tokens)).status).toBe(200);
  });

  it('without a limit is counted only', async () => {
    const tokens = start({ perMonth: null });
    for (let calls = 0; calls < 1000; calls += 1) await tokens.renew(never);
    expect(await memory.counted({ name: 'token calls', period: '2026-11' })).toBe(1000);
  });

  it('holds between processes that ask at the same moment', async () => {
    const all = Array.from({ length: 10 }, () => start({ perMonth: 3 }));
    await Promise.all(all.map((tokens) => failureOf(tokens.renew(never))));
    expect(giver.asked).toHaveLength(3);
  });

  it('lets a source that polls around the clock work most of the day until the end of the month', async () => {
    const tokens = start();
    const polls = { done: 0, postponed: 0 };
    let longestGap = 0;
    let last = START;
    for (; clock.now() < START + 30 * DAY_MS; clock.advance(5 * MINUTE_MS)) {
      const error = await failureOf(use(tokens));
      if (error === null) {
        polls.done += 1;
        longestGap = Math.max(longestGap, clock.now() - last);
        last = clock.now();
      } else polls.postponed += 1;
    }
    expect(giver.asked.length).toBeLessThanOrEqual(400);
    expect(giver.asked.length).toBeGreaterThan(380);
    expect(longestGap).toBeLessThan(2 * HOUR_MS);
    expect(polls.done).toBeGreaterThan(polls.postponed);
  });

  it('in working hours is enough for every poll', async () => {
    const tokens = start();
    for (; clock.now() < START + 30 * DAY_MS; clock.advance(5 * MINUTE_MS)) {
      const hour = new Date(clock.now()).getUTCHours();
      if (hour >= 7 && hour < 18) expect((await use(tokens)).status).toBe(200);
    }
  });
});

describe('whatever happens in a month', () => {
  const happening = fc.record({
    what: fc.constantFrom(
      'use',
      'use',
      'use',
      'many',
      'revoke',
      'restart',
      'renew',
      'outage',
      'refusal',
      'well',
    ),
    waitMs: fc.oneof(fc.nat(HOUR_MS), fc.nat(3 * DAY_MS), fc.constant(0)),
  });
  const limits = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(400));

  it('there are never more token calls than the limit, all are counted, and a wait is long enough', async () => {
    const history = fc.array(happening, { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(history, limits, fc.nat(40 * DAY_MS), async (events, perMonth, offset) => {
        clock = manualClock(START + offset);
        memory = volatileMemory();
        giver = tokenGiver(clock);
        let tokens = start({ perMonth });
        for (const { what, waitMs } of events) {
          const before = giver.asked.length;
          if (what === 'restart') tokens = start({ perMonth });
          if (what === 'revoke') giver.revokeAll();
          if (what === 'outage') giver.fails = new RetryableError('busy');
          if (what === 'refusal') giver.fails = new RouteError('refused');
          if (what === 'well') giver.fails = null;
          const asking =
            what === 'renew' ? [tokens.renew(never)] : times(what === 'many' ? 5 : 1, () => use(tokens));
          const [first] = await Promise.all(asking.map(failureOf));
          expect(giver.asked.length - before).toBeLessThanOrEqual(2);
          if (first instanceof PostponedError) await expectWaitIsEnough(first, perMonth);
          clock.advance(waitMs);
        }
        await expectWithin(perMonth);
      }),
      { numRuns: 150 },
    );
  });

  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  async function expectWaitIsEnough(error: PostponedError, perMonth: number): Promise<void> {
    expect(error.retryAfterMs).toBeGreaterThan(0);
    clock.advance(error.retryAfterMs);
    const fails = giver.fails;
    giver.fails = null;
    expect(await failureOf(start({ perMonth }).with(async (grant) => giver.answer(grant), never))).toBeNull();
    giver.fails = fails;
  }

  async function expectWithin(perMonth: number): Promise<void> {
    const months = giver.asked.map((at) => new Date(at).toISOString().slice(0, 7));
    for (const period of new Set(months)) {
      const calls = months.filter((month) => month === period).length;
      expect(calls).toBeLessThanOrEqual(perMonth);
      expect(await memory.counted({ name: 'token calls', period })).toBe(calls);
    }
  }

  it('ordinary renewals never run ahead of the month by more than the reserve', async () => {
    const waits = fc.array(fc.nat(12 * HOUR_MS), { minLength: 1, maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(waits, fc.integer({ min: 1, max: 800 }), async (gaps, perMonth) => {
        clock = manualClock(START);
        memory = volatileMemory();
        giver = tokenGiver(clock, 60);
        for (const gap of gaps) {
          await failureOf(use(start({ perMonth })));
          clock.advance(gap);
        }
        const reserve = Math.min(perMonth, Math.max(5, Math.ceil(perMonth * 0.05)));
        giver.asked.forEach((at, index) => {
          const share = Math.min(1, (at - START) / (30 * DAY_MS));
          if (at < START + 30 * DAY_MS) expect(index + 1).toBeLessThanOrEqual(reserve + perMonth * share);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('the next call is never before now, never after the month, and later the more are used', () => {
    const month = { start: START, length: 30 * DAY_MS };
    const instants = fc.nat(month.length - 1).map((ms) => month.start + ms);
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 500 }), instants, (used, perMonth, now) => {
        const spread = nextCallAt(used, perMonth, now, 'spread');
        expect(spread).toBeGreaterThanOrEqual(now);
        expect(spread).toBeLessThanOrEqual(month.start + month.length);
        expect(nextCallAt(used + 1, perMonth, now, 'spread')).toBeGreaterThanOrEqual(spread);
        expect(nextCallAt(used, perMonth, now, 'all')).toBe(
          used < perMonth ? now : month.start + month.length,
        );
        if (used < perMonth) expect(nextCallAt(used, perMonth, spread, 'spread')).toBe(spread);
      }),
      { numRuns: 500 },
    );
  });
});
