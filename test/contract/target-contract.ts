// What every Target promises, as tests: a delivery arrives whole and counts once, and an error says truly what became
// of it. A target's own test gives a driver that plays the receiver.
import { describe, expect, it } from '@jest/globals';
import type { DeliverOptions, Envelope, JsonObject, Payload, Target } from '../../src/connector.js';
import { CodedError, RetryableError } from '../../src/errors.js';
import { reopen } from '../../src/privacy/gate.js';

export interface TargetDriver {
  /** The target anew, as after a restart of the process. */
  start(): Target;
  /** A record that renders without problems; another for each number. */
  record(number: number): JsonObject;
  /** What the receiver got so far, oldest first: bodies, unless `arrives` says otherwise. */
  received(): Promise<string[]>;
  /** What of a body shows in `received`, for a receiver that keeps what was told in a form of its own; the body when absent. */
  arrives?(body: string): string;
  /** From now on: the receiver is busy, or refuses the connection, or (null) is well again. */
  trouble(kind: 'busy' | 'refused' | null): Promise<void>;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 2, 2, 9, 30);

export function envelope(number: number): Envelope {
  return { reference: `d-reference-${number}`, createdAt: AT + number * 60_000 };
}

export function delivery(number: number): DeliverOptions {
  const order = String(number).padStart(8, '0');
  return { idempotencyKey: `d-reference-${number}`, order, signal: new AbortController().signal };
}

/** The payload that the target renders for this record; fails the test when it has problems. */
export function payloadOf(target: Target, record: JsonObject, number: number): Payload {
  const rendered = target.render(record, envelope(number));
  if (!rendered.ok) throw new Error(`problems: ${JSON.stringify(rendered.problems)}`);
  return rendered.payload;
}

export interface TargetTraits {
  /** False for a receiver that takes no reference of ours: then the payload holds none. */
  readonly carriesReference?: boolean;
  /** True when two deliveries of the same content count once, because the second finds all as it should be. */
  readonly converges?: boolean;
}

export function describeTarget(
  name: string,
  makeDriver: () => Promise<TargetDriver>,
  { carriesReference = true, converges = false }: TargetTraits = {},
): void {
  const using = (run: (driver: TargetDriver) => Promise<void>) => async () => {
    const driver = await makeDriver();
    await run(driver).finally(() => driver.close());
  };
  const send = async (driver: TargetDriver, number: number, target = driver.start()) => {
    const payload = payloadOf(target, driver.record(number), number);
    await target.deliver(reopen(payload), delivery(number));
    return arriving(driver, payload);
  };
  const arriving = (driver: TargetDriver, { body }: Payload) => driver.arrives?.(body) ?? body;
  const kindOf = (error: unknown) => (error instanceof CodedError ? error.kind : error);

  describe(`${name} as a target`, () => {
    it(
      'what is rendered is what arrives, in order',
      using(async (driver) => {
        const target = driver.start();
        const sent = [
          await send(driver, 1, target),
          await send(driver, 2, target),
          await send(driver, 3, target),
        ];
        expect(await driver.received()).toEqual(sent);
      }),
    );

    it(
      `rendering is pure, ${carriesReference ? 'carries the reference' : 'holds no reference'} and leaves the record as it was`,
      using(async (driver) => {
        const record = driver.record(1);
        const before = JSON.stringify(record);
        const first = payloadOf(driver.start(), record, 1);
        expect(payloadOf(driver.start(), record, 1)).toEqual(first);
        expect(JSON.stringify(record)).toBe(before);
        expect(first.body.includes(envelope(1).reference)).toBe(carriesReference);
        expect(payloadOf(driver.start(), record, 2).body).not.toContain(envelope(1).reference);
      }),
    );

    it(
      'says how many deliveries it takes at once, and which of them stay in order',
      using(async (driver) => {
        const target = driver.start();
        expect(target.concurrency).toBeGreaterThanOrEqual(1);
        expect(['case', 'employment']).toContain(target.lane);
      }),
    );

    it(
      'an idempotent target counts a delivery once, also when it is sent again after a restart',
      using(async (driver) => {
        if (!driver.start().idempotent) return;
        const body = await send(driver, 1);
        await send(driver, 1);
        await send(driver, 1, driver.start());
        expect(await driver.received()).toEqual([body]);
      }),
    );

    it(
      `two deliveries of the same content are ${converges ? 'one' : 'two'}`,
      using(async (driver) => {
        const target = driver.start();
        const payload = payloadOf(target, driver.record(1), 1);
        await target.deliver(reopen(payload), delivery(1));
        await target.deliver(reopen(payload), delivery(2));
        const once = arriving(driver, payload);
        expect(await driver.received()).toEqual(converges ? [once] : [once, once]);
      }),
    );

    it(
      'a delivery whose time is over before its first byte leaves nothing, and the next try succeeds',
      using(async (driver) => {
        const target = driver.start();
        const payload = reopen(payloadOf(target, driver.record(1), 1));
        const inTime = () => {
          throw new RetryableError('Its time is over.');
        };
        const late = target.deliver(payload, { ...delivery(1), inTime });
        expect(await late.then(() => 'delivered', kindOf)).toBe('retryable');
        expect(await driver.received()).toEqual([]);
        const body = await send(driver, 1);
        expect(await driver.received()).toEqual([body]);
      }),
    );

    it(
      'lookup tells whether it arrived, also after a restart',
      using(async (driver) => {
        const ask = (number: number) =>
          driver.start().lookup?.(delivery(number).idempotencyKey, delivery(number));
        const before = await ask(1);
        if (before === undefined) return;
        expect(before).toBe('absent');
        await send(driver, 1);
        expect([await ask(1), await ask(2)]).toEqual(['present', 'absent']);
      }),
    );

    it.each([
      ['busy', 'retryable'],
      ['refused', 'route'],
    ] as const)(
      'a receiver that is %s is a %s error: nothing arrived, and the next try succeeds',
      (trouble, kind) =>
        using(async (driver) => {
          await driver.trouble(trouble);
          expect(kindOf(await send(driver, 1).catch((error) => error))).toBe(kind);
          await driver.trouble(null);
          expect(await driver.received()).toEqual([]);
          const body = await send(driver, 1);
          expect(await driver.received()).toEqual([body]);
        })(),
    );

    it(
      'deliveries at the same time all arrive',
      using(async (driver) => {
        const target = driver.start();
        const numbers = Array.from({ length: Math.min(target.concurrency, 8) }, (_, index) => index + 1);
        const sent = await Promise.all(numbers.map((number) => send(driver, number, target)));
        expect((await driver.received()).sort()).toEqual(sent.sort());
      }),
    );
  });
}
