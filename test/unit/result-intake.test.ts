// A processing result over the real intake: through the gate, in one transaction with the page that brought it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CodedError } from '../../src/errors.js';
import type { Steps } from '../../src/steps.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';
import { hear, type Said, toldBy } from '../support/return-intake.js';

let bench: IntakeBench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

/** A sick report comes in and is delivered; gives its message reference. */
async function deliverReport(caseId = 'C-1'): Promise<string> {
  const source = scriptedSource();
  source.next([plainObservation({ absence: { caseId } })]);
  await bench.poller(source, makeRoute('absences')).poll();
  const at = bench.clock.now();
  return bench.store.write(async (tx) => {
    const [item] = await tx.outbox.claim({ routes: ['absences'], limit: 1, at });
    if (!item) throw new Error('nothing was queued');
    await tx.outbox.markSending(item.id, at);
    await tx.outbox.settle(item.id, { state: 'delivered', spent: true }, at);
    return item.id;
  });
}

const refusal = (reference: string, over = {}): Said => ({
  kind: 'result',
  said: {
    result: { reference, scope: 'report', outcome: 'refused', caseId: 'C-1', sequence: 1, ...over },
  },
});

const stateOf = async (id: string) => (await bench.store.read((tx) => tx.outbox.get(id)))?.state;
const parked = async () =>
  (await bench.deliveries('back')).filter(({ state }) => state === 'parked').map(({ code }) => code);

describe('a processing result that comes in', () => {
  it('finds its report by case and number, and is told with the names that the ledger has', async () => {
    const id = await deliverReport();
    await hear(bench, [refusal(id, { code: '0123', text: 'Unknown employer' })]);
    expect(await stateOf(id)).toBe('rejected');
    expect(await toldBy(bench)).toMatchObject([
      {
        kind: 'ReportRejected',
        employee: { id: '007', lastName: 'Voorbeeld' },
        absence: { caseId: 'C-1' },
        result: { reference: id, code: '0123', text: 'Unknown employer', sequence: 1 },
      },
    ]);
    const diverged = await bench.store.read((tx) => tx.ledger.diverged());
    expect(diverged.map(({ code }) => code)).toEqual(['TARGET_REJECTED']);
  });

  it('finds its report by a case id with spaces, as some systems number their cases', async () => {
    const id = await deliverReport('1005 1 533');
    expect(await hear(bench, [refusal(id, { caseId: '1005 1 533' })])).toMatchObject({
      queued: 1,
      parked: 0,
    });
    expect(await stateOf(id)).toBe('rejected');
  });

  it('twice in a page and again in the next has its effect once', async () => {
    const id = await deliverReport();
    await hear(bench, [refusal(id), refusal(id)]);
    await hear(bench, [refusal(id), refusal(id, { text: 'and again in other words' })]);
    expect(await toldBy(bench)).toHaveLength(1);
    expect(await parked()).toEqual([]);
  });

  it('about another report, or a message that nobody sent, waits for a person', async () => {
    const id = await deliverReport();
    await hear(bench, [refusal(id, { sequence: 2 }), refusal(id, { caseId: 'C-2' }), refusal('other')]);
    expect(await parked()).toEqual(['RESULT_OTHER_REPORT', 'RESULT_OTHER_REPORT', 'RESULT_UNKNOWN_MESSAGE']);
    expect(await stateOf(id)).toBe('delivered');
  });

  it('is there with all of its page or not at all: cut short before the commit, it comes in whole the next time', async () => {
    const id = await deliverReport();
    const cut: Steps = {
      reach(step) {
        if (step === 'intake: before the commit') throw new CodedError('STORE_UNAVAILABLE');
      },
    };
    const page = [refusal(id), refusal('unknown')];
    const cursorOf = () => bench.store.read((tx) => tx.operation.cursor('arbo'));
    await expect(hear(bench, page, { cursor: 'page-1', steps: cut })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await stateOf(id)).toBe('delivered');
    expect([await cursorOf(), await toldBy(bench), await parked()]).toEqual([null, [], []]);
    expect(await bench.store.read((tx) => tx.ledger.diverged())).toEqual([]);
    await hear(bench, page, { cursor: 'page-1' });
    expect(await stateOf(id)).toBe('rejected');
    expect(await cursorOf()).toBe('page-1');
    expect(await toldBy(bench)).toHaveLength(1);
    expect(await parked()).toEqual(['RESULT_UNKNOWN_MESSAGE']);
  });
});
