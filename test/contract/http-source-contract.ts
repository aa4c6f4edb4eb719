// What every Source over HTTP promises on top of source-contract.ts, as tests: whatever goes wrong between it and its
// system is an error of the right kind, gives nothing away, and loses nothing. A source's own test gives a driver that
// puts a fault proxy between the source and a simulator.
import { describe, expect, it } from '@jest/globals';
import type { RawRecord, Source } from '../../src/connector.js';
import type { ErrorKind } from '../../src/error-table.js';
import { CodedError } from '../../src/errors.js';
import type { ArmOptions, Fault, FaultProxy, ProxiedCall } from '../support/fault-proxy.js';
import { wordsShown } from '../support/http-call.js';

export interface HttpSourceTraits {
  /** So many good messages fill one page: one more needs a second call. */
  readonly perPage: number;
  /** What an answer 404 to a call for records means. */
  readonly notFound: 'nothing there' | 'route';
  /** What a poll ends with when its first call is not taken: 400, 409, 422. */
  readonly refused: ErrorKind;
  /** The same at the last call of a poll. */
  readonly refusedAtEnd: ErrorKind;
  /** What it ends with for an answer under 200 that is none of the right form, or a page that comes again and again. */
  readonly unreadable: ErrorKind;
}

export interface HttpSourceDriver {
  /** Between the source and its system, for tokens and for records; the source is made with `proxy.http`. */
  readonly proxy: FaultProxy;
  /** The source anew, as after a restart of the process: the same memory, the same clock. */
  start(): Source;
  /** Makes the system hold one more good message; gives the reference by which the source will call it. */
  putGood(number: number): Promise<string>;
  /** Sets the clock of the source and of its system. Instants only rise within a test. */
  setTime(instantMs: number): void;
  isTokenCall(method: string, path: string): boolean;
  /** Secrets, tokens, query values and personal fields: words that no error and no log line may hold. */
  readonly planted: readonly string[];
  /** All that was logged so far, as text; absent when the driver has no log to look at. */
  logged?(): string;
  close(): Promise<void>;
}

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 2, 9, 30);
const MANY = 10_000;

const refusal = (status: number, headers = {}): Fault => {
  return { kind: 'status', status, headers, body: `{"error":{"message":"refused","status":${status}}}` };
};

const MAY_RETRY: readonly ErrorKind[] = ['retryable'];

type Meant = 'refused' | 'unreadable' | readonly ErrorKind[];
/** While it lasts, and what a poll ends with. */
const LASTING: readonly (readonly [name: string, fault: Fault, meant: Meant])[] = [
  ['400', refusal(400), 'refused'],
  ['401', refusal(401), ['route']],
  ['403', refusal(403), ['route']],
  ['409', refusal(409), 'refused'],
  ['422', refusal(422), 'refused'],
  ['429 without a wait', refusal(429), MAY_RETRY],
  ['429 with a wait', refusal(429, { 'Retry-After': '30' }), MAY_RETRY],
  ['500', refusal(500), MAY_RETRY],
  ['502 with a page of HTML', { kind: 'html' }, MAY_RETRY],
  ['503', refusal(503, { 'Retry-After': '30' }), MAY_RETRY],
  ['a reset before the work', { kind: 'reset-before' }, MAY_RETRY],
  ['a reset after the work', { kind: 'reset-after' }, MAY_RETRY],
  ['silence before the work', { kind: 'silence-before' }, MAY_RETRY],
  ['silence after the work', { kind: 'silence-after' }, MAY_RETRY],
  ['a truncated answer', { kind: 'truncated' }, MAY_RETRY],
  ['an answer that cannot be read', { kind: 'garbled' }, 'unreadable'],
  ['a page of HTML with status 200', { kind: 'html', status: 200 }, 'unreadable'],
];

/** What a source copes with: the right answer, only odd. */
const ODD: readonly (readonly [name: string, fault: Fault])[] = [
  ['in small pieces', { kind: 'trickle' }],
  ['by a server whose clock is 5 hours ahead', { kind: 'date', offsetMs: 5 * HOUR_MS }],
  ['by a server whose clock is 5 hours behind', { kind: 'date', offsetMs: -5 * HOUR_MS }],
];

interface Seen {
  readonly records: readonly RawRecord[];
  /** Of the last page that was committed. */
  readonly cursor: string | null;
  readonly error: unknown;
}

/** Polls as the intake does: commits page by page, and keeps what was committed when an error ends it. */
async function poll(driver: HttpSourceDriver, cursor: string | null = null): Promise<Seen> {
  const source = driver.start();
  const records: RawRecord[] = [];
  let [at, pages, error] = [cursor, 0, null as unknown];
  try {
    for await (const page of source.poll(cursor, new AbortController().signal)) {
      records.push(...page.records);
      at = page.cursor;
      await page.settle(page.records.map(({ reference }) => ({ reference, problems: [] })));
      pages += 1;
      if (pages > MANY) throw new Error('the poll goes on and on');
    }
  } catch (thrown) {
    error = thrown;
  }
  expectNothingShown(driver, error);
  return { records, cursor: at, error };
}

function expectNothingShown(driver: HttpSourceDriver, error: unknown): void {
  expect(wordsShown(error, driver.planted)).toEqual([]);
  expect(wordsShown(driver.logged?.() ?? '', driver.planted)).toEqual([]);
}

const references = (...seen: readonly Seen[]) =>
  [...new Set(seen.flatMap(({ records }) => records.map(({ reference }) => reference)))].sort();

const kindOf = (error: unknown) => (error instanceof CodedError ? error.kind : error);

function kindsOf(
  meant: Meant,
  traits: HttpSourceTraits,
  where: 'refused' | 'refusedAtEnd',
): readonly ErrorKind[] {
  if (meant === 'refused') return [traits[where]];
  return meant === 'unreadable' ? [traits.unreadable] : meant;
}

export function describeHttpSource(
  name: string,
  traits: HttpSourceTraits,
  makeDriver: () => Promise<HttpSourceDriver>,
): void {
  const using = (run: (driver: HttpSourceDriver) => Promise<void>) => async () => {
    const driver = await makeDriver();
    driver.setTime(START);
    await run(driver).finally(() => driver.close());
  };

  async function put(driver: HttpSourceDriver, count: number, from = 1): Promise<string[]> {
    const made: string[] = [];
    for (let number = from; number < from + count; number += 1) made.push(await driver.putGood(number));
    return made;
  }

  /** Only the calls for records, or only those for tokens. */
  const only = (
    driver: HttpSourceDriver,
    what: 'tokens' | 'records',
    options: ArmOptions = {},
  ): ArmOptions => ({
    ...options,
    match: (method, path) => driver.isTokenCall(method, path) === (what === 'tokens'),
  });

  /** An hour later, as after every rest that was asked for: the next poll sees all that it has not handed over. */
  async function pollLater(driver: HttpSourceDriver, after: Seen, at = START + HOUR_MS): Promise<Seen> {
    driver.proxy.disarm();
    driver.setTime(at);
    const seen = await poll(driver, after.cursor);
    expect(seen.error).toBeNull();
    return seen;
  }

  describe(`${name} as a source over HTTP`, () => {
    describe.each(LASTING)('%s', (_name, fault, meant) => {
      const kinds = kindsOf(meant, traits, 'refused');
      const kindsAtEnd = kindsOf(meant, traits, 'refusedAtEnd');
      it(
        'that lasts ends the poll with an error of the right kind, and nothing is lost',
        using(async (driver) => {
          const made = await put(driver, 3);
          driver.proxy.arm(fault, only(driver, 'records', ALWAYS));
          const seen = await poll(driver);
          expect(seen.records).toEqual([]);
          expect(kinds).toContain(kindOf(seen.error));
          expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
        }),
      );

      it(
        'at the last call leaves what was committed, and the rest comes later',
        using(async (driver) => {
          const made = await put(driver, traits.perPage + 1);
          const { length } = await callsOfPoll(driver);
          driver.proxy.arm(fault, only(driver, 'records', { ...ALWAYS, after: length - 1 }));
          const seen = await poll(driver);
          expect(kindsAtEnd).toContain(kindOf(seen.error));
          expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
        }),
      );

      it(
        'once: the poll copes or says so, and nothing is lost',
        using(async (driver) => {
          const made = await put(driver, 3);
          driver.proxy.arm(fault, only(driver, 'records'));
          const seen = await poll(driver);
          if (seen.error !== null) expect(kinds).toContain(kindOf(seen.error));
          expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
        }),
      );

      it(
        'where tokens are given out: a coded error, and nothing is lost',
        using(async (driver) => {
          const made = await put(driver, 2);
          driver.proxy.arm(fault, only(driver, 'tokens', ALWAYS));
          const seen = await poll(driver);
          expect(['retryable', 'route']).toContain(kindOf(seen.error));
          expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
        }),
      );
    });

    it(
      `404 means: ${traits.notFound}`,
      using(async (driver) => {
        const made = await put(driver, 2);
        driver.proxy.arm(refusal(404), only(driver, 'records', ALWAYS));
        const seen = await poll(driver);
        expect(seen.records).toEqual([]);
        expect(kindOf(seen.error)).toBe(traits.notFound === 'route' ? 'route' : null);
        // What was there all the time is found by a first load at the latest.
        const later = await pollLater(driver, seen.error ? seen : { ...seen, cursor: null });
        expect(references(later)).toEqual([...made].sort());
      }),
    );

    it.each(ODD)('a right answer %s is a right answer', (_name, fault) =>
      using(async (driver) => {
        const made = await put(driver, traits.perPage + 1);
        driver.proxy.arm(fault, ALWAYS);
        const seen = await poll(driver);
        expect(seen.error).toBeNull();
        expect(references(seen)).toEqual([...made].sort());
        const [late] = await put(driver, 1, traits.perPage + 2);
        expect(references(await pollLater(driver, seen))).toContain(late);
      })(),
    );

    it(
      'a right answer under another content type is read, or is an error: never nothing',
      using(async (driver) => {
        const made = await put(driver, 3);
        driver.proxy.arm({ kind: 'content-type' }, only(driver, 'records', ALWAYS));
        const seen = await poll(driver);
        if (seen.error !== null) expect(kindOf(seen.error)).toBe(traits.unreadable);
        else expect(references(seen)).toEqual([...made].sort());
        expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
      }),
    );

    it(
      'a page that is given twice loses nothing',
      using(async (driver) => {
        const made = await put(driver, traits.perPage + 1);
        driver.proxy.arm({ kind: 'repeat' }, await fromSecondPage(driver));
        const seen = await poll(driver);
        if (seen.error !== null) expect(kindOf(seen.error)).toBe(traits.unreadable);
        expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
      }),
    );

    it(
      'a page that comes again and again ends the poll, which says so',
      using(async (driver) => {
        const made = await put(driver, traits.perPage + 1);
        driver.proxy.arm({ kind: 'repeat' }, { ...(await fromSecondPage(driver)), ...ALWAYS });
        const seen = await poll(driver);
        expect(kindOf(seen.error)).toBe(traits.unreadable);
        expect(references(seen, await pollLater(driver, seen))).toEqual([...made].sort());
      }),
    );

    it(
      'one refused token is renewed within the poll',
      using(async (driver) => {
        const made = await put(driver, 2);
        await poll(driver);
        driver.proxy.arm(refusal(401), only(driver, 'records'));
        const seen = await poll(driver);
        expect(seen.error).toBeNull();
        expect(references(seen)).toEqual([...made].sort());
      }),
    );

    it(
      'a restart asks for no other token',
      using(async (driver) => {
        await put(driver, 1);
        const seen = await poll(driver);
        await poll(driver, seen.cursor);
        await poll(driver, seen.cursor);
        const asked = driver.proxy.calls.filter(({ method, path }) => driver.isTokenCall(method, path));
        expect(asked).toHaveLength(1);
      }),
    );

    it.each([
      ['forward', Date.UTC(2026, 2, 29)],
      ['back', Date.UTC(2026, 9, 25)],
    ])('in the night that the clock goes %s every message is handed over', (_which, midnight) =>
      using(async (driver) => {
        let last: Seen = { records: [], cursor: null, error: null };
        for (let quarter = 0; quarter < 12; quarter += 1) {
          driver.setTime(midnight + quarter * (HOUR_MS / 4));
          const [made] = await put(driver, 1, quarter + 1);
          last = await poll(driver, last.cursor);
          expect(last.error).toBeNull();
          expect(references(last)).toContain(made);
        }
      })(),
    );

    it(
      '10,000 messages are handed over, in one poll',
      using(async (driver) => {
        const made = await put(driver, MANY);
        const seen = await poll(driver);
        expect(seen.error).toBeNull();
        expect(references(seen)).toEqual([...made].sort());
      }),
    );
  });

  const isRecordCall = (driver: HttpSourceDriver, { method, path }: ProxiedCall) =>
    !driver.isTokenCall(method, path);

  /** The calls for records of a whole poll from the beginning. */
  async function callsOfPoll(driver: HttpSourceDriver): Promise<readonly ProxiedCall[]> {
    const before = driver.proxy.calls.length;
    expect((await poll(driver)).error).toBeNull();
    // The next poll starts anew, without knowing of the last call of this one: at once it would be refused as too near.
    driver.setTime(START + HOUR_MS / 2);
    return driver.proxy.calls.slice(before).filter((call) => isRecordCall(driver, call));
  }

  /** From the second call on of the list that takes most calls. */
  async function fromSecondPage(driver: HttpSourceDriver): Promise<ArmOptions> {
    const lists = (await callsOfPoll(driver)).map(({ path }) => listOf(path));
    const times = (list: string) => lists.filter((each) => each === list).length;
    const [longest = ''] = [...lists].sort((one, other) => times(other) - times(one));
    expect(times(longest)).toBeGreaterThan(1);
    return { after: 1, match: (_method, path) => listOf(path) === longest };
  }
}

function listOf(path: string): string {
  return path.split('?')[0] ?? '';
}
