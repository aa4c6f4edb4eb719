// What every Source promises, as tests: hand over everything, in order, and let go of nothing before its commit. A
// source's own test gives a driver that plays the system at the other side.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawRecord, Source, SourcePage } from '../../src/connector.js';
import { CodedError } from '../../src/errors.js';

export interface SourceDriver {
  /**
   * True for a source that reads again what lies near its cursor: what it handed over may come again later, byte for
   * byte, and nothing else may; the intake knows it by that.
   */
  readonly rereads?: boolean;
  /** The source anew, as after a restart of the process. */
  start(): Source;
  /** Makes the system hold one more good message; gives the reference by which the source will call it. */
  putGood(number: number): Promise<string>;
  /** One that nobody can read. */
  putBroken(): Promise<string>;
  /** From now on the system cannot be reached, or is not there. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

interface Polled {
  readonly records: readonly RawRecord[];
  readonly pages: number;
  readonly cursor: string | null;
}

interface PollOptions {
  readonly cursor?: string | null;
  /** False plays a process that dies before this page is committed and settled. */
  readonly settle?: (page: SourcePage, index: number) => boolean;
}

const PROBLEM = { code: 'XML_NOT_WELL_FORMED', path: '' } as const;

/** Polls once as the intake does: commits the cursor, then settles, page by page; stops where `settle` says no. */
export async function pollOnce(
  source: Source,
  { cursor = null, settle = () => true }: PollOptions = {},
): Promise<Polled> {
  const records: RawRecord[] = [];
  let [pages, at] = [0, cursor];
  for await (const page of source.poll(cursor, new AbortController().signal)) {
    records.push(...page.records);
    at = page.cursor;
    pages += 1;
    if (!settle(page, pages)) break;
    await page.settle(
      page.records.map((raw) => ({
        reference: raw.reference,
        problems: source.decode(raw).problems.length > 0 ? [PROBLEM] : [],
      })),
    );
  }
  return { records, pages, cursor: at };
}

const references = ({ records }: Pick<Polled, 'records'>) => records.map((record) => record.reference);

/**
 * What of a later poll was not handed over before. Of a source that reads again, repeats are taken out: a record that
 * differs in a single byte from the one handed over under its reference is none, and neither is one that came twice in
 * this very poll.
 */
function fresh(
  { rereads = false }: SourceDriver,
  before: readonly RawRecord[],
  polled: Pick<Polled, 'records'>,
): readonly RawRecord[] {
  if (!rereads) return polled.records;
  expect(new Set(references(polled)).size).toBe(polled.records.length);
  const known = new Set(before.map(contentOf));
  return polled.records.filter((raw) => !known.has(contentOf(raw)));
}

function contentOf({ reference, bytes, contentType }: RawRecord): string {
  return [reference, contentType, Buffer.from(bytes).toString('base64')].join(' ');
}

export function describeSource(name: string, makeDriver: () => Promise<SourceDriver>): void {
  const using = (run: (driver: SourceDriver) => Promise<void>) => async () => {
    const driver = await makeDriver();
    await run(driver).finally(() => driver.close());
  };

  describe(`${name} as a source`, () => {
    it(
      'an empty system gives no record',
      using(async (driver) => {
        expect((await pollOnce(driver.start())).records).toEqual([]);
      }),
    );

    it(
      'every message is handed over once, oldest first',
      using(async (driver) => {
        const put = [await driver.putGood(1), await driver.putGood(2), await driver.putGood(3)];
        const source = driver.start();
        const first = await pollOnce(source);
        expect(references(first)).toEqual(put);
        expect(new Set(put).size).toBe(3);
        expect(fresh(driver, first.records, await pollOnce(source, first))).toEqual([]);
      }),
    );

    it(
      'a message that came later is handed over by the next poll, also after a restart',
      using(async (driver) => {
        await driver.putGood(1);
        const { cursor, records } = await pollOnce(driver.start());
        const later = await driver.putGood(2);
        const next = fresh(driver, records, await pollOnce(driver.start(), { cursor }));
        expect(references({ records: next })).toEqual([later]);
      }),
    );

    it(
      'without a commit and a receipt the same messages are handed over again, byte for byte',
      using(async (driver) => {
        await driver.putGood(1);
        await driver.putGood(2);
        const dying = await pollOnce(driver.start(), { settle: () => false });
        const again = await pollOnce(driver.start());
        expect(again.records.slice(0, dying.records.length)).toEqual(dying.records);
      }),
    );

    it(
      'decoding is pure: the same answer twice, and the bytes stay as they were',
      using(async (driver) => {
        await driver.putGood(1);
        await driver.putBroken();
        const source = driver.start();
        for (const raw of (await pollOnce(source)).records) {
          const before = Buffer.from(raw.bytes).toString('hex');
          expect(source.decode(raw)).toEqual(driver.start().decode(raw));
          expect(Buffer.from(raw.bytes).toString('hex')).toBe(before);
        }
      }),
    );

    it(
      'a good message decodes to records without problems',
      using(async (driver) => {
        await driver.putGood(1);
        const source = driver.start();
        const decoded = (await pollOnce(source)).records.map((raw) => source.decode(raw));
        expect(decoded.flatMap(({ problems }) => problems)).toEqual([]);
        expect(decoded.flatMap(({ records }) => records).length).toBeGreaterThan(0);
        expect(decoded.flatMap(({ records }) => records.flatMap(({ problems }) => problems))).toEqual([]);
      }),
    );

    it(
      'an unreadable message gives coded problems and does not stop the others',
      using(async (driver) => {
        const put = [await driver.putGood(1), await driver.putBroken(), await driver.putGood(2)];
        const source = driver.start();
        const { records, cursor } = await pollOnce(source);
        expect(records.map((raw) => raw.reference)).toEqual(put);
        const unreadable = records.filter((raw) => {
          const decoded = source.decode(raw);
          return [decoded, ...decoded.records].some(({ problems }) => problems.length > 0);
        });
        expect(unreadable.map((raw) => raw.reference)).toEqual([put[1]]);
        expect(fresh(driver, records, await pollOnce(driver.start(), { cursor }))).toEqual([]);
      }),
    );

    it(
      'a system that is away is a coded error, and nothing is lost by it',
      using(async (driver) => {
        await driver.putGood(1);
        await driver.disconnect();
        const error = await pollOnce(driver.start()).catch((thrown) => thrown);
        expect(error).toBeInstanceOf(CodedError);
        expect(['retryable', 'route']).toContain(error.kind);
      }),
    );

    it(
      'an aborted poll ends without an error and hands nothing over',
      using(async (driver) => {
        await driver.putGood(1);
        const pages: SourcePage[] = [];
        for await (const page of driver.start().poll(null, AbortSignal.abort())) pages.push(page);
        expect(pages).toEqual([]);
      }),
    );

    it('whatever the process dies of, every message comes through, and a settled one only byte for byte again, if at all', async () => {
      const polls = fc.array(
        fc.record({ put: fc.nat(3), diesAtPage: fc.option(fc.integer({ min: 1, max: 3 })) }),
        {
          maxLength: 6,
        },
      );
      await fc.assert(
        fc.asyncProperty(polls, async (steps) => {
          const driver = await makeDriver();
          try {
            await playHistory(driver, steps);
          } finally {
            await driver.close();
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}

async function playHistory(
  driver: SourceDriver,
  steps: readonly { put: number; diesAtPage: number | null }[],
): Promise<void> {
  const put: string[] = [];
  const handedOver = new Set<string>();
  const settled = new Map<string, RawRecord>();
  let cursor: string | null = null;
  for (const { put: count, diesAtPage } of [...steps, { put: 0, diesAtPage: null }]) {
    for (let i = 0; i < count; i += 1) put.push(await driver.putGood(put.length));
    const lives = (page: SourcePage, index: number) => {
      const records = fresh(driver, [...settled.values()], page);
      for (const { reference } of records) {
        expect(settled.has(reference)).toBe(false);
        handedOver.add(reference);
      }
      if (index === diesAtPage) return false;
      for (const raw of records) settled.set(raw.reference, raw);
      cursor = page.cursor;
      return true;
    };
    await pollOnce(driver.start(), { cursor, settle: lives });
  }
  expect([...handedOver].sort()).toEqual([...put].sort());
}
