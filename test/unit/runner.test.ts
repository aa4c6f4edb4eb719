// One delivery in the hands of the runner, over a real store: what it does when this process was halted, when nobody knows
// whether it arrived, and when it is told to stop.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { createBreaker } from '../../src/delivery/rest.js';
import { createRunner, type Runner } from '../../src/delivery/runner.js';
import { NeedsHumanError, RetryableError, RouteError, UnknownOutcomeError } from '../../src/errors.js';
import { type Log, silentLog } from '../../src/log.js';
import type { Route } from '../../src/route.js';
import type { PathStep } from '../../src/steps.js';
import type { Delivery, Settlement } from '../../src/store/types.js';
import type { ManualClock } from '../fakes/manual-clock.js';
import { type ScriptedTarget, scriptedTarget } from '../fakes/scripted-target.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';
import { newDelivery } from '../support/store-material.js';

const SENDING = 'delivery: sending committed, before the first byte';
const TIMEOUT_MS = 60_000;

let fixture: SqliteFixture;
beforeEach(async () => {
  fixture = await openSqlite();
});
afterEach(() => fixture.end());

interface Setting {
  readonly target: ScriptedTarget;
  /** What happens at a step. */
  readonly at?: Partial<Record<PathStep, (clock: ManualClock) => void>>;
  readonly log?: Log;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
}

function runnerOf({
  target,
  at = {},
  log = silentLog,
  clock = fixture.clock,
  timeoutMs = TIMEOUT_MS,
}: Setting): Runner {
  const routes = new Map([['absences', { name: 'absences', to: 'arbo', target } as unknown as Route]]);
  const times = { pauseMs: 60_000, timeoutMs, failuresBeforePause: 5 };
  return createRunner({
    ...{ store: fixture.store, clock, log, routes, ...times },
    backoff: { firstMs: 1_000, longestMs: 8_000 },
    steps: { reach: (step) => at[step]?.(fixture.clock) },
  });
}

const get = async (id: string): Promise<Delivery> => {
  const found = await fixture.store.read((tx) => tx.outbox.get(id));
  if (!found) throw new Error(`there is no ${id}`);
  return found;
};

const claim = async (): Promise<Delivery> => {
  const due = { routes: ['absences'], limit: 1, at: fixture.clock.now() };
  const [claimed] = await fixture.store.write((tx) => tx.outbox.claim(due));
  if (!claimed) throw new Error('nothing was due');
  return claimed;
};

async function queueAndClaim(id = 'a'): Promise<Delivery> {
  await fixture.store.write((tx) => tx.outbox.insert(newDelivery(id, fixture.clock.now())));
  return claim();
}

const running = () => new AbortController().signal;

describe('a process that was halted between its commit and the first byte', () => {
  it.each([
    ['by both clocks', (clock: ManualClock) => clock.advance(120_000)],
    [
      'while its clock was set back',
      (clock: ManualClock) => {
        clock.advance(120_000);
        clock.set(-3_600_000);
      },
    ],
    ['with the machine, so that one clock stood still', (clock: ManualClock) => clock.set(120_000)],
  ])('does not send, and lets the delivery wait without an attempt: %s', async (_how, halt) => {
    const target = scriptedTarget();
    await runnerOf({ target, at: { [SENDING]: halt } }).run(await queueAndClaim(), running());
    expect(target.attempts).toEqual([]);
    expect(await get('a')).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('sends when that took little, and waits for the answer that much less', async () => {
    const target = scriptedTarget({ canLookUp: false });
    target.script('a', () => new Promise<never>(() => {}));
    const slow = (clock: ManualClock) => clock.advance(7_000);
    await runnerOf({ target, at: { [SENDING]: slow } }).run(await queueAndClaim(), running());
    expect(target.attempts).toHaveLength(1);
    expect(fixture.clock.slept[0]).toBe(TIMEOUT_MS - 7_000);
  });

  it('does not send when the time of the delivery was over before it began', async () => {
    const target = scriptedTarget();
    const slow = (clock: ManualClock) => clock.advance(2_500);
    const runner = runnerOf({ target, at: { [SENDING]: slow }, timeoutMs: 2_000 });
    await runner.run(await queueAndClaim(), running());
    expect(target.attempts).toEqual([]);
    expect(await get('a')).toMatchObject({ state: 'queued', attempts: 0 });
    expect(fixture.clock.slept).toEqual([]);
  });

  it('does not send either when it was halted while the target made itself ready', async () => {
    const sent: string[] = [];
    const haltedFor = (ms: number): ScriptedTarget => ({
      ...scriptedTarget(),
      async deliver(_payload, { idempotencyKey, inTime }) {
        fixture.clock.advance(ms);
        inTime?.();
        sent.push(idempotencyKey);
        return { reference: null };
      },
    });
    const clock = { ...fixture.clock, sleep: () => new Promise<never>(() => {}) };
    await runnerOf({ target: haltedFor(TIMEOUT_MS + 1), clock }).run(await queueAndClaim('a'), running());
    expect(sent).toEqual([]);
    expect(await get('a')).toMatchObject({ state: 'queued', code: 'TARGET_UNAVAILABLE' });
    await runnerOf({ target: haltedFor(TIMEOUT_MS - 1), clock }).run(await queueAndClaim('b'), running());
    expect(sent).toEqual(['b']);
  });
});

const DAY_MS = 86_400_000;

/** Claims it again once its time has come. */
function claimLater(): Promise<Delivery> {
  fixture.clock.advance(DAY_MS);
  return claim();
}

const timedOut = () => {
  throw new UnknownOutcomeError('timed out');
};

const throwing = (error: unknown) => async (): Promise<never> => {
  throw error;
};

describe('what was taken for lost', () => {
  it('is not sent again when it came after all: it is asked for before the next attempt', async () => {
    const target = scriptedTarget();
    target.script('a', timedOut);
    const runner = runnerOf({ target });
    await runner.run(await queueAndClaim(), running());
    expect(await get('a')).toMatchObject({ state: 'queued', code: 'TARGET_OUTCOME_UNKNOWN' });
    (target.arrived as string[]).push('a');
    await runner.run(await claimLater(), running());
    expect(await get('a')).toMatchObject({ state: 'delivered' });
    expect(target.attempts).toHaveLength(1);
  });

  it('is asked for again and again, also after an error that says that nothing came', async () => {
    const target = scriptedTarget();
    target.script('a', timedOut, () => {
      throw new RetryableError('busy');
    });
    const runner = runnerOf({ target });
    await runner.run(await queueAndClaim(), running());
    await runner.run(await claimLater(), running());
    expect(await get('a')).toMatchObject({ state: 'queued', code: 'TARGET_UNAVAILABLE', attempts: 2 });
    (target.arrived as string[]).push('a');
    await runner.run(await claimLater(), running());
    expect(target.attempts).toHaveLength(2);
    expect(await get('a')).toMatchObject({ state: 'delivered' });
  });

  it.each([
    ['busy', new RetryableError('busy'), 'queued'],
    ['refused', new RouteError('401'), 'queued'],
    ['of no use', new NeedsHumanError('MAPPING_UNKNOWN_CODE'), 'parked'],
  ] as const)('is not sent while the question is %s', async (_what, error, state) => {
    const target = scriptedTarget();
    target.script('a', timedOut);
    await runnerOf({ target }).run(await queueAndClaim(), running());
    Object.assign(target, { lookup: throwing(error) });
    await runnerOf({ target }).run(await claimLater(), running());
    expect(await get('a')).toMatchObject({ state });
    expect(target.attempts).toHaveLength(1);
  });

  it('is sent again without a question where twice counts once', async () => {
    const target = scriptedTarget({ idempotent: true });
    target.script('a', timedOut);
    await runnerOf({ target }).run(await queueAndClaim(), running());
    Object.assign(target, { lookup: throwing(new RetryableError('busy')) });
    await runnerOf({ target }).run(await claimLater(), running());
    expect(await get('a')).toMatchObject({ state: 'delivered' });
  });
});

describe('what is cut off because this process ends', () => {
  /** Takes it until the target has it, and ends then. */
  async function cutOff(target: ScriptedTarget, take: Runner['run'], delivery: Delivery): Promise<void> {
    const end = new AbortController();
    target.script(delivery.id, () => {
      end.abort();
      return new Promise<never>(() => {});
    });
    await take(delivery, end.signal);
  }

  it('waits to be asked for by another process, or by this one after its next start', async () => {
    const target = scriptedTarget();
    await cutOff(target, runnerOf({ target }).run, await queueAndClaim());
    expect(await get('a')).toMatchObject({ state: 'queued', code: 'TARGET_OUTCOME_UNKNOWN', attempts: 1 });
    (target.arrived as string[]).push('a');
    await runnerOf({ target }).run(await claimLater(), running());
    expect(await get('a')).toMatchObject({ state: 'delivered' });
    expect(target.attempts).toHaveLength(1);
  });

  it('is not held against the connection, however much was under way', async () => {
    const target = scriptedTarget();
    const { run } = runnerOf({ target });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await cutOff(target, run, await queueAndClaim(id));
    const states = await fixture.store.read((tx) => tx.operation.routes());
    expect(states.filter(({ pausedAt }) => pausedAt !== null)).toEqual([]);
  });

  it('is parked when the target can neither be asked nor counts twice once', async () => {
    const target = scriptedTarget({ canLookUp: false });
    await cutOff(target, runnerOf({ target }).run, await queueAndClaim());
    expect(await get('a')).toMatchObject({ state: 'parked', code: 'TARGET_OUTCOME_UNKNOWN' });
  });

  it('keeps what it waited for when it is put back before it was asked for', async () => {
    const target = scriptedTarget();
    target.script('a', timedOut);
    const runner = runnerOf({ target });
    await runner.run(await queueAndClaim(), running());
    await runner.run(await claimLater(), AbortSignal.abort());
    expect(await get('a')).toMatchObject({ state: 'queued', code: 'TARGET_OUTCOME_UNKNOWN', attempts: 1 });
  });
});

describe('one that another process has taken over while it was sent', () => {
  /** As the other one leaves it, while the target takes it from this one. */
  async function takenOver(settlement: Settlement): Promise<{ target: ScriptedTarget; errors: unknown[] }> {
    const target = scriptedTarget();
    target.script('a', () =>
      fixture.store.write(async (tx) => {
        await tx.outbox.settle('a', settlement, fixture.clock.now());
      }),
    );
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (...told: unknown[]) => void errors.push(told) };
    // Its time is never up.
    const clock = { ...fixture.clock, sleep: () => new Promise<never>(() => {}) };
    await runnerOf({ target, log, clock }).run(await queueAndClaim(), running());
    return { target, errors };
  }

  it.each([
    ['queued', { state: 'queued', spent: true, code: 'TARGET_OUTCOME_UNKNOWN' }, 'delivered'],
    [
      'parked, for nobody knew',
      { state: 'parked', spent: true, code: 'TARGET_OUTCOME_UNKNOWN' },
      'delivered',
    ],
    ['parked for another reason', { state: 'parked', spent: true, code: 'BUG' }, 'parked'],
    ['settled', { state: 'rejected', spent: true, code: 'TARGET_REJECTED' }, 'rejected'],
  ] as const)('counts as arrived where nobody is at it: %s', async (_what, settlement, state) => {
    const { errors } = await takenOver(settlement);
    expect(await get('a')).toMatchObject({ state });
    expect(errors).toEqual([]);
  });
});

describe('a failure that is not written down yet', () => {
  it('is not counted against the connection, however often it is looked at', async () => {
    const breaker = createBreaker(2);
    expect(breaker.opens('arbo', 'fails')).toBe(false);
    expect(breaker.opens('arbo', 'fails')).toBe(false);
    breaker.count('arbo', 'fails');
    expect(breaker.opens('arbo', 'fails')).toBe(true);
  });
});
