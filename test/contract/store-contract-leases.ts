// Leases, as every implementation of the store gives them: by the clock of the store, which a test moves.
import { describe, expect, it } from '@jest/globals';
import { newDelivery } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

export function leasesContract(current: CurrentStore): void {
  describe('a lease', () => {
    const take = (forMs = 1000) => current().store.write((tx) => tx.leases.take('poll visma', forMs));
    const isHeld = () => current().store.read((tx) => tx.leases.isHeld('poll visma'));

    it('is held until its time is over, and its holder can prolong it', async () => {
      const { clock } = current();
      expect(await isHeld()).toBe(false);
      const lease = await take();
      expect(lease).toEqual({ name: 'poll visma', fence: 1 });
      clock.advance(900);
      expect(await take()).toEqual(lease);
      clock.advance(900);
      expect(await isHeld()).toBe(true);
      clock.advance(200);
      expect(await isHeld()).toBe(false);
    });

    it('that ran out has a new fence when it is taken again, also by the same', async () => {
      const { clock } = current();
      await take();
      clock.advance(1001);
      expect(await take()).toMatchObject({ fence: 2 });
    });

    it('that ran out, or was given back, no longer covers a write, and undoes the unit that asks', async () => {
      const { store, clock } = current();
      const cursorUnder = (lease: { name: string; fence: number }, cursor: string) =>
        store.write(async (tx) => {
          await tx.operation.setCursor('visma', cursor);
          await tx.leases.expectHeld(lease);
        });
      const first = await take();
      if (!first) throw new Error('It was free.');
      await cursorUnder(first, 'one');
      clock.advance(1001);
      await expect(cursorUnder(first, 'two')).rejects.toMatchObject({ code: 'LEASE_LOST' });
      const second = await take();
      if (!second) throw new Error('It was free.');
      await expect(cursorUnder(first, 'three')).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await cursorUnder(second, 'four');
      await store.write((tx) => tx.leases.release(second));
      await expect(cursorUnder(second, 'five')).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await store.read((tx) => tx.operation.cursor('visma'))).toBe('four');
    });

    it('of an earlier fence cannot give back the present one', async () => {
      const { store, clock } = current();
      const first = await take();
      clock.advance(1001);
      await take();
      if (first) await store.write((tx) => tx.leases.release(first));
      expect(await isHeld()).toBe(true);
    });
  });

  describe('a lease for life', () => {
    const hold = () => current().store.hold('poll visma');

    it('covers a write until it is given back', async () => {
      const { store } = current();
      const held = await hold();
      if (!held) throw new Error('It was free.');
      const write = () => store.write((tx) => tx.leases.expectHeld(held.lease));
      await write();
      expect((await hold())?.lease).toEqual(held.lease);
      await held.end();
      await expect(write()).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect((await hold())?.lease.fence).toBeGreaterThan(held.lease.fence);
    });

    it('is there again for the next opening when the one before has ended', async () => {
      const held = await hold();
      const again = await current().reopen();
      const next = await again.hold('poll visma');
      expect(next?.lease.fence).toBeGreaterThan(held?.lease.fence ?? 0);
    });
  });

  describe('what this opening is busy with', () => {
    it('is left alone by a recovery, and the rest of its own is recovered', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        for (const id of ['a', 'b', 'c', 'd']) await tx.outbox.insert(newDelivery(id, 1));
        await tx.outbox.claim({ routes: ['absences'], limit: 4, at: 2 });
        for (const id of ['c', 'd']) await tx.outbox.markSending(id, 3);
      });
      const unknown = await store.write((tx) => tx.outbox.recover(4, ['a', 'c']));
      expect(unknown.map(({ id }) => id)).toEqual(['d']);
      const states = await store.read((tx) => tx.outbox.list({}));
      expect(states.map(({ state }) => state)).toEqual(['claimed', 'queued', 'sending', 'sending']);
    });

    it('is recovered on the routes of this process alone', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        for (const [id, route] of Object.entries({ a: 'absences', b: 'second', c: 'absences', d: 'second' }))
          await tx.outbox.insert(newDelivery(id, 1, { route }));
        await tx.outbox.claim({ routes: ['absences', 'second'], limit: 4, at: 2 });
        for (const id of ['c', 'd']) await tx.outbox.markSending(id, 3);
      });
      const unknown = await store.write((tx) => tx.outbox.recover(4, [], ['absences']));
      expect(unknown.map(({ id }) => id)).toEqual(['c']);
      const states = await store.read((tx) => tx.outbox.list({}));
      expect(states.map(({ state }) => state)).toEqual(['queued', 'claimed', 'sending', 'sending']);
    });

    it('does not stand still when the clock is set back: what waits, waits as long as it had to', async () => {
      const { store } = current();
      const hour = 3_600_000;
      await store.write(async (tx) => {
        for (const id of ['fresh', 'waits']) await tx.outbox.insert(newDelivery(id, hour));
        await tx.outbox.claim({ routes: ['absences'], limit: 1, at: hour, ids: ['waits'] });
        const later = { state: 'queued', spent: true, nextAttemptAt: hour + 30 } as const;
        await tx.outbox.settle('waits', later, hour);
      });
      await store.write((tx) => tx.outbox.recover(7, [], ['absences']));
      const due = (at: number) => store.read((tx) => tx.outbox.due({ routes: ['absences'], limit: 9, at }));
      expect([await due(7), await due(37)]).toEqual([['fresh'], ['fresh', 'waits']]);
      expect((await store.read((tx) => tx.outbox.get('waits')))?.nextAttemptAt).toBe(37);
    });
  });
}
