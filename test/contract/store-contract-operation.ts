// The part of the store's contract about the daemon's own memory, and about forgetting.
import { describe, expect, it } from '@jest/globals';
import { newDelivery, payloadBody } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

export function operationContract(current: CurrentStore): void {
  describe('cursors, dedupe keys, connections and routes', () => {
    it('a cursor is kept per connection and can be taken away', async () => {
      const { store } = current();
      const cursor = (connection: string) => store.read((tx) => tx.operation.cursor(connection));
      expect(await cursor('visma')).toBeNull();
      await store.write((tx) => tx.operation.setCursor('visma', 'page-7'));
      expect(await cursor('visma')).toBe('page-7');
      expect(await cursor('other')).toBeNull();
      await store.write((tx) => tx.operation.setCursor('visma', null));
      expect(await cursor('visma')).toBeNull();
    });

    it('a record is known on the connection where it was taken in, and on no other', async () => {
      const { store } = current();
      await store.write((tx) => tx.operation.remember('visma', 'key', 1));
      await store.write((tx) => tx.operation.remember('visma', 'key', 2));
      expect(await store.read((tx) => tx.operation.hasSeen('visma', 'key'))).toBe(true);
      expect(await store.read((tx) => tx.operation.hasSeen('other', 'key'))).toBe(false);
    });

    it('the last poll of a connection replaces the one before it', async () => {
      const { store } = current();
      const state = {
        connection: 'visma',
        lastPollAt: 1,
        lastPollOk: true,
        lastPollCode: null,
        lastPollDetail: null,
      };
      const failed = {
        ...state,
        lastPollAt: 2,
        lastPollOk: false,
        lastPollCode: 'TARGET_ROUTE',
        lastPollDetail: '401',
      } as const;
      const never = { ...state, connection: 'new', lastPollAt: null, lastPollOk: null };
      await store.write(async (tx) => {
        await tx.operation.setConnection(state);
        await tx.operation.setConnection(failed);
        await tx.operation.setConnection(never);
      });
      expect(await store.read((tx) => tx.operation.connections())).toEqual([never, failed]);
    });

    it('a route that is paused again stays paused since the first time, until it is resumed', async () => {
      const { store } = current();
      const pause = {
        route: 'a',
        pausedAt: 10,
        pausedCode: 'TARGET_ROUTE',
        pausedDetail: '401',
        nextProbeAt: 20,
      } as const;
      await store.write((tx) => tx.operation.pauseRoute(pause));
      await store.write((tx) => tx.operation.pauseRoute({ ...pause, pausedAt: 20, nextProbeAt: 30 }));
      expect(await store.read((tx) => tx.operation.routes())).toEqual([{ ...pause, nextProbeAt: 30 }]);
      await store.write((tx) => tx.operation.resumeRoute('a'));
      const [resumed] = await store.read((tx) => tx.operation.routes());
      expect(resumed).toEqual({
        route: 'a',
        pausedAt: null,
        pausedCode: null,
        pausedDetail: null,
        nextProbeAt: null,
      });
      await store.write((tx) => tx.operation.pauseRoute({ ...pause, pausedAt: 40 }));
      expect((await store.read((tx) => tx.operation.routes()))[0]?.pausedAt).toBe(40);
    });

    it('resuming a route that was never paused does nothing', async () => {
      const { store } = current();
      await store.write((tx) => tx.operation.resumeRoute('a'));
      expect(await store.read((tx) => tx.operation.routes())).toEqual([]);
    });
  });

  describe('retention', () => {
    it('removes the content of what was settled before the term, and keeps the rest and the rows', async () => {
      const { store, clock } = current();
      const start = clock.now();
      await store.write(async (tx) => {
        for (const id of ['old', 'recent', 'open']) await tx.outbox.insert(newDelivery(id, start));
        await tx.outbox.insert(newDelivery('parked', start, { state: 'parked', code: 'HELD_DEATH' }));
        await tx.outbox.claim({ routes: ['absences'], limit: 10, at: start });
        for (const id of ['old', 'recent']) await tx.outbox.markSending(id, start);
        await tx.outbox.settle('old', { state: 'delivered', spent: true }, start + 10);
        await tx.outbox.settle('recent', { state: 'rejected', spent: true }, start + 20);
      });
      clock.advance(100);
      const terms = { bodiesBefore: start + 20, seenBefore: 0 };
      expect(await store.write((tx) => tx.operation.purge(terms, clock.now()))).toBe(1);
      const bodies = await store.read((tx) =>
        Promise.all(['old', 'recent', 'open', 'parked'].map((id) => tx.outbox.open(id))),
      );
      expect(bodies).toEqual([null, payloadBody(), payloadBody(), payloadBody()]);
      const old = await store.read((tx) => tx.outbox.get('old'));
      expect(old).toMatchObject({ state: 'delivered', sourceReference: '', updatedAt: start + 10 });
    });

    it('a record without a body loses its source reference at its term too', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.outbox.insert(
          newDelivery('r', 1, { body: null, state: 'parked', code: 'XML_EMPTY', kind: null }),
        );
        await tx.outbox.discard('r', 'sent again', 2);
      });
      expect((await store.read((tx) => tx.outbox.get('r')))?.sourceReference).toBe('message-1.xml');
      await store.write((tx) => tx.operation.purge({ bodiesBefore: 3, seenBefore: 0 }, 4));
      expect((await store.read((tx) => tx.outbox.get('r')))?.sourceReference).toBe('');
    });

    it('forgets dedupe keys that are older than their term, counted from the last time they were seen', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.operation.remember('visma', 'old', 1);
        await tx.operation.remember('visma', 'again', 1);
        await tx.operation.remember('visma', 'again', 9);
        await tx.operation.purge({ bodiesBefore: 0, seenBefore: 5 }, 10);
      });
      const seen = await store.read((tx) =>
        Promise.all(['old', 'again'].map((key) => tx.operation.hasSeen('visma', key))),
      );
      expect(seen).toEqual([false, true]);
    });

    it('says when it last ran, how much it removed and what is the oldest that is kept', async () => {
      const { store } = current();
      const state = () => store.read((tx) => tx.operation.purgeState());
      expect(await state()).toEqual({ lastPurgeAt: null, lastPurgedBodies: 0, oldestBodyAt: null });
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('first', 5, { state: 'parked' }));
        await tx.outbox.insert(newDelivery('second', 7));
        await tx.outbox.discard('first', 'reason', 6);
      });
      expect((await state()).oldestBodyAt).toBe(5);
      await store.write((tx) => tx.operation.purge({ bodiesBefore: 100, seenBefore: 0 }, 200));
      expect(await state()).toEqual({ lastPurgeAt: 200, lastPurgedBodies: 1, oldestBodyAt: 7 });
      await store.write((tx) => tx.operation.purge({ bodiesBefore: 100, seenBefore: 0 }, 300));
      expect(await state()).toEqual({ lastPurgeAt: 300, lastPurgedBodies: 0, oldestBodyAt: 7 });
    });
  });
}
