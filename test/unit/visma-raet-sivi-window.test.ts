// Windows and cursors of the SIVI source: that every message comes, whatever the clocks, the crashes and the nights.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settingsSchema } from '../../connectors/visma-raet-sivi/settings.js';
import { siviSource } from '../../connectors/visma-raet-sivi/source.js';
import { pollOnce } from '../contract/source-contract.js';
import { manualClock } from '../fakes/manual-clock.js';
import { type SiviApi, type SiviApiOptions, siviApi } from '../fakes/sivi-api.js';
import { connectorDeps } from '../support/connector-deps.js';

const BASE = 'https://sivi.example/api';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function setUp(options: Partial<SiviApiOptions> & { startMs?: number; overlapMinutes?: number } = {}) {
  const { startMs, overlapMinutes = 15, ...rest } = options;
  const clock = manualClock(startMs);
  const api = siviApi({ clock, baseUrl: BASE, ...rest });
  const deps = connectorDeps({ clock });
  const settings = settingsSchema.parse({
    ...{ baseUrl: BASE, overlapMinutes, clientId: 'env:ID', clientSecret: 'env:SECRET' },
  });
  return { clock, api, deps, start: () => siviSource(settings, api.client, deps) };
}

const references = ({ records }: { records: readonly { reference: string }[] }) =>
  records.map(({ reference }) => reference);
const lastCall = ({ calls }: SiviApi) => calls.at(-1);

describe('the window', () => {
  it('is everything at first, without parameters; later it begins an overlap before the last one ended', async () => {
    const { clock, api, start } = setUp();
    api.put(1);
    const first = await pollOnce(start());
    expect(api.calls).toEqual(['/verzuimmeldingen']);
    expect(first.cursor).toBe('2026-03-02T09:30:00.000Z');
    clock.advance(5 * MINUTE);
    const second = await pollOnce(start(), first);
    expect(lastCall(api)).toBe(
      '/verzuimmeldingen?changedAfter=2026-03-02T09:15:00.000Z&changedUntil=2026-03-02T09:35:00.000Z',
    );
    expect(second.records).toEqual(first.records);
    expect(second.cursor).toBe('2026-03-02T09:35:00.000Z');
  });

  it('stays open at its begin while there are no messages: when a missing right comes back, nothing is missed', async () => {
    const { clock, api, start } = setUp();
    expect((await pollOnce(start())).pages).toBe(0);
    const put = api.put(1);
    const first = await pollOnce(start());
    for (let poll = 0; poll < 100; poll += 1) {
      clock.advance(HOUR);
      api.answerNext({ status: 404 });
      expect((await pollOnce(start(), first)).pages).toBe(0);
      if (poll === 50) api.put(2);
    }
    expect(references(await pollOnce(start(), first))).toEqual([put, 'MESSAGE-2']);
    expect(lastCall(api)).toContain('changedAfter=2026-03-02T09:15:00.000Z&');
  });

  it('a cursor that cannot be read asks for everything', async () => {
    const { api, start } = setUp();
    api.put(1);
    await pollOnce(start(), { cursor: 'gibberish' });
    expect(api.calls).toEqual(['/verzuimmeldingen']);
  });

  it('a clock that was put back does not turn the window around', async () => {
    const { api, start } = setUp();
    api.put(1);
    const { cursor } = await pollOnce(start(), { cursor: '2026-03-02T12:00:00.000Z' });
    expect(lastCall(api)).toContain(
      'changedAfter=2026-03-02T09:15:00.000Z&changedUntil=2026-03-02T09:30:00.000Z',
    );
    expect(cursor).toBe('2026-03-02T09:30:00.000Z');
  });

  it('the page size goes with the first call only when it is set', async () => {
    const { api, deps } = setUp();
    const settings = settingsSchema.parse({
      baseUrl: BASE,
      take: 20,
      clientId: 'env:A',
      clientSecret: 'env:B',
    });
    await pollOnce(siviSource(settings, api.client, deps));
    expect(api.calls).toEqual(['/verzuimmeldingen?take=20']);
  });
});

describe('the cursor', () => {
  it('moves with the last page of a window only', async () => {
    const { api, start } = setUp({ perPage: 2 });
    for (let number = 1; number <= 5; number += 1) api.put(number);
    const cursors: (string | null)[] = [];
    await pollOnce(start(), { settle: ({ cursor }) => cursors.push(cursor) > 0 });
    expect(cursors).toEqual([null, null, '2026-03-02T09:30:00.000Z']);
  });

  it('goes by their clock where ours is ahead, and tells that it is', async () => {
    const { clock, api, deps, start } = setUp({ aheadMs: -2 * HOUR });
    const notes: unknown[] = [];
    deps.memory.note = async (_name, note) => void notes.push(note?.text ?? null);
    api.put(1);
    const first = await pollOnce(start());
    expect(first.cursor).toBe('2026-03-02T07:30:00.000Z');
    clock.advance(5 * MINUTE);
    const second = api.put(2);
    clock.advance(5 * MINUTE);
    expect(references(await pollOnce(start(), first))).toContain(second);
    expect(notes).toContain(
      'The clock of this machine is about 120 minutes ahead of that of Visma. Set it right.',
    );
  });

  it('goes by our clock where ours is behind: messages come late, none is missed', async () => {
    const { clock, api, start } = setUp({ aheadMs: 2 * HOUR });
    api.put(1, clock.now());
    const first = await pollOnce(start());
    const late = api.put(2);
    clock.advance(5 * MINUTE);
    const second = await pollOnce(start(), first);
    expect(references(second)).not.toContain(late);
    clock.advance(2 * HOUR);
    expect(references(await pollOnce(start(), second))).toContain(late);
  });
});

describe('10,000 messages', () => {
  it('come page by page, one after the other', async () => {
    const { api, start } = setUp();
    const put = Array.from({ length: 10_000 }, (_, number) => api.put(number, Date.UTC(2026, 2, 1) + number));
    const source = start();
    const [seen, cursors]: [string[], (string | null)[]] = [[], []];
    for await (const page of source.poll(null, new AbortController().signal)) {
      seen.push(...references(page));
      cursors.push(page.cursor);
      const [first] = page.records;
      expect(first && source.decode(first).problems).toEqual([]);
    }
    expect(seen).toEqual(put);
    expect(api.calls).toHaveLength(100);
    expect(cursors).toEqual([...Array(99).fill(null), '2026-03-02T09:30:00.000Z']);
  });
});

describe.each([
  ['spring', Date.UTC(2026, 2, 28, 22)],
  ['autumn', Date.UTC(2026, 9, 24, 22)],
])('the night of the %s clock change', (_night, startMs) => {
  it('polls every five minutes hand over every message once and again only within the overlap', async () => {
    const { clock, api, start } = setUp({ startMs });
    const put: string[] = [];
    const times = new Map<string, number>();
    let cursor: string | null = null;
    for (let poll = 0; poll < 72; poll += 1) {
      put.push(api.put(poll));
      clock.advance(2 * MINUTE);
      const polled = await pollOnce(start(), { cursor });
      ({ cursor } = polled);
      for (const reference of references(polled)) times.set(reference, (times.get(reference) ?? 0) + 1);
      clock.advance(3 * MINUTE);
    }
    expect([...times.keys()]).toEqual(put);
    expect(Math.max(...times.values())).toBeLessThanOrEqual(1 + 15 / 5);
  });
});

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('put' as const), lateMs: fc.nat(14 * MINUTE) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3 * HOUR }) }),
    fc.record({ do: fc.constant('poll' as const), diesAtPage: fc.option(fc.integer({ min: 1, max: 3 })) }),
    fc.record({ do: fc.constant('trouble' as const), status: fc.constantFrom(401, 404, 429, 500, 503) }),
  ),
  { maxLength: 25 },
);
const hoursAhead = fc.constantFrom(-26, -1, 0, 0, 0, 1, 26);

describe('whatever happens', () => {
  it('every message is handed over in the end, also one that appears late within the overlap', async () => {
    await fc.assert(
      fc.asyncProperty(steps, hoursAhead, fc.boolean(), async (history, ahead, inclusive) => {
        const ends = { after: inclusive, until: inclusive };
        const world = setUp({ perPage: 2, aheadMs: ahead * HOUR, ends });
        const committed = new Set<string>();
        const put = await play(world, history, committed);
        expect([...committed].sort()).toEqual(put.sort());
      }),
      { numRuns: 600 },
    );
  });
});

type Step =
  typeof steps extends fc.Arbitrary<infer S> ? (S extends readonly (infer One)[] ? One : never) : never;

async function play(
  { clock, api, start }: ReturnType<typeof setUp>,
  history: readonly Step[],
  committed: Set<string>,
): Promise<string[]> {
  const put: string[] = [];
  let cursor: string | null = null;
  const poll = async (diesAtPage: number | null) => {
    const settle = (
      page: { records: readonly { reference: string }[]; cursor: string | null },
      index: number,
    ) => {
      if (index === diesAtPage) return false;
      for (const { reference } of page.records) committed.add(reference);
      ({ cursor } = page);
      return true;
    };
    await pollOnce(start(), { cursor, settle }).catch(() => {});
  };
  for (const step of history) {
    if (step.do === 'wait') clock.advance(step.ms);
    // It changed a while ago, as their clock says, and shows only now.
    if (step.do === 'put') put.push(api.put(put.length, clock.now() + api.aheadMs - step.lateMs));
    if (step.do === 'trouble') api.answerNext({ status: step.status });
    if (step.do === 'poll') await poll(step.diesAtPage);
  }
  // A clock of ours that is behind makes messages late by as much; trouble that is left is met.
  clock.advance(30 * HOUR);
  for (let left = history.length + 2; left > 0; left -= 1) await poll(null);
  return put;
}
