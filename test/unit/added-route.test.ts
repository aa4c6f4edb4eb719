// A route that is added to a connection, or taken out and put back: it gets everything, and the others do not suffer.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Source, SourcePage } from '../../src/connector.js';
import { PostponedError, RetryableError } from '../../src/errors.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';

const old = makeRoute('absences');
const added = makeRoute('two');

let bench: IntakeBench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

const loadOf = (route: string) => bench.store.read((tx) => tx.firstLoads.get(route, 'visma'));
const cursor = () => bench.store.read((tx) => tx.operation.cursor('visma'));
const count = async (route: string) => (await bench.deliveries(route)).length;
const lastPoll = async () => (await bench.store.read((tx) => tx.operation.connections()))[0];

interface Listed {
  readonly source: Source;
  readonly cursors: readonly (string | null)[];
  add(caseId: string): void;
  /** What a poll for everything meets after so many pages; null for nothing. */
  fault: { after: number; error: Error } | null;
  /** Answers as if there were nothing. */
  silent: boolean;
}

/** One record a page; only the last page of a poll brings a cursor, the number of records so far. */
function listedSource(): Listed {
  const cases: string[] = [];
  const cursors: (string | null)[] = [];
  const listed: Listed = {
    cursors,
    add: (caseId) => void cases.push(caseId),
    fault: null,
    silent: false,
    source: { ...scriptedSource(), poll },
  };
  const record = (caseId: string) => ({
    reference: caseId,
    bytes: Buffer.from(JSON.stringify(plainObservation({ absence: { caseId } }))),
    contentType: 'application/json',
  });
  async function* poll(from: string | null): AsyncGenerator<SourcePage> {
    cursors.push(from);
    if (listed.silent) return;
    const start = Number(from ?? 0);
    for (const [index, caseId] of cases.slice(start).entries()) {
      if (from === null && listed.fault?.after === index) throw listed.fault.error;
      const isLast = start + index + 1 === cases.length;
      yield {
        records: [record(caseId)],
        cursor: isLast ? String(cases.length) : from,
        settle: async () => {},
      };
    }
  }
  return listed;
}

describe('a route that is added', () => {
  let listed: Listed;
  const pollBoth = () => bench.poller(listed.source, old, added).poll();
  beforeEach(async () => {
    listed = listedSource();
    for (const caseId of ['C1', 'C2', 'C3']) listed.add(caseId);
    await bench.poller(listed.source, old).poll();
  });

  it('has not had everything when the source ends without a page', async () => {
    listed.silent = true;
    expect(await pollBoth()).toBe(true);
    expect((await loadOf('two'))?.completedAt ?? null).toBeNull();
    listed.silent = false;
    await pollBoth();
    await pollBoth();
    expect(await count('two')).toBe(3);
    expect(listed.cursors).toEqual([null, null, null, '3']);
  });

  it('leaves the cursor where it is until a page brings another one', async () => {
    listed.fault = { after: 2, error: new PostponedError('spent', 1000) };
    await pollBoth();
    expect(await cursor()).toBe('3');
    expect(await count('two')).toBe(2);
    expect(listed.cursors).toEqual([null, null]);
  });

  it('does not stop the others while everything cannot be read', async () => {
    listed.fault = { after: 2, error: new RetryableError('500') };
    listed.add('C4');
    expect(await pollBoth()).toBe(false);
    expect(listed.cursors).toEqual([null, null, '3']);
    expect([await cursor(), await count('absences'), await count('two')]).toEqual(['4', 4, 3]);
    expect(await lastPoll()).toMatchObject({ lastPollOk: false, lastPollCode: 'TARGET_UNAVAILABLE' });
    expect((await loadOf('two'))?.completedAt).toBeNull();
    listed.add('C5');
    await pollBoth();
    expect(await count('absences')).toBe(5);
    listed.fault = null;
    expect(await pollBoth()).toBe(true);
    expect([await count('absences'), await count('two')]).toEqual([5, 5]);
    expect((await loadOf('two'))?.completedAt).toBe(bench.clock.now());
  });

  it('leaves the failure of the load to be seen when the rest fails as well', async () => {
    listed.fault = { after: 0, error: new RetryableError('everything') };
    const whole = listed.source;
    const source: Source = {
      ...whole,
      async *poll(from, signal) {
        if (from !== null) throw new RetryableError('the rest');
        yield* whole.poll(from, signal);
      },
    };
    expect(await bench.poller(source, old, added).poll()).toBe(false);
    expect((await lastPoll())?.lastPollDetail).toContain('everything');
  });
});

describe('a source without cursors', () => {
  it('has given everything to an added route at the end of its poll', async () => {
    const source: Source = {
      ...scriptedSource(),
      async *poll() {
        yield { records: [], cursor: null, settle: async () => {} };
      },
    };
    await bench.poller(source, old).poll();
    await bench.poller(source, old, added).poll();
    expect((await loadOf('two'))?.completedAt).toBe(bench.clock.now());
  });
});
