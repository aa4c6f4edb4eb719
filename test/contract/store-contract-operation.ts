// The part of the store's contract about the daemon's own memory, and about forgetting.
import { describe, expect, it } from '@jest/globals';
import type { CaseState } from '../../src/ledger/case-state.js';
import { forget } from '../../src/ledger/forget.js';
import { type Cleared, derive } from '../../src/privacy/gate.js';
import type { OperationWriter, Store } from '../../src/store/types.js';
import { caseState, newDelivery, payloadBody } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

function asked(store: Store) {
  return {
    routes: () => store.read((tx) => tx.operation.routes()),
    pausedRoutes: () => store.read((tx) => tx.operation.pausedRoutes()),
    pause: (...pause: Parameters<OperationWriter['pauseRoutes']>) =>
      store.write((tx) => tx.operation.pauseRoutes(...pause)),
  };
}

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
      const { routes, pausedRoutes, pause } = asked(store);
      const why = { pausedCode: 'TARGET_ROUTE', pausedDetail: '401' } as const;
      await pause(['a'], { ...why, pausedAt: 10, nextProbeAt: 20 });
      await pause(['a', 'b'], { ...why, pausedAt: 20, nextProbeAt: 30 });
      const [a, b] = [10, 20].map((pausedAt) => ({ ...why, pausedAt, nextProbeAt: 30 }));
      expect(await routes()).toEqual([
        { route: 'a', ...a },
        { route: 'b', ...b },
      ]);
      await store.write((tx) => tx.operation.resumeRoutes(['a']));
      expect(await pausedRoutes()).toEqual([{ route: 'b', ...b }]);
      const none = { pausedAt: null, pausedCode: null, pausedDetail: null, nextProbeAt: null };
      expect((await routes())[0]).toEqual({ route: 'a', ...none });
      await pause(['a'], { ...why, pausedAt: 40, nextProbeAt: 50 });
      expect((await routes())[0]?.pausedAt).toBe(40);
    });

    it('only what is paused is probed at another time', async () => {
      const { store } = current();
      const { pausedRoutes, pause } = asked(store);
      const why = { pausedAt: 1, pausedCode: null, pausedDetail: null };
      await pause(['a', 'b', 'c'], { ...why, nextProbeAt: 20 });
      await store.write((tx) => tx.operation.resumeRoutes(['b']));
      await store.write((tx) => tx.operation.setProbe(['a', 'b', 'unknown'], 70));
      const probes = (await pausedRoutes()).map(({ route, nextProbeAt }) => [route, nextProbeAt]);
      expect(probes).toEqual([
        ['a', 70],
        ['c', 20],
      ]);
    });

    it('resuming a route that was never paused does nothing', async () => {
      const { store } = current();
      await store.write((tx) => tx.operation.resumeRoutes(['a']));
      expect(await asked(store).routes()).toEqual([]);
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
      const terms = { bodiesBefore: start + 20, seenBefore: 0, casesBefore: 0 };
      expect(await store.write((tx) => tx.operation.purge(terms, clock.now()))).toMatchObject({
        bodies: 1,
      });
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
      await store.write((tx) => tx.operation.purge({ bodiesBefore: 3, seenBefore: 0, casesBefore: 0 }, 4));
      expect((await store.read((tx) => tx.outbox.get('r')))?.sourceReference).toBe('');
    });

    it('forgets dedupe keys that are older than their term, counted from the last time they were seen', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.operation.remember('visma', 'old', 1);
        await tx.operation.remember('visma', 'again', 1);
        await tx.operation.remember('visma', 'again', 9);
        await tx.operation.purge({ bodiesBefore: 0, seenBefore: 5, casesBefore: 0 }, 10);
      });
      const seen = await store.read((tx) =>
        Promise.all(['old', 'again'].map((key) => tx.operation.hasSeen('visma', key))),
      );
      expect(seen).toEqual([false, true]);
    });

    describe('of cases', () => {
      const ended = (caseId: string) =>
        derive(caseState(caseId), (state) => ({
          ...state,
          absence: { ...state.absence, ended: true, recoveryDate: '2026-03-16' },
        }));
      const terms = (casesBefore: number) => ({ bodiesBefore: 0, seenBefore: 0, casesBefore });
      const stateOf = async (key: string) =>
        (await current().store.read((tx) => tx.ledger.get('absences', key)))?.state;
      const put = (key: string, state: Cleared<CaseState>, at: number) =>
        current().store.write((tx) => tx.ledger.put('absences', key, `ref-${key}`, state, at));
      const purge = (casesBefore: number, at: number) =>
        current().store.write((tx) => tx.operation.purge(terms(casesBefore), at));

      it('takes the people out of those that ended and were last put before the term, once', async () => {
        await put('old', ended('C1'), 1);
        await put(
          'withdrawn',
          derive(caseState('C2'), (state) => ({ ...state, withdrawn: true })),
          1,
        );
        await put('open', caseState('C3'), 1);
        await put('recent', ended('C4'), 1);
        await put('recent', ended('C4'), 5);
        expect(await purge(5, 10)).toEqual({ bodies: 0, cases: 2, more: false });
        expect(await stateOf('old')).toEqual(forget(ended('C1')));
        expect(await stateOf('withdrawn')).toMatchObject({ withdrawn: true, employee: { id: 'P1' } });
        expect(await stateOf('open')).toEqual(caseState('C3'));
        expect(await stateOf('recent')).toEqual(ended('C4'));
        expect((await purge(5, 11)).cases).toBe(0);
        expect((await purge(6, 12)).cases).toBe(1);
      });

      it('leaves a case that was reopened, and forgets it when it has ended again', async () => {
        await put('key', ended('C1'), 1);
        await put('key', caseState('C1'), 2);
        expect((await purge(100, 10)).cases).toBe(0);
        await put('key', ended('C1'), 3);
        expect((await purge(100, 11)).cases).toBe(1);
        await put('key', derive(ended('C1'), forget), 12);
        expect((await purge(100, 13)).cases).toBe(0);
      });

      it('keeps the people of a case that may have to be sent again, as long as it diverges', async () => {
        await put('key', ended('C1'), 1);
        const diverge = (code: 'DISCARDED' | null) =>
          current().store.write((tx) => tx.ledger.setDiverged('absences', 'key', code, 2));
        await diverge('DISCARDED');
        expect((await purge(100, 10)).cases).toBe(0);
        await diverge(null);
        expect((await purge(100, 11)).cases).toBe(1);
      });

      it('does so many at a time, says that more are left, and counts the bodies of all turns', async () => {
        const { store } = current();
        await store.write(async (tx) => {
          await tx.outbox.insert(newDelivery('first', 5, { state: 'parked' }));
          await tx.outbox.discard('first', 'reason', 6);
          for (let n = 0; n < 501; n += 1)
            await tx.ledger.put('absences', `key-${n}`, 'ref', ended(`C${n}`), 1);
        });
        const turn = () => store.write((tx) => tx.operation.purge({ ...terms(100), bodiesBefore: 100 }, 200));
        expect(await turn()).toEqual({ bodies: 1, cases: 500, more: true });
        expect(await turn()).toEqual({ bodies: 0, cases: 1, more: false });
        const state = await store.read((tx) => tx.operation.purgeState());
        expect(state).toMatchObject({ lastPurgeAt: 200, lastPurgedBodies: 1 });
      });
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
      await store.write((tx) =>
        tx.operation.purge({ bodiesBefore: 100, seenBefore: 0, casesBefore: 0 }, 200),
      );
      expect(await state()).toEqual({ lastPurgeAt: 200, lastPurgedBodies: 1, oldestBodyAt: 7 });
      await store.write((tx) =>
        tx.operation.purge({ bodiesBefore: 100, seenBefore: 0, casesBefore: 0 }, 300),
      );
      expect(await state()).toEqual({ lastPurgeAt: 300, lastPurgedBodies: 0, oldestBodyAt: 7 });
    });
  });
}
