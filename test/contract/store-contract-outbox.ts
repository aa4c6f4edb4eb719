// The part of the store's contract about single deliveries: what is kept of them, and which change of state is legal.
import { describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/types.js';
import { newDelivery, notificationBody, observationBody, payloadBody } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

const claimAll = (store: Store, at: number) =>
  store.write((tx) => tx.outbox.claim({ routes: ['absences'], limit: 100, at }));
const get = (store: Store, id: string) => store.read((tx) => tx.outbox.get(id));

export function outboxContract(current: CurrentStore): void {
  describe('a delivery', () => {
    it('comes back as it was accepted, with its body and its source reference', async () => {
      const { store, clock } = current();
      const at = clock.now();
      await store.write((tx) =>
        tx.outbox.insert(newDelivery('d1', at, { detail: 'shortened: employment.unitName' })),
      );
      expect(await get(store, 'd1')).toEqual({
        ...{ id: 'd1', route: 'absences', lane: 'lane-d1', caseKey: 'case-d1', subject: 'subject-1' },
        ...{ position: 1, sub: 0, stage: 'payload', kind: 'SickReport', state: 'queued', attempts: 0 },
        ...{ nextAttemptAt: null, code: null, detail: 'shortened: employment.unitName', approvals: [] },
        ...{ report: null, acknowledgement: null },
        ...{ sourceReference: 'message-1.xml', acceptedAt: at, updatedAt: at },
      });
      expect(await store.read((tx) => tx.outbox.open('d1'))).toEqual(payloadBody());
      expect(await get(store, 'unknown')).toBeNull();
      expect(await store.read((tx) => tx.outbox.open('unknown'))).toBeNull();
    });

    it('keeps a body of each stage, and none for a record', async () => {
      const { store } = current();
      const bodies = { o: observationBody(), n: notificationBody(), p: payloadBody() };
      await store.write(async (tx) => {
        for (const [id, body] of Object.entries(bodies)) await tx.outbox.insert(newDelivery(id, 1, { body }));
        await tx.outbox.insert(
          newDelivery('r', 1, { body: null, state: 'parked', caseKey: null, subject: null, kind: null }),
        );
      });
      for (const [id, body] of Object.entries(bodies)) {
        expect(await store.read((tx) => tx.outbox.open(id))).toEqual(body);
      }
      expect((await get(store, 'r'))?.stage).toBe('record');
      expect(await store.read((tx) => tx.outbox.open('r'))).toBeNull();
    });

    it('a record without a body cannot be queued, released or claimed', async () => {
      const { store } = current();
      const queued = store.write((tx) => tx.outbox.insert(newDelivery('r', 1, { body: null })));
      await expect(queued).rejects.toThrow('can only be parked');
      await store.write((tx) => tx.outbox.insert(newDelivery('r', 1, { body: null, state: 'parked' })));
      await expect(store.write((tx) => tx.outbox.release('r', [], 2))).rejects.toMatchObject({
        code: 'NOT_ALLOWED',
      });
      expect(await claimAll(store, 10)).toEqual([]);
    });

    it('the same id is accepted once only', async () => {
      const { store } = current();
      await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
      await expect(store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)))).rejects.toThrow();
      expect((await store.read((tx) => tx.outbox.accounting()))[0]?.accepted).toBe(1);
    });

    it('goes its way: queued, claimed, sending, delivered, with its attempts counted', async () => {
      const { store } = current();
      await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
      const [claimed] = await claimAll(store, 2);
      expect(claimed).toMatchObject({ id: 'd1', state: 'claimed', updatedAt: 2 });
      await store.write((tx) => tx.outbox.markSending('d1', 3));
      const later = {
        state: 'queued',
        spent: true,
        nextAttemptAt: 50,
        code: 'TARGET_UNAVAILABLE',
        detail: '503',
      } as const;
      await store.write((tx) => tx.outbox.settle('d1', later, 4));
      expect(await get(store, 'd1')).toMatchObject({
        ...{ state: 'queued', attempts: 1, nextAttemptAt: 50 },
        code: 'TARGET_UNAVAILABLE',
        detail: '503',
      });
      expect(await claimAll(store, 49)).toEqual([]);
      expect((await claimAll(store, 50)).map((item) => item.id)).toEqual(['d1']);
      await store.write((tx) => tx.outbox.markSending('d1', 51));
      await store.write((tx) => tx.outbox.settle('d1', { state: 'delivered', spent: true }, 52));
      expect(await get(store, 'd1')).toMatchObject({
        ...{ state: 'delivered', attempts: 2, nextAttemptAt: null },
        code: null,
        updatedAt: 52,
      });
    });

    it('an attempt that does not count leaves the number of attempts as it was', async () => {
      const { store } = current();
      await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
      await claimAll(store, 2);
      await store.write((tx) =>
        tx.outbox.settle('d1', { state: 'queued', spent: false, code: 'TARGET_ROUTE' }, 3),
      );
      expect(await get(store, 'd1')).toMatchObject({ state: 'queued', attempts: 0 });
    });

    it.each(['delivered', 'confirmed', 'rejected', 'discarded'] as const)(
      'a final state is never overwritten: %s',
      async (state) => {
        const { store } = current();
        await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
        await claimAll(store, 2);
        await store.write((tx) => tx.outbox.markSending('d1', 3));
        await store.write((tx) => tx.outbox.settle('d1', { state, spent: true }, 4));
        const before = await get(store, 'd1');
        const attempts = [
          store.write((tx) => tx.outbox.settle('d1', { state: 'queued', spent: false }, 5)),
          store.write((tx) => tx.outbox.settle('d1', { state: 'delivered', spent: false }, 5)),
          store.write((tx) => tx.outbox.markSending('d1', 5)),
          store.write((tx) => tx.outbox.release('d1', [], 5)),
          store.write((tx) => tx.outbox.discard('d1', 'reason', 5)),
          store.write((tx) =>
            tx.outbox.advance('d1', { body: payloadBody(), kind: 'Recovery', state: 'queued' }, 5),
          ),
        ];
        for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
        expect(await get(store, 'd1')).toEqual(before);
      },
    );

    it('only a delivery that is being sent can have reached the receiver', async () => {
      const { store } = current();
      await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
      await claimAll(store, 2);
      for (const state of ['delivered', 'confirmed', 'rejected'] as const) {
        const settled = store.write((tx) => tx.outbox.settle('d1', { state, spent: true }, 3));
        await expect(settled).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
      }
    });

    it('a queued delivery cannot be settled, sent, released or discarded', async () => {
      const { store } = current();
      await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
      const attempts = [
        store.write((tx) => tx.outbox.settle('d1', { state: 'parked', spent: false }, 2)),
        store.write((tx) => tx.outbox.markSending('d1', 2)),
        store.write((tx) => tx.outbox.release('d1', [], 2)),
        store.write((tx) => tx.outbox.discard('d1', 'reason', 2)),
      ];
      for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
      expect((await get(store, 'd1'))?.state).toBe('queued');
    });

    it('what is unknown is not found', async () => {
      const { store } = current();
      const attempts = [
        store.write((tx) => tx.outbox.settle('x', { state: 'parked', spent: false }, 2)),
        store.write((tx) => tx.outbox.markSending('x', 2)),
        store.write((tx) => tx.outbox.release('x', [], 2)),
        store.write((tx) => tx.outbox.discard('x', 'reason', 2)),
        store.write((tx) => tx.outbox.insert(newDelivery('d1', 1, { inPlaceOf: { position: 99 } }))),
      ];
      for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('a release adds approvals, clears the reason and starts the attempts anew', async () => {
      const { store } = current();
      const held = { state: 'parked', code: 'HELD_DEATH', detail: 'employee.deathDate' } as const;
      await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1, held)));
      await store.write((tx) => tx.outbox.release('d1', ['HELD_DEATH'], 2));
      await claimAll(store, 3);
      await store.write((tx) =>
        tx.outbox.settle('d1', { state: 'parked', spent: true, code: 'HELD_CAUSE' }, 4),
      );
      await store.write((tx) => tx.outbox.release('d1', ['HELD_CAUSE', 'HELD_DEATH'], 5));
      expect(await get(store, 'd1')).toMatchObject({
        ...{ state: 'queued', attempts: 0, code: null, detail: null, updatedAt: 5 },
        approvals: ['HELD_DEATH', 'HELD_CAUSE'],
      });
    });

    it('a discard keeps the code and takes the reason', async () => {
      const { store } = current();
      await store.write((tx) =>
        tx.outbox.insert(newDelivery('d1', 1, { state: 'parked', code: 'HELD_DEATH' })),
      );
      await store.write((tx) => tx.outbox.discard('d1', 'told in person', 2));
      expect(await get(store, 'd1')).toMatchObject({
        state: 'discarded',
        code: 'HELD_DEATH',
        detail: 'told in person',
      });
    });

    it('becomes a later stage of itself, and never an earlier one', async () => {
      const { store } = current();
      await store.write((tx) =>
        tx.outbox.insert(newDelivery('d1', 1, { body: observationBody(), kind: null })),
      );
      const advance = (body: ReturnType<typeof payloadBody> | ReturnType<typeof notificationBody>) =>
        store.write((tx) => tx.outbox.advance('d1', { body, kind: 'SickReport', state: 'queued' }, 5));
      await expect(advance(payloadBody())).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
      await claimAll(store, 2);
      await advance(notificationBody());
      expect(await get(store, 'd1')).toMatchObject({
        stage: 'notification',
        kind: 'SickReport',
        state: 'queued',
        position: 1,
      });
      expect(await store.read((tx) => tx.outbox.open('d1'))).toEqual(notificationBody());
      await claimAll(store, 6);
      await expect(advance(notificationBody())).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
      await advance(payloadBody('<later/>'));
      expect(await store.read((tx) => tx.outbox.open('d1'))).toEqual(payloadBody('<later/>'));
      expect((await store.read((tx) => tx.outbox.accounting()))[0]?.accepted).toBe(1);
    });

    it('only what is ready can be sent', async () => {
      const { store } = current();
      await store.write((tx) =>
        tx.outbox.insert(newDelivery('d1', 1, { body: observationBody(), kind: null })),
      );
      expect((await claimAll(store, 2)).map((item) => item.stage)).toEqual(['observation']);
      await expect(store.write((tx) => tx.outbox.markSending('d1', 3))).rejects.toMatchObject({
        code: 'NOT_ALLOWED',
      });
    });

    it('after a crash the claimed are queued again, and those being sent are given back', async () => {
      const { store, reopen } = current();
      await store.write(async (tx) => {
        for (const id of ['claimed', 'sending', 'queued']) await tx.outbox.insert(newDelivery(id, 1));
        await tx.outbox.claim({ routes: ['absences'], limit: 2, at: 2 });
        await tx.outbox.markSending('sending', 3);
      });
      const again = await reopen();
      const unknown = await again.write((tx) => tx.outbox.recover(9));
      expect(unknown.map((item) => [item.id, item.state])).toEqual([['sending', 'sending']]);
      const states = await again.read((tx) => tx.outbox.list({}));
      expect(states.map((item) => item.state)).toEqual(['queued', 'sending', 'queued']);
      expect((await claimAll(again, 10)).map((item) => item.id)).toEqual(['claimed', 'queued']);
    });

    it('is listed by route, state, lane and case, in order and up to a limit', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('a', 1, { lane: 'L', caseKey: 'K' }));
        await tx.outbox.insert(newDelivery('b', 1, { lane: 'L', caseKey: 'K', state: 'parked' }));
        await tx.outbox.insert(newDelivery('c', 1, { route: 'other', state: 'parked' }));
        await tx.outbox.insert(newDelivery('d', 1, { state: 'parked' }));
        await tx.outbox.discard('d', 'reason', 2);
      });
      const ids = async (
        filter: Parameters<Parameters<Parameters<Store['read']>[0]>[0]['outbox']['list']>[0],
      ) => (await store.read((tx) => tx.outbox.list(filter))).map((item) => item.id);
      expect(await ids({})).toEqual(['a', 'b', 'c', 'd']);
      expect(await ids({ limit: 2 })).toEqual(['a', 'b']);
      expect(await ids({ states: ['parked'] })).toEqual(['b', 'c']);
      expect(await ids({ states: ['parked', 'discarded'], route: 'absences' })).toEqual(['b', 'd']);
      expect(await ids({ lane: 'L' })).toEqual(['a', 'b']);
      expect(await ids({ caseKey: 'K', states: ['queued'] })).toEqual(['a']);
      expect(await ids({ states: [] })).toEqual([]);
    });
  });

  describe('the books', () => {
    it('hold per route what was accepted and what became of it', async () => {
      const { store } = current();
      expect(await store.read((tx) => tx.outbox.accounting())).toEqual([]);
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('a', 10));
        await tx.outbox.insert(newDelivery('b', 11));
        await tx.outbox.insert(newDelivery('c', 12, { state: 'parked' }));
        await tx.outbox.insert(newDelivery('d', 5, { route: 'other' }));
        await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 20 });
        await tx.outbox.markSending('a', 21);
        await tx.outbox.settle('a', { state: 'delivered', spent: true }, 22);
      });
      const none = {
        queued: 0,
        claimed: 0,
        sending: 0,
        delivered: 0,
        confirmed: 0,
        rejected: 0,
        parked: 0,
        discarded: 0,
      };
      expect(await store.read((tx) => tx.outbox.accounting())).toEqual([
        {
          ...{ route: 'absences', accepted: 3, states: { ...none, queued: 1, delivered: 1, parked: 1 } },
          ...{ oldestOpenAt: 11, oldestParkedAt: 12, lastDeliveredAt: 22 },
        },
        {
          ...{ route: 'other', accepted: 1, states: { ...none, queued: 1 } },
          ...{ oldestOpenAt: 5, oldestParkedAt: null, lastDeliveredAt: null },
        },
      ]);
    });
  });
}
