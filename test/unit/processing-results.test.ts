// Processing results, from the record of the way back to the delivery, its case and the employer.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RESULT_OUTCOMES, type ResultOutcome } from '../../src/domain/return.js';
import { UnknownOutcomeError } from '../../src/errors.js';
import { rawBytes } from '../support/open-sqlite.js';
import { openReturnSite, type ReturnSite } from '../support/return-site.js';
import { newDelivery } from '../support/store-material.js';

let site: ReturnSite;
beforeEach(async () => {
  site = await openReturnSite();
});
afterEach(() => site.end());

const ARRIVED = { reference: null };
const REFUSED = { outcome: 'refused', code: '0123', text: 'Unknown employer.' } as const;

async function sent(count = 1): Promise<string> {
  const ids = await site.sendReports(count);
  for (const id of ids) await site.settle(id, ARRIVED);
  return ids[0] ?? '';
}

const parked = () => site.store.read((tx) => tx.outbox.list({ states: ['parked'] }));

describe('a processing result', () => {
  it('that refuses rejects the delivery, marks its case and tells the employer with the ids of its own side', async () => {
    const id = await sent();
    expect(await site.say({ reference: id, ...REFUSED })).toMatchObject({ queued: 1, parked: 0 });
    expect(await site.get(id)).toMatchObject({ state: 'rejected', code: 'TARGET_REJECTED' });
    expect((await site.get(id)).acknowledgement).toMatchObject({ code: '0123', detail: 'Unknown employer.' });
    expect(await site.diverged()).toBe('TARGET_REJECTED');
    expect(await site.told()).toEqual([
      {
        ...{ route: 'back', kind: 'ReportRejected', sequence: 1 },
        employer: { id: 'E1' },
        employee: { id: 'P1', lastName: 'Voorbeeld' },
        employment: { id: '1' },
        absence: { caseId: 'C1', firstDay: '2026-03-02' },
        result: {
          ...{ reference: id, scope: 'message', outcome: 'refused', caseId: 'C1', sequence: 1 },
          ...{ code: '0123', text: 'Unknown employer.' },
        },
      },
    ]);
  });

  it('that is good news confirms the delivery, and is told only where a route asks for all', async () => {
    const id = await sent();
    expect(await site.say({ reference: id })).toMatchObject({ queued: 0, unchanged: 1 });
    expect((await site.get(id)).state).toBe('confirmed');
    expect(await site.told()).toEqual([]);
    await site.say({ reference: id, outcome: 'processed' }, { name: 'all', results: 'all' });
    expect(await site.told()).toMatchObject([{ route: 'all', kind: 'ReportConfirmed' }]);
  });

  it('is told once on each route back, and again only when the report is refused after all', async () => {
    const id = await sent();
    const all = { results: 'all' } as const;
    const other = { name: 'other', results: 'all' } as const;
    await site.say({ reference: id }, all);
    await site.say({ reference: id }, other);
    await site.say({ reference: id, outcome: 'processed' }, all);
    await site.say({ reference: id, ...REFUSED }, all);
    await site.say({ reference: id, ...REFUSED }, other);
    await site.say({ reference: id, ...REFUSED }, all);
    await site.say({ reference: id, outcome: 'processed' }, all);
    expect((await site.told()).map(({ route, kind, sequence }) => [route, kind, sequence])).toEqual([
      ['back', 'ReportConfirmed', 1],
      ['other', 'ReportConfirmed', 1],
      ['back', 'ReportRejected', 2],
      ['other', 'ReportRejected', 2],
    ]);
  });

  it('without a route back that takes results still has its effect', async () => {
    const id = await sent();
    const mute = { mappings: { in: {}, out: {} } };
    expect(await site.say({ reference: id, ...REFUSED }, mute)).toMatchObject({ queued: 0, parked: 0 });
    expect((await site.get(id)).state).toBe('rejected');
  });

  it('of an unknown message waits for a person, once, however often it comes', async () => {
    await sent();
    for (let n = 0; n < 3; n += 1) await site.say({ reference: 'somebody-elses', ...REFUSED });
    expect(await parked()).toMatchObject([
      { route: 'back', stage: 'record', code: 'RESULT_UNKNOWN_MESSAGE', caseKey: null },
    ]);
    expect(await site.told()).toEqual([]);
  });

  it('about a delivery to somebody else, or one that was never sent, is of an unknown message', async () => {
    const id = await sent();
    await site.say({ reference: id, ...REFUSED }, { answers: ['other'] });
    const record = newDelivery('unread', 1, { body: null, kind: null, state: 'parked' });
    await site.store.write((tx) => tx.outbox.insert(record));
    await site.say({ reference: 'unread', ...REFUSED });
    expect((await site.get(id)).state).toBe('delivered');
    expect((await parked()).map(({ code }) => code)).toEqual([
      'RESULT_UNKNOWN_MESSAGE',
      null,
      'RESULT_UNKNOWN_MESSAGE',
    ]);
  });

  it('about a report fits when case and number are those of the message', async () => {
    const id = await sent(2);
    const report = { reference: id, scope: 'report', ...REFUSED } as const;
    for (const wrong of [{ caseId: 'C1', sequence: 2 }, { caseId: 'C2', sequence: 1 }, { caseId: 'C1' }, {}])
      expect(await site.say({ ...report, ...wrong })).toMatchObject({ parked: 1 });
    expect((await site.get(id)).state).toBe('delivered');
    const details = (await parked()).map(({ code, detail }) => `${code} ${detail}`);
    expect(details[0]).toContain('RESULT_OTHER_REPORT result.sequence');
    expect(details[1]).toContain('RESULT_OTHER_REPORT result.caseId');
    await site.say({ ...report, caseId: 'C1', sequence: 1 });
    expect((await site.get(id)).state).toBe('rejected');
  });

  it('leaves no word of the receiver in the audit, nor open in the store', async () => {
    const id = await sent();
    await site.say({ reference: id, outcome: 'refused', code: 'A12', text: 'PLANTED-WORDS' });
    const rows = await site.store.read((tx) => tx.audit.ofDelivery(id));
    expect(rows.at(-1)).toMatchObject({
      action: 'acknowledged',
      code: 'TARGET_REJECTED',
      caseKey: 'case-C1',
    });
    expect(JSON.stringify(rows)).not.toMatch(/PLANTED|A12/);
    expect(rawBytes(site.folder).includes('PLANTED')).toBe(false);
  });

  it('answers for a delivery whose outcome nobody knew, whether it came before or after that was written down', async () => {
    const [early = '', late = ''] = await site.sendReports(2);
    await site.store.write(async (tx) => {
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: site.clock.now(), ids: [early] });
      await tx.outbox.markSending(early, site.clock.now());
    });
    await site.say({ reference: early });
    expect((await site.get(early)).state).toBe('sending');
    await site.runner.resolveUnknown(await site.get(early), new AbortController().signal);
    await site.settle(late, new UnknownOutcomeError('timed out'));
    expect(await site.get(late)).toMatchObject({ state: 'parked', code: 'TARGET_OUTCOME_UNKNOWN' });
    await site.say({ reference: late });
    expect([await site.get(early), await site.get(late)]).toMatchObject([
      { state: 'confirmed', code: null },
      { state: 'confirmed', code: null },
    ]);
  });

  it('asked for and not come is overdue, and in time is not', async () => {
    const [id = ''] = await site.sendReports(1);
    await site.settle(id, { reference: null, receiptDueInMs: 1_000 });
    const due = (after: number) => site.store.read((tx) => tx.outbox.receiptsDue(site.clock.now() + after));
    expect(await due(1_000)).toMatchObject([{ route: 'absences', waiting: 1, overdue: 0 }]);
    expect(await due(1_001)).toMatchObject([{ overdue: 1 }]);
    await site.say({ reference: id });
    expect(await due(1_001)).toEqual([]);
  });
});

describe('the mark of a case', () => {
  it('stays when a later report was only sent before the refusal came, and goes once that is confirmed', async () => {
    const [first = '', second = ''] = await site.sendReports(2);
    await site.settle(first, ARRIVED);
    await site.settle(second, ARRIVED);
    site.clock.advance(1_000);
    await site.say({ reference: first, ...REFUSED });
    expect(await site.diverged()).toBe('TARGET_REJECTED');
    await site.say({ reference: second });
    expect(await site.diverged()).toBeNull();
  });

  it('goes with what is sent after the refusal was known', async () => {
    const id = await sent();
    site.clock.advance(1_000);
    await site.say({ reference: id, ...REFUSED });
    site.clock.advance(1_000);
    await sent();
    expect(await site.diverged()).toBeNull();
  });

  it('is not set by a refusal of what a later confirmed report made good', async () => {
    const [first = '', second = ''] = await site.sendReports(2);
    await site.settle(first, ARRIVED);
    await site.settle(second, ARRIVED);
    await site.say({ reference: second, outcome: 'processed' });
    await site.say({ reference: first, ...REFUSED });
    expect((await site.get(first)).state).toBe('rejected');
    expect(await site.diverged()).toBeNull();
  });
});

interface Said {
  readonly report: number;
  readonly outcome: ResultOutcome;
}

describe('settlements and results', () => {
  it('in any order, with any repeats, come to the same', async () => {
    const outcomes = fc.constantFrom(...RESULT_OUTCOMES);
    const event = fc.record({ report: fc.constantFrom(0, 1), outcome: outcomes });
    const scenario = fc
      .array(event, { minLength: 1, maxLength: 4 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events.slice(0, 2)], { minLength: events.length }),
        ),
      );
    let cases = 0;
    /** Two reports of a new case, settled in order once `settleAfter` words have come. */
    const play = async (events: readonly Said[], settleAfter: number) => {
      cases += 1;
      const caseId = `case ${cases}`;
      const ids = await site.sendReports(2, caseId);
      const settleAll = async () => {
        for (const id of ids) await site.settle(id, ARRIVED);
      };
      for (const [n, { report, outcome }] of events.entries()) {
        if (n === settleAfter) await settleAll();
        await site.say({ reference: ids[report] ?? '', outcome });
      }
      if (settleAfter >= events.length) await settleAll();
      const states = await Promise.all(ids.map(async (id) => (await site.get(id)).state));
      const told = (await site.told()).filter(
        ({ kind, absence }) => kind === 'ReportRejected' && absence.caseId === caseId,
      );
      const [books] = await site.store.read((tx) => tx.outbox.accounting());
      const sum = Object.values(books?.states ?? {}).reduce((total, count) => total + count, 0);
      expect(sum).toBe(books?.accepted);
      return {
        ...{ states, diverged: await site.diverged(caseId) },
        told: told.map(({ result }) => result?.sequence).sort(),
      };
    };
    await fc.assert(
      fc.asyncProperty(scenario, fc.nat(5), async ([events, shuffled], settleAfter) => {
        const missing = events.filter((each) => !shuffled.includes(each));
        expect(await play([...shuffled, ...missing], settleAfter)).toEqual(await play(events, 0));
      }),
      { numRuns: 8 },
    );
  });
});
