// The part of the store's contract about order: whose turn it is within a lane, and what a claim takes.
import { describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/types.js';
import { newDelivery, observationBody, payloadBody } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

const claim = async (store: Store, at: number, limit = 100, routes = ['absences']) =>
  (await store.write((tx) => tx.outbox.claim({ routes, limit, at }))).map((item) => item.id);

async function deliver(store: Store, id: string, at: number): Promise<void> {
  await store.write(async (tx) => {
    await tx.outbox.markSending(id, at);
    await tx.outbox.settle(id, { state: 'delivered', spent: true }, at);
  });
}

async function insertInLane(store: Store, ids: readonly string[], over = {}): Promise<void> {
  await store.write(async (tx) => {
    for (const id of ids) await tx.outbox.insert(newDelivery(id, 1, { lane: 'L', ...over }));
  });
}

export function lanesContract(current: CurrentStore): void {
  describe('a lane', () => {
    it('gives one delivery at a time, in the order of acceptance', async () => {
      const { store } = current();
      await insertInLane(store, ['a', 'b', 'c']);
      expect(await claim(store, 2)).toEqual(['a']);
      expect(await claim(store, 2)).toEqual([]);
      await deliver(store, 'a', 3);
      expect(await claim(store, 4)).toEqual(['b']);
      await store.write((tx) =>
        tx.outbox.settle('b', { state: 'queued', spent: true, nextAttemptAt: 50 }, 5),
      );
      expect(await claim(store, 6)).toEqual([]);
      expect(await claim(store, 50)).toEqual(['b']);
      await deliver(store, 'b', 51);
      expect(await claim(store, 52)).toEqual(['c']);
    });

    it('is held by its parked head alone, and other lanes go on', async () => {
      const { store } = current();
      await insertInLane(store, ['held'], { state: 'parked' });
      await insertInLane(store, ['behind']);
      await insertInLane(store, ['elsewhere'], { lane: 'M' });
      expect(await claim(store, 2)).toEqual(['elsewhere']);
      const held = await store.read((tx) => tx.outbox.get('held'));
      if (!held) throw new Error('missing');
      expect(await store.read((tx) => tx.outbox.countBehind(held))).toBe(1);
      await store.write((tx) => tx.outbox.discard('held', 'reason', 3));
      expect(await claim(store, 4)).toEqual(['behind']);
    });

    it('of the same name on another route is another lane', async () => {
      const { store } = current();
      await insertInLane(store, ['a']);
      await insertInLane(store, ['b'], { route: 'other' });
      expect(await claim(store, 2, 10, ['absences', 'other'])).toEqual(['a', 'b']);
    });

    it('a released head goes first again', async () => {
      const { store } = current();
      await insertInLane(store, ['held'], { state: 'parked' });
      await insertInLane(store, ['behind']);
      await store.write((tx) => tx.outbox.release('held', [], 5));
      expect(await claim(store, 6)).toEqual(['held']);
    });

    it('what comes of a held observation takes its place, before those behind it', async () => {
      const { store } = current();
      await insertInLane(store, ['held'], { body: observationBody(), state: 'parked', kind: null });
      await insertInLane(store, ['behind']);
      await store.write((tx) => tx.outbox.release('held', [], 2));
      expect(await claim(store, 3)).toEqual(['held']);
      await store.write(async (tx) => {
        await tx.outbox.advance('held', { body: payloadBody(), kind: 'SickReport', state: 'queued' }, 4);
        for (const id of ['second', 'third']) {
          await tx.outbox.insert(newDelivery(id, 4, { lane: 'L', inPlaceOf: { position: 1 } }));
        }
      });
      const listed = await store.read((tx) => tx.outbox.list({ lane: 'L' }));
      expect(listed.map((item) => [item.id, item.position, item.sub])).toEqual([
        ['held', 1, 0],
        ['second', 1, 1],
        ['third', 1, 2],
        ['behind', 2, 0],
      ]);
      for (const id of ['held', 'second', 'third', 'behind']) {
        expect(await claim(store, 10)).toEqual([id]);
        await deliver(store, id, 11);
      }
    });

    it('an item put in before the head takes the turn', async () => {
      const { store } = current();
      await insertInLane(store, ['first', 'head']);
      await claim(store, 2);
      await deliver(store, 'first', 3);
      await insertInLane(store, ['before'], { inPlaceOf: { position: 1 } });
      expect(await claim(store, 4)).toEqual(['before']);
      await deliver(store, 'before', 5);
      expect(await claim(store, 6)).toEqual(['head']);
    });

    it('an item put in before one that is under way waits until that one is settled', async () => {
      const { store } = current();
      await insertInLane(store, ['first', 'head']);
      await claim(store, 2);
      await deliver(store, 'first', 3);
      expect(await claim(store, 4)).toEqual(['head']);
      await insertInLane(store, ['before'], { inPlaceOf: { position: 1 } });
      expect(await claim(store, 5)).toEqual([]);
      await store.write((tx) => tx.outbox.settle('head', { state: 'queued', spent: true }, 6));
      expect(await claim(store, 7)).toEqual(['before']);
      await deliver(store, 'before', 8);
      expect(await claim(store, 9)).toEqual(['head']);
    });

    it('an item put in before one that was claimed goes first after a crash', async () => {
      const { store } = current();
      await insertInLane(store, ['first', 'head']);
      await claim(store, 2);
      await deliver(store, 'first', 3);
      await claim(store, 4);
      await insertInLane(store, ['before'], { inPlaceOf: { position: 1 } });
      await store.write((tx) => tx.outbox.recover(5));
      expect(await claim(store, 6)).toEqual(['before']);
    });

    it('knows whether something in it is still uncompared', async () => {
      const { store } = current();
      const asked = () => store.read((tx) => tx.outbox.hasUncompared('absences', 'L'));
      await insertInLane(store, ['ready']);
      expect(await asked()).toBe(false);
      await insertInLane(store, ['held'], { body: observationBody(), state: 'parked' });
      expect(await asked()).toBe(true);
      expect(await store.read((tx) => tx.outbox.hasUncompared('absences', 'M'))).toBe(false);
      await store.write((tx) => tx.outbox.discard('held', 'reason', 2));
      expect(await asked()).toBe(false);
    });
  });

  describe('a claim', () => {
    it('takes the oldest due, up to its limit, of the routes it is asked for', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('young', 30));
        await tx.outbox.insert(newDelivery('old', 10));
        await tx.outbox.insert(newDelivery('middle', 20, { route: 'second' }));
        await tx.outbox.insert(newDelivery('elsewhere', 1, { route: 'third' }));
      });
      expect((await claim(store, 100, 2, ['absences', 'second'])).sort()).toEqual(['middle', 'old']);
      expect(await claim(store, 100, 2, ['absences', 'second'])).toEqual(['young']);
    });

    it('of many routes takes what is due for longest first, whichever route has it', async () => {
      const { store } = current();
      const routes = Array.from({ length: 40 }, (_, n) => `route${n}`);
      await store.write(async (tx) => {
        for (const [n, route] of routes.entries()) {
          await tx.outbox.insert(newDelivery(`a${n}`, 100 - n, { route }));
          await tx.outbox.insert(newDelivery(`b${n}`, 300 - n, { route }));
        }
        for (let n = 0; n < 5; n += 1)
          await tx.outbox.insert(newDelivery(`c${n}`, 70 + n, { route: 'route7' }));
        await tx.outbox.insert(newDelivery('elsewhere', 1, { route: 'third' }));
      });
      const due = (limit: number, at: number) => store.read((tx) => tx.outbox.due({ routes, limit, at }));
      expect(await due(1, 60)).toEqual([]);
      expect(await due(3, 100)).toEqual(['a39', 'a38', 'a37']);
      expect(await due(12, 65)).toEqual(['a39', 'a38', 'a37', 'a36', 'a35']);
      expect((await due(12, 100)).slice(8)).toEqual(['a31', 'a30', 'c0', 'a29']);
      expect(await due(200, 300)).toHaveLength(85);
      const longest = await due(12, 300);
      expect((await claim(store, 300, 12, routes)).sort()).toEqual([...longest].sort());
      expect(await due(3, 100)).toEqual(['c1', 'a28', 'c2']);
    });

    it('never comes back empty-handed while one of many routes has all that is due', async () => {
      const { store } = current();
      const routes = Array.from({ length: 60 }, (_, n) => `route${n}`);
      await store.write(async (tx) => {
        for (const route of routes) await tx.outbox.insert(newDelivery(`first-${route}`, 10, { route }));
        for (let n = 0; n < 60; n += 1)
          await tx.outbox.insert(newDelivery(`d${n}`, 20, { route: 'route30' }));
      });
      const taken: string[] = [];
      for (let more = -1; more !== taken.length; ) {
        more = taken.length;
        taken.push(...(await claim(store, 50, 100, routes)));
      }
      expect(new Set(taken).size).toBe(120);
      expect(taken.slice(0, 60).every((id) => id.startsWith('first-'))).toBe(true);
    });

    it('of what was woken takes only what is due, has the turn and is of its routes', async () => {
      const { store } = current();
      await insertInLane(store, ['head', 'behind']);
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('later', 90));
        await tx.outbox.insert(newDelivery('parked', 1, { state: 'parked' }));
        await tx.outbox.insert(newDelivery('elsewhere', 1, { route: 'third' }));
        await tx.outbox.insert(newDelivery('also', 2));
      });
      const ids = ['also', 'elsewhere', 'parked', 'later', 'behind', 'head', 'unknown'];
      const woken = (limit: number) =>
        store.write((tx) => tx.outbox.claim({ routes: ['second', 'absences'], limit, at: 5, ids }));
      expect((await woken(1)).map(({ id }) => id)).toEqual(['head']);
      expect((await woken(9)).map(({ id }) => id)).toEqual(['also']);
      expect(await woken(9)).toEqual([]);
    });

    it('tells when the next one is due', async () => {
      const { store } = current();
      const due = () => store.read((tx) => tx.outbox.nextDueAt(['absences', 'second']));
      expect(await due()).toBeNull();
      await insertInLane(store, ['a', 'b']);
      await insertInLane(store, ['c'], { route: 'second', state: 'parked' });
      await claim(store, 2);
      expect(await due()).toBeNull();
      await store.write((tx) =>
        tx.outbox.settle('a', { state: 'queued', spent: true, nextAttemptAt: 70 }, 3),
      );
      expect(await due()).toBe(70);
      await store.write((tx) => tx.outbox.release('c', [], 60));
      expect(await due()).toBe(60);
    });

    it('counts as under way until it is settled, for its own routes alone', async () => {
      const { store } = current();
      await insertInLane(store, ['a', 'b']);
      await insertInLane(store, ['c'], { route: 'second' });
      const underWay = (...routes: string[]) => store.read((tx) => tx.outbox.underWay(routes));
      expect(await underWay('absences', 'second')).toBe(0);
      await claim(store, 2, 9, ['absences', 'second']);
      await store.write((tx) => tx.outbox.markSending('c', 2));
      expect([await underWay('absences', 'second'), await underWay('second'), await underWay('x')]).toEqual([
        2, 1, 0,
      ]);
      await deliver(store, 'a', 3);
      expect(await underWay('absences', 'second')).toBe(1);
    });

    it('two at the same moment share no delivery', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        for (let n = 0; n < 20; n += 1) await tx.outbox.insert(newDelivery(`d${n}`, 1));
      });
      const taken = (await Promise.all([1, 2, 3, 4].map(() => claim(store, 2, 7)))).flat();
      expect(taken).toHaveLength(20);
      expect(new Set(taken).size).toBe(20);
    });
  });
}
