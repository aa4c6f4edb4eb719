// What every Target over HTTP promises on top of target-contract.ts, as tests: whatever goes wrong between it and its
// receiver, at whichever call of a delivery, the error is truthful, and after the retries that the daemon makes the
// receiver has it exactly once. A target's own test gives a driver that puts a fault proxy before a simulator.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, Payload, Target } from '../../src/connector.js';
import type { ErrorKind } from '../../src/error-table.js';
import { CodedError } from '../../src/errors.js';
import { reopen } from '../../src/privacy/gate.js';
import type { Fault, FaultProxy, Match } from '../support/fault-proxy.js';
import { wordsShown } from '../support/http-call.js';

export interface HttpTargetTraits {
  /** The notifications of a case in their order, such as `['SickReport', 'AbsenceChange', 'Recovery']`: names for tests. */
  readonly life: readonly string[];
  /** What a refusal of a writing call by the receiver is, by its status. */
  readonly refusals: Readonly<Record<400 | 404 | 409 | 422, readonly ErrorKind[]>>;
  /** True for a receiver that can be asked nothing: what may have arrived is left to a person, and is there at most once. */
  readonly parks?: boolean;
}

export interface HttpTargetDriver {
  /** Between the target and its receiver, for tokens and for the rest; the target is made with `proxy.http`. */
  readonly proxy: FaultProxy;
  /** The target anew, as after a restart of the process: the same memory, the same clock. */
  start(): Target;
  /** What the out-mapping gives for this step of `life` of case `number`. Another number is another employee and case. */
  record(number: number, step: number): JsonObject;
  /**
   * All that the receiver holds of case `number`, doubles included, without what differs from case to case: its own
   * ids, instants, external keys. Equal for two cases that went through the same steps.
   */
  shown(number: number): Promise<unknown>;
  /** A call that changes something at the receiver. */
  isWrite(method: string, path: string): boolean;
  isTokenCall(method: string, path: string): boolean;
  /** Lets time pass, as the wait before a retry does. */
  advance(ms: number): void;
  /** Secrets, tokens, query values and personal fields: words that no error and no log line may hold. */
  readonly planted: readonly string[];
  /** All that was logged so far, as text; absent when the driver has no log to look at. */
  logged?(): string;
  close(): Promise<void>;
}

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const AT = Date.UTC(2026, 2, 2, 9, 30);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** More than any fault of one call can cost. */
const MOST_TRIES = 8;

const refusal = (status: number, headers = {}): Fault => {
  return { kind: 'status', status, headers, body: `{"error":{"message":"refused","status":${status}}}` };
};

/** Once, at one call: whatever it is, the next try may succeed. */
const PASSING: readonly (readonly [name: string, fault: Fault])[] = [
  ['401', refusal(401)],
  ['429', refusal(429, { 'Retry-After': '30' })],
  ['500', refusal(500)],
  ['502 with a page of HTML', { kind: 'html' }],
  ['a reset before the work', { kind: 'reset-before' }],
  ['a reset after the work', { kind: 'reset-after' }],
  ['silence before the work', { kind: 'silence-before' }],
  ['silence after the work', { kind: 'silence-after' }],
  ['a truncated answer', { kind: 'truncated' }],
  ['an answer that cannot be read', { kind: 'garbled' }],
  ['another content type', { kind: 'content-type' }],
  ['an answer in small pieces', { kind: 'trickle' }],
];

/** At a call that writes, seen from here: it may have been carried out. */
const MAY_BE_DONE = PASSING.filter(([, { kind }]) =>
  ['reset-before', 'reset-after', 'silence-before', 'silence-after', 'truncated', 'garbled'].includes(kind),
);

interface Attempted {
  /** Of the errors, oldest first. */
  readonly kinds: readonly unknown[];
  readonly end: 'delivered' | 'parked' | 'refused';
}

interface Life {
  readonly shown: readonly unknown[];
  readonly calls: readonly number[];
}

interface Step {
  readonly number: number;
  readonly step: number;
}

const kindOf = (error: unknown) => (error instanceof CodedError ? error.kind : error);

function payloadOf(driver: HttpTargetDriver, { number, step }: Step): Payload {
  const envelope = { reference: keyOf({ number, step }), createdAt: AT + step * MINUTE_MS };
  const rendered = driver.start().render(driver.record(number, step), envelope);
  if (!rendered.ok) throw new Error(`problems: ${JSON.stringify(rendered.problems)}`);
  return rendered.payload;
}

const keyOf = ({ number, step }: Step) => `d-case-${number}-step-${step}`;

function optionsOf(of: Step) {
  const order = String(of.number * 100 + of.step).padStart(10, '0');
  return { idempotencyKey: keyOf(of), order, signal: new AbortController().signal };
}

/** One try; gives the error that it ended with, or null. Nothing of it may show a planted word. */
async function attempt(driver: HttpTargetDriver, of: Step): Promise<unknown> {
  const target = driver.start();
  const error = await target.deliver(reopen(payloadOf(driver, of)), optionsOf(of)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(wordsShown(error, driver.planted)).toEqual([]);
  expect(wordsShown(driver.logged?.() ?? '', driver.planted)).toEqual([]);
  return error;
}

/** As the daemon does: again after a while, and after an unknown outcome only when the receiver has not got it. */
async function deliver(driver: HttpTargetDriver, of: Step): Promise<Attempted> {
  const kinds: unknown[] = [];
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const error = await attempt(driver, of);
    if (error === null) return { kinds, end: 'delivered' };
    kinds.push(kindOf(error));
    if (kindOf(error) === 'unknown-outcome') {
      const said = await lookUp(driver, of);
      if (said === 'present') return { kinds, end: 'delivered' };
      if (said === 'cannot tell') return { kinds, end: 'parked' };
    } else if (kindOf(error) !== 'retryable' && kindOf(error) !== 'route') return { kinds, end: 'refused' };
    driver.advance((error as { retryAfterMs?: number }).retryAfterMs ?? MINUTE_MS);
  }
  throw new Error(`it was never settled: ${kinds.join(', ')}`);
}

/** A question that fails is asked again: by the daemon at the next try, or by the person to whom it is parked. */
async function lookUp(
  driver: HttpTargetDriver,
  of: Step,
): Promise<'present' | 'absent' | 'again' | 'cannot tell'> {
  const target = driver.start();
  if (target.idempotent) return 'again';
  for (let tries = 0; target.lookup && tries < MOST_TRIES; tries += 1) {
    const said = await target.lookup(keyOf(of), optionsOf(of)).catch(() => undefined);
    if (said) return said;
    driver.advance(MINUTE_MS);
  }
  return 'cannot tell';
}

export function describeHttpTarget(
  name: string,
  traits: HttpTargetTraits,
  makeDriver: () => Promise<HttpTargetDriver>,
): void {
  const steps = traits.life.map((what, step) => [what, step] as const);

  /** One driver at a time: a site may have but one door. */
  const using = (run: (driver: HttpTargetDriver, clean: Life) => Promise<void>) => async () => {
    clean ??= await withDriver((driver) => wholeLife(driver, 1));
    const life = clean;
    await withDriver((driver) => run(driver, life));
  };

  async function withDriver<T>(run: (driver: HttpTargetDriver) => Promise<T>): Promise<T> {
    const driver = await makeDriver();
    return await run(driver).finally(() => driver.close());
  }

  /** Everything before this step, without a fault. */
  async function liveUntil(driver: HttpTargetDriver, { number, step }: Step): Promise<void> {
    driver.proxy.disarm();
    for (let earlier = 0; earlier < step; earlier += 1) {
      expect(await deliver(driver, { number, step: earlier })).toEqual({ kinds: [], end: 'delivered' });
    }
  }

  /** What the receiver holds after each step of a life without faults, and how many calls each step takes. */
  async function wholeLife(driver: HttpTargetDriver, number: number): Promise<Life> {
    const shown: unknown[] = [];
    const calls: number[] = [];
    for (const [, step] of steps) {
      const before = driver.proxy.calls.length;
      expect(await deliver(driver, { number, step })).toEqual({ kinds: [], end: 'delivered' });
      const made = driver.proxy.calls.slice(before);
      calls.push(made.filter(({ method, path }) => !driver.isTokenCall(method, path)).length);
      shown.push(await driver.shown(number));
    }
    return { shown, calls };
  }

  /** Lived once for all tests: it is the same for every case. */
  let clean: Life | null = null;

  const notToken =
    (driver: HttpTargetDriver): Match =>
    (method, path) =>
      !driver.isTokenCall(method, path);

  describe(`${name} as a target over HTTP`, () => {
    it(
      'the life of a case arrives step by step, and is the same for every case',
      using(async (driver) => {
        const first = await wholeLife(driver, 1);
        const second = await wholeLife(driver, 2);
        expect(second.shown).toEqual(first.shown);
        expect(new Set(first.shown.map((each) => JSON.stringify(each))).size).toBe(steps.length);
      }),
    );

    // Every third call, so that the test takes a third of the time: each fault begins with another of the first three.
    it.each(PASSING.map(([name, fault], turn) => [name, fault, turn % 3] as const))(
      '%s once, at any call: after the retries the receiver has it exactly once',
      (_name, fault, turn) =>
        using(async (driver, { shown, calls }) => {
          const nothing = await driver.shown(1);
          const most = Math.max(...calls);
          expect(most).toBeGreaterThan(0);
          for (let after = turn % most; after < most; after += 3) {
            const number = after + 2;
            for (const [what, step] of steps) {
              driver.proxy.disarm();
              driver.proxy.arm(fault, { after, match: notToken(driver) });
              const { end } = await deliver(driver, { number, step });
              const holds = await driver.shown(number);
              if (traits.parks && end === 'parked') {
                // A person looks there: it has come once, or not at all, and what follows it is another life.
                expect([nothing, ...shown].slice(step, step + 2)).toContainEqual(holds);
                break;
              }
              expect([what, after, end]).toEqual([what, after, 'delivered']);
              expect([what, after, holds]).toEqual([what, after, shown[step]]);
            }
          }
        })(),
    );

    it.each(MAY_BE_DONE)('%s at a call that writes is never called anything but unknown', (_name, fault) =>
      using(async (driver) => {
        for (const [, step] of steps) {
          const number = step + 1;
          await liveUntil(driver, { number, step });
          driver.proxy.arm(fault, { match: driver.isWrite });
          const error = await attempt(driver, { number, step });
          // None at all when the target looks for itself.
          if (error !== null) expect(kindOf(error)).toBe('unknown-outcome');
        }
      })(),
    );

    it.each([400, 404, 409, 422] as const)(
      'a write refused with %i is told as it is, and changes nothing',
      (status) =>
        using(async (driver) => {
          const before = await driver.shown(1);
          driver.proxy.arm(refusal(status), { ...ALWAYS, match: driver.isWrite });
          expect(traits.refusals[status]).toContain(kindOf(await attempt(driver, { number: 1, step: 0 })));
          expect(await driver.shown(1)).toEqual(before);
        })(),
    );

    it.each([401, 403])(
      '%i that lasts is a fault of the connection; mended, the delivery arrives once',
      (status) =>
        using(async (driver, { shown }) => {
          driver.proxy.arm(refusal(status), { ...ALWAYS, match: notToken(driver) });
          expect(kindOf(await attempt(driver, { number: 2, step: 0 }))).toBe('route');
          driver.proxy.disarm();
          driver.advance(MINUTE_MS);
          expect((await deliver(driver, { number: 2, step: 0 })).end).toBe('delivered');
          expect(await driver.shown(2)).toEqual(shown[0]);
        })(),
    );

    it.each([429, 503])('%i that lasts is retryable, after the wait that it asks for', (status) =>
      using(async (driver) => {
        driver.proxy.arm(refusal(status, { 'Retry-After': '30' }), { ...ALWAYS, match: driver.isWrite });
        const error = await attempt(driver, { number: 1, step: 0 });
        expect(error).toMatchObject({ kind: 'retryable', retryAfterMs: 30_000 });
      })(),
    );

    it.each([
      ['401', refusal(401), 'route'],
      ['400', refusal(400), 'route'],
      ['500', refusal(500), 'retryable'],
      ['a page of HTML', { kind: 'html' }, 'retryable'],
      ['a reset', { kind: 'reset-after' }, 'retryable'],
      ['silence', { kind: 'silence-after' }, 'retryable'],
      ['a truncated answer', { kind: 'truncated' }, 'retryable'],
    ] as const)(
      '%s where tokens are given out: nothing was delivered, and it is told so',
      (_name, fault, kind) =>
        using(async (driver) => {
          const before = await driver.shown(1);
          driver.proxy.arm(fault, { ...ALWAYS, match: driver.isTokenCall });
          expect(kindOf(await attempt(driver, { number: 1, step: 0 }))).toBe(kind);
          expect(await driver.shown(1)).toEqual(before);
          driver.proxy.disarm();
          driver.advance(HOUR_MS);
          expect((await deliver(driver, { number: 1, step: 0 })).end).toBe('delivered');
        })(),
    );

    it(
      'a server whose clock is hours off is delivered to all the same',
      using(async (driver, { shown }) => {
        driver.proxy.arm({ kind: 'date', offsetMs: 5 * HOUR_MS }, ALWAYS);
        expect((await wholeLife(driver, 2)).shown).toEqual(shown);
      }),
    );

    it(
      'a restart asks for no other token',
      using(async (driver) => {
        await wholeLife(driver, 1);
        await wholeLife(driver, 2);
        const asked = driver.proxy.calls.filter(({ method, path }) => driver.isTokenCall(method, path));
        expect(asked).toHaveLength(1);
      }),
    );

    it('whatever goes wrong in which order, every case ends as it should', async () => {
      const troubles = fc.array(
        fc.record({
          which: fc.nat(PASSING.length - 1),
          after: fc.nat(20),
          times: fc.integer({ min: 1, max: 2 }),
        }),
        { maxLength: 6 },
      );
      await fc.assert(
        fc.asyncProperty(troubles, (faults) =>
          using(async (driver, { shown }) => {
            for (const { which, after, times } of faults) {
              const fault = PASSING[which]?.[1];
              if (fault) driver.proxy.arm(fault, { after, times, match: notToken(driver) });
            }
            const numbers = [2, 3];
            const ends: string[] = [];
            for (const [, step] of steps) {
              for (const number of numbers) ends.push((await deliver(driver, { number, step })).end);
            }
            driver.proxy.disarm();
            const usual = traits.parks ? ends.filter((end) => end !== 'parked') : ends;
            expect(new Set(usual)).toEqual(new Set(usual.length > 0 ? ['delivered'] : []));
            if (usual.length < ends.length) return;
            for (const number of numbers) expect(await driver.shown(number)).toEqual(shown.at(-1));
          })(),
        ),
        { numRuns: 2 },
      );
    }, 120_000);
  });
}
