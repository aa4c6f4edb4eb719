// The part of the store's contract about what connections keep, and about first loads.
import { describe, expect, it } from '@jest/globals';
import type { CurrentStore } from './store-contract.js';

export function memoryContract(current: CurrentStore): void {
  describe('what a connection keeps', () => {
    it('is its own, is replaced by what comes later, and can be forgotten', async () => {
      const { store } = current();
      const recall = (connection: string, name = 'token') =>
        store.read((tx) => tx.memory.recall(connection, name));
      expect(await recall('visma')).toBeNull();
      await store.write((tx) => tx.memory.keep('visma', 'token', 'first'));
      await store.write((tx) => tx.memory.keep('visma', 'token', 'sécond'));
      await store.write((tx) => tx.memory.keep('arbo', 'token', ''));
      expect([await recall('visma'), await recall('arbo'), await recall('visma', 'other')]).toEqual([
        'sécond',
        '',
        null,
      ]);
      await store.write((tx) => tx.memory.keep('visma', 'token', null));
      await store.write((tx) => tx.memory.keep('visma', 'token', null));
      expect([await recall('visma'), await recall('arbo')]).toEqual([null, '']);
    });

    it('outlives a reopening', async () => {
      const { store, reopen } = current();
      await store.write((tx) => tx.memory.keep('visma', 'token', 'kept'));
      const again = await reopen();
      expect(await again.read((tx) => tx.memory.recall('visma', 'token'))).toBe('kept');
    });
  });

  describe('the counters of a connection', () => {
    const calls = { connection: 'visma', name: 'token calls', period: '2026-11', limit: 400 };

    it('begin at 0 in each period, and none is lost when many count at once', async () => {
      const { store } = current();
      const counts = await Promise.all(
        Array.from({ length: 20 }, () => store.write((tx) => tx.memory.count(calls))),
      );
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      expect(await store.write((tx) => tx.memory.count({ ...calls, period: '2026-12' }))).toBe(1);
      expect(await store.read((tx) => tx.memory.counted(calls))).toBe(20);
      expect(await store.read((tx) => tx.memory.counted({ ...calls, connection: 'arbo' }))).toBe(0);
    });

    it('are shown for their latest period that has begun, with the limit that was given last', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.memory.count({ ...calls, period: '2026-12' });
        await tx.memory.count({ ...calls, period: '2026-12', limit: 500 });
        await tx.memory.count(calls);
        await tx.memory.count({ ...calls, period: '2027-01' });
        await tx.memory.count({ ...calls, name: 'calls', period: '2026-12-02', limit: null });
        await tx.memory.count({ ...calls, name: 'calls', period: '2026-11-22', limit: null });
        await tx.memory.count({ ...calls, connection: 'arbo' });
      });
      expect(await store.read((tx) => tx.memory.counters(Date.UTC(2026, 11, 1)))).toEqual([
        { connection: 'arbo', name: 'token calls', period: '2026-11', count: 1, limit: 400 },
        { connection: 'visma', name: 'calls', period: '2026-11-22', count: 1, limit: null },
        { connection: 'visma', name: 'token calls', period: '2026-12', count: 2, limit: 500 },
      ]);
    });

    it('keep the present period and the one before when what is past its term is removed', async () => {
      const { store } = current();
      const periods = ['2026-09', '2026-10', '2026-11', '2026-12', '2027-01'];
      const at = Date.UTC(2026, 10, 30, 23, 59);
      await store.write(async (tx) => {
        for (const period of periods) await tx.memory.count({ ...calls, period });
        await tx.memory.count({ ...calls, connection: 'arbo', period: '2026-01' });
        await tx.operation.purge({ bodiesBefore: 0, seenBefore: 0, casesBefore: 0 }, at);
      });
      const counted = (connection: string, period: string) =>
        store.read((tx) => tx.memory.counted({ ...calls, connection, period }));
      expect(await Promise.all(periods.map((period) => counted('visma', period)))).toEqual([0, 1, 1, 0, 0]);
      expect(await counted('arbo', '2026-01')).toBe(1);
    });
  });

  describe('all that a connection keeps', () => {
    it('is forgotten at once, and counted; the others keep theirs', async () => {
      const { store } = current();
      const counter = { name: 'calls', period: '2026-11', limit: null };
      const note = { name: 'empty', level: 'notice', text: 'nothing came', since: 5 } as const;
      await store.write(async (tx) => {
        for (const connection of ['visma', 'arbo']) {
          await tx.memory.keep(connection, 'token', 'kept');
          await tx.memory.count({ ...counter, connection });
        }
        await tx.memory.keep('visma', 'handed-over', 'ids');
        await tx.memory.setNote({ ...note, connection: 'third' });
      });
      const connections = () => store.read((tx) => tx.memory.connections());
      expect(await connections()).toEqual(['arbo', 'third', 'visma']);
      expect(await store.write((tx) => tx.memory.forget('visma'))).toEqual({
        kept: 2,
        counters: 1,
        notes: 0,
      });
      expect(await store.write((tx) => tx.memory.forget('visma'))).toEqual({
        kept: 0,
        counters: 0,
        notes: 0,
      });
      expect(await connections()).toEqual(['arbo', 'third']);
      expect(await store.read((tx) => tx.memory.recall('arbo', 'token'))).toBe('kept');
      expect(await store.read((tx) => tx.memory.recall('visma', 'token'))).toBeNull();
    });
  });

  describe('the notes of a connection', () => {
    const note = {
      connection: 'visma',
      name: 'empty',
      level: 'notice',
      text: 'nothing came',
      since: 5,
    } as const;

    it('say since when they are the same, until they are taken back', async () => {
      const { store } = current();
      const notes = () => store.read((tx) => tx.memory.notes());
      await store.write((tx) => tx.memory.setNote(note));
      await store.write((tx) => tx.memory.setNote({ ...note, level: 'attention', since: 7 }));
      expect(await notes()).toEqual([{ ...note, level: 'attention' }]);
      await store.write((tx) => tx.memory.setNote({ ...note, text: 'still nothing', since: 9 }));
      expect(await notes()).toEqual([{ ...note, text: 'still nothing', since: 9 }]);
      await store.write((tx) => tx.memory.clearNote('visma', 'empty'));
      await store.write((tx) => tx.memory.clearNote('visma', 'empty'));
      expect(await notes()).toEqual([]);
      await store.write((tx) => tx.memory.setNote({ ...note, since: 11 }));
      expect(await notes()).toEqual([{ ...note, since: 11 }]);
    });

    it('are one per name and connection', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.memory.setNote(note);
        await tx.memory.setNote({ ...note, name: 'budget' });
        await tx.memory.setNote({ ...note, connection: 'arbo' });
      });
      const notes = await store.read((tx) => tx.memory.notes());
      expect(notes.map(({ connection, name }) => `${connection} ${name}`)).toEqual([
        'arbo empty',
        'visma budget',
        'visma empty',
      ]);
    });
  });
}

export function firstLoadContract(current: CurrentStore): void {
  describe('a first load', () => {
    it('keeps the day on which it began and when it was completed, per route and connection', async () => {
      const { store } = current();
      const get = (route: string, connection = 'visma') =>
        store.read((tx) => tx.firstLoads.get(route, connection));
      expect(await get('absences')).toBeNull();
      const begun = {
        route: 'absences',
        connection: 'visma',
        startedDay: '2026-03-29',
        completedAt: null,
      };
      await store.write(async (tx) => {
        await tx.firstLoads.start('absences', 'visma', '2026-03-29');
        await tx.firstLoads.start('absences', 'visma', '2026-04-01');
      });
      expect(await get('absences')).toEqual(begun);
      await store.write(async (tx) => {
        await tx.firstLoads.complete('absences', 'visma', 10);
        await tx.firstLoads.complete('absences', 'visma', 20);
        await tx.firstLoads.complete('two', 'visma', 20);
      });
      expect(await get('absences')).toEqual({ ...begun, completedAt: 10 });
      expect([await get('two'), await get('absences', 'other')]).toEqual([null, null]);
    });

    it('is begun anew once it was forgotten', async () => {
      const { store } = current();
      const list = () => store.read((tx) => tx.firstLoads.list());
      await store.write(async (tx) => {
        await tx.firstLoads.start('two', 'visma', '2026-03-29');
        await tx.firstLoads.start('absences', 'visma', '2026-03-29');
        await tx.firstLoads.complete('two', 'visma', 10);
      });
      expect((await list()).map(({ route }) => route)).toEqual(['absences', 'two']);
      await store.write((tx) => tx.firstLoads.forget('two', 'visma'));
      await store.write((tx) => tx.firstLoads.forget('two', 'visma'));
      expect((await list()).map(({ route }) => route)).toEqual(['absences']);
      await store.write((tx) => tx.firstLoads.start('two', 'visma', '2026-04-01'));
      const begun = await store.read((tx) => tx.firstLoads.get('two', 'visma'));
      expect(begun).toMatchObject({ startedDay: '2026-04-01', completedAt: null });
    });
  });
}
