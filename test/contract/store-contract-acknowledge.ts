// The part of the store's contract about what receivers say of deliveries: in any order, twice, early, late or never.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RESULT_OUTCOMES } from '../../src/domain/return.js';
import type { Acknowledgement, DeliveryState, Store } from '../../src/store/types.js';
import { cleared, newDelivery, observationBody } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

const REFUSED = { outcome: 'refused', code: '0123', detail: 'Unknown employer.' } as const;

const say = (store: Store, id: string, word: Acknowledgement, at = 50) =>
  store.write((tx) => tx.outbox.acknowledge(id, cleared<Acknowledgement>(word), at));
const get = (store: Store, id = 'd') => store.read((tx) => tx.outbox.get(id));

async function sendFirst(store: Store, id = 'd'): Promise<void> {
  await store.write(async (tx) => {
    await tx.outbox.insert(newDelivery(id, 1));
    await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2, ids: [id] });
    await tx.outbox.markSending(id, 3);
  });
}

const settle = (store: Store, state: 'delivered' | 'confirmed' | 'rejected', id = 'd') =>
  store.write((tx) => tx.outbox.settle(id, { state, spent: true, detail: 'receipt 7' }, 10));

async function delivered(store: Store, id = 'd', receiptDueAt?: number): Promise<void> {
  await sendFirst(store, id);
  const due = receiptDueAt === undefined ? {} : { receiptDueAt };
  await store.write((tx) => tx.outbox.settle(id, { state: 'delivered', spent: true, ...due }, 10));
}

export function acknowledgementsContract(current: CurrentStore): void {
  describe('the receiver says of a delivery', () => {
    it.each(['received', 'processed', 'processed-with-remark'] as const)(
      '%s: it is confirmed',
      async (outcome) => {
        const { store } = current();
        await delivered(store);
        expect(await say(store, 'd', { outcome })).toEqual({ news: 'confirmed', applied: true });
        expect(await get(store)).toMatchObject({ state: 'confirmed', code: null, updatedAt: 10 });
        expect((await get(store))?.acknowledgement).toEqual({ outcome, at: 50 });
      },
    );

    it('refused: it is rejected, with the code and the words of the receiver', async () => {
      const { store, reopen } = current();
      await delivered(store);
      expect(await say(store, 'd', REFUSED)).toEqual({ news: 'rejected', applied: true });
      const again = await reopen();
      expect(await get(again)).toMatchObject({ state: 'rejected', code: 'TARGET_REJECTED' });
      expect((await get(again))?.acknowledgement).toEqual({ ...REFUSED, at: 50 });
      const [books] = await again.read((tx) => tx.outbox.accounting());
      expect(books).toMatchObject({ accepted: 1, states: { delivered: 0, confirmed: 0, rejected: 1 } });
    });

    it('the same again: a repeat is no news, and changes nothing', async () => {
      const { store } = current();
      await delivered(store);
      await say(store, 'd', { outcome: 'received' });
      const before = await get(store);
      expect(await say(store, 'd', { outcome: 'received' }, 60)).toEqual({ news: null, applied: false });
      expect(await get(store)).toEqual(before);
      await say(store, 'd', REFUSED);
      expect(await say(store, 'd', REFUSED, 70)).toEqual({ news: null, applied: false });
      expect(await say(store, 'd', { outcome: 'processed' }, 80)).toEqual({ news: null, applied: false });
      expect((await get(store))?.state).toBe('rejected');
    });

    it('something before it was settled here: it waits, and takes effect with the settlement', async () => {
      const { store } = current();
      await sendFirst(store);
      expect(await say(store, 'd', REFUSED)).toEqual({ news: 'rejected', applied: false });
      expect((await get(store))?.state).toBe('sending');
      expect(await settle(store, 'delivered')).toBe('rejected');
      expect(await get(store)).toMatchObject({ state: 'rejected', code: 'TARGET_REJECTED' });
    });

    it('something while it waits for its next attempt: it takes effect once that attempt arrived', async () => {
      const { store } = current();
      await sendFirst(store);
      const queued = { state: 'queued', spent: true, nextAttemptAt: 20 } as const;
      await store.write((tx) => tx.outbox.settle('d', queued, 5));
      await say(store, 'd', { outcome: 'received' });
      expect((await get(store))?.state).toBe('queued');
      await store.write(async (tx) => {
        await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 20 });
        await tx.outbox.markSending('d', 21);
      });
      expect(await settle(store, 'delivered')).toBe('confirmed');
    });

    it('anything, when nobody knew whether it arrived: the question is answered, and its lane goes on', async () => {
      const { store } = current();
      await sendFirst(store);
      await store.write((tx) => tx.outbox.insert(newDelivery('next', 4, { lane: 'lane-d' })));
      const parked = { state: 'parked', spent: true, code: 'TARGET_OUTCOME_UNKNOWN' } as const;
      await store.write((tx) => tx.outbox.settle('d', parked, 5));
      expect(await say(store, 'd', { outcome: 'processed' })).toEqual({ news: 'confirmed', applied: true });
      expect(await get(store)).toMatchObject({ state: 'confirmed', code: null, detail: null });
      const claimed = await store.write((tx) => tx.outbox.claim({ routes: ['absences'], limit: 5, at: 60 }));
      expect(claimed.map(({ id }) => id)).toEqual(['next']);
      await store.write((tx) => tx.operation.purge({ bodiesBefore: 60, seenBefore: 0, casesBefore: 0 }, 60));
      expect(await store.read((tx) => tx.outbox.open('d'))).toBeNull();
    });

    it('anything, when a person holds it for another reason: it stays parked', async () => {
      const { store } = current();
      await sendFirst(store);
      const parked = { state: 'parked', spent: true, code: 'TARGET_DIFFERS' } as const;
      await store.write((tx) => tx.outbox.settle('d', parked, 5));
      expect(await say(store, 'd', { outcome: 'received' })).toMatchObject({ applied: false });
      expect((await get(store))?.state).toBe('parked');
      await store.write((tx) => tx.outbox.discard('d', 'reason', 6));
      expect(await say(store, 'd', REFUSED)).toMatchObject({ applied: false });
      expect((await get(store))?.state).toBe('discarded');
    });

    it('nothing that we know: unknown deliveries, and what was never ready to be sent', async () => {
      const { store } = current();
      await expect(say(store, 'nowhere', REFUSED)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const held = newDelivery('held', 1, { body: observationBody(), kind: null, state: 'parked' });
      await store.write((tx) => tx.outbox.insert(held));
      await expect(say(store, 'held', REFUSED)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    });

    it('several things: any order, before or after the settlement, with any repeats, has the same end', async () => {
      const { store } = current();
      const word: fc.Arbitrary<Acknowledgement> = fc.record(
        {
          outcome: fc.constantFrom(...RESULT_OUTCOMES),
          code: fc.constantFrom('01', '02'),
          detail: fc.constantFrom('one', 'two'),
        },
        { requiredKeys: ['outcome'] },
      );
      const words = fc.array(word, { minLength: 1, maxLength: 4 });
      const orders = words.chain((said) => {
        const order = fc.shuffledSubarray([...said, ...said.slice(0, 2), 'settle' as const], {
          minLength: 0,
        });
        return fc.tuple(fc.constant(said), order);
      });
      const settled = fc.constantFrom('delivered', 'confirmed', 'rejected');
      let count = 0;
      const play = async (
        steps: readonly (Acknowledgement | 'settle')[],
        state: 'delivered' | 'confirmed' | 'rejected',
      ) => {
        count += 1;
        const id = `d${count}`;
        await sendFirst(store, id);
        for (const step of steps) {
          if (step === 'settle') await settle(store, state, id);
          else await say(store, id, step);
        }
        const { acknowledgement, state: end, code } = (await get(store, id)) ?? {};
        return { acknowledgement, end, code };
      };
      await fc.assert(
        fc.asyncProperty(orders, settled, async ([said, order], state) => {
          const missing: (Acknowledgement | 'settle')[] = said.filter((each) => !order.includes(each));
          const all = [...order, ...missing, ...(order.includes('settle') ? [] : ['settle' as const])];
          const expected = await play(['settle', ...said], state);
          expect(await play(all, state)).toEqual(expected);
          const refused = said.some(({ outcome }) => outcome === 'refused') || state === 'rejected';
          expect(expected.end).toBe(refused ? 'rejected' : 'confirmed');
        }),
        { numRuns: 8 },
      );
      for (const { accepted, states } of await store.read((tx) => tx.outbox.accounting()))
        expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(accepted);
    });
  });

  describe('what an acknowledgement cannot do', () => {
    it('a unit that throws after it leaves the delivery as it was', async () => {
      const { store } = current();
      await delivered(store);
      const cut = store.write(async (tx) => {
        await tx.outbox.acknowledge('d', cleared<Acknowledgement>(REFUSED), 50);
        await tx.operation.setCursor('arbo', 'page-2');
        throw new Error('cut short');
      });
      await expect(cut).rejects.toThrow('cut short');
      expect(await get(store)).toMatchObject({ state: 'delivered', acknowledgement: null });
      expect(await store.read((tx) => tx.operation.cursor('arbo'))).toBeNull();
    });

    it('a delivery that arrived cannot be taken back, nor settled again', async () => {
      const { store } = current();
      await delivered(store);
      await say(store, 'd', { outcome: 'received' });
      const states: DeliveryState[] = [];
      for (const state of ['delivered', 'queued', 'parked', 'rejected', 'discarded'] as const) {
        await expect(
          store.write((tx) => tx.outbox.settle('d', { state, spent: true }, 60)),
        ).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
        states.push((await get(store))?.state ?? 'queued');
      }
      expect(new Set(states)).toEqual(new Set(['confirmed']));
    });
  });

  describe('a receipt that was asked for', () => {
    const due = (store: Store, at: number) => store.read((tx) => tx.outbox.receiptsDue(at));

    it('is waited for from the delivery on, and is overdue past its term', async () => {
      const { store } = current();
      expect(await due(store, 5)).toEqual([]);
      await delivered(store, 'a', 100);
      await delivered(store, 'b', 200);
      await delivered(store, 'unasked');
      expect(await due(store, 100)).toEqual([
        { route: 'absences', waiting: 2, oldestAt: 10, firstDueAt: 100, overdue: 0 },
      ]);
      expect(await due(store, 101)).toMatchObject([{ overdue: 1 }]);
      await say(store, 'a', { outcome: 'received' }, 110);
      expect(await due(store, 150)).toEqual([
        { route: 'absences', waiting: 1, oldestAt: 10, firstDueAt: 200, overdue: 0 },
      ]);
      await say(store, 'b', REFUSED, 300);
      expect(await due(store, 400)).toEqual([]);
    });

    it('that came before the settlement is not waited for', async () => {
      const { store } = current();
      await sendFirst(store);
      await say(store, 'd', { outcome: 'received' }, 5);
      await store.write((tx) =>
        tx.outbox.settle('d', { state: 'delivered', spent: true, receiptDueAt: 100 }, 10),
      );
      expect(await due(store, 200)).toEqual([]);
    });

    it('and never came is waited for no longer than bodies are kept; so are the words of those that came', async () => {
      const { store } = current();
      await delivered(store, 'a', 100);
      await delivered(store, 'b');
      await say(store, 'b', REFUSED, 100);
      const purge = (before: number) =>
        store.write((tx) => tx.operation.purge({ bodiesBefore: before, seenBefore: 0, casesBefore: 0 }, 500));
      await purge(100);
      expect(await due(store, 200)).toHaveLength(1);
      expect((await get(store, 'b'))?.acknowledgement).toEqual({ ...REFUSED, at: 100 });
      await purge(101);
      expect(await due(store, 200)).toEqual([]);
      expect((await get(store, 'b'))?.acknowledgement).toEqual({ outcome: 'refused', at: 100 });
    });
  });

  describe('the report in a message', () => {
    const report = { caseReference: 'hash-of-case', sequence: 3 };

    it('is known for as long as the delivery is, from its acceptance or from when it was mapped', async () => {
      const { store, reopen } = current();
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('d', 1, { report }));
        await tx.outbox.insert(newDelivery('held', 1, { body: observationBody(), kind: null }));
        await tx.outbox.insert(newDelivery('none', 1));
        await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2, ids: ['held'] });
        const { body = null } = newDelivery('held', 1);
        if (body) await tx.outbox.advance('held', { body, kind: 'SickReport', state: 'queued', report }, 3);
      });
      const again = await reopen();
      expect((await get(again, 'd'))?.report).toEqual(report);
      expect((await get(again, 'held'))?.report).toEqual(report);
      expect((await get(again, 'none'))?.report).toBeNull();
    });
  });
}
