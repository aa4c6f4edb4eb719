// Several processes on one PostgreSQL store, here as several openings of it with connections of their own: lanes stay in
// order, nothing is taken twice, the books balance and the audit chain is whole; and what one of them has under way is
// taken over when it no longer shows that it lives, and not before.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Store } from '../../src/store/types.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { newDelivery } from '../support/store-material.js';
import { tempFolder } from '../support/temp-folder.js';

let postgres: PostgresFixture;
let fixture: PostgresStoreFixture;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.end());
beforeEach(async () => {
  fixture = await openPostgres(postgres);
});
afterEach(() => fixture.end());

const ROUTES = ['absences', 'second'];
const claim = (store: Store, limit = 10, at = 1000) =>
  store.write((tx) => tx.outbox.claim({ routes: ROUTES, limit, at }));

/** Numbers in a row, over and over: what a client decides next. */
function dice(seeds: readonly number[]): (sides: number) => number {
  let turn = 0;
  return (sides) => {
    turn += 1;
    return ((seeds[turn % seeds.length] ?? 0) + turn * 7919) % sides;
  };
}

interface Told {
  readonly lane: string;
  readonly id: string;
  readonly what: 'begun' | 'ended' | 'waits';
}

/** Claims and settles until nothing is left; tells what it did, in the order in which it was committed. */
async function deliverAll(store: Store, roll: (sides: number) => number, told: Told[], done: () => boolean) {
  for (;;) {
    const claimed = await claim(store, 1 + roll(4));
    if (claimed.length === 0 && done()) {
      const open = await store.read((tx) => tx.outbox.list({ states: ['queued', 'claimed', 'sending'] }));
      if (open.length === 0) return;
    }
    await Promise.all(
      claimed.map(async ({ id, route, lane }) => {
        const key = `${route} ${lane}`;
        told.push({ lane: key, id, what: 'begun' });
        await store.write(async (tx) => {
          await tx.outbox.markSending(id, 1000);
          await tx.audit.append({ at: 1, actor: 'daemon', action: 'sending', deliveryId: id });
        });
        const state = (['delivered', 'delivered', 'queued', 'rejected'] as const)[roll(4)] ?? 'delivered';
        told.push({ lane: key, id, what: state === 'queued' ? 'waits' : 'ended' });
        await store.write(async (tx) => {
          await tx.outbox.settle(id, { state, spent: true }, 1000);
          await tx.memory.count({ connection: 'visma', name: 'calls', period: '2026-03', limit: null });
          await tx.audit.append({ at: 1, actor: 'daemon', action: state, deliveryId: id });
        });
      }),
    );
  }
}

/** What was begun in a lane comes in the order of acceptance, and never while another of the lane is under way. */
function expectInOrder(told: readonly Told[], order: ReadonlyMap<string, readonly string[]>): void {
  for (const [lane, ids] of order) {
    const left = [...ids];
    let underWay: string | null = null;
    for (const { id, what } of told.filter((each) => each.lane === lane)) {
      if (what === 'begun') {
        expect([lane, underWay, id]).toEqual([lane, null, left[0]]);
        underWay = id;
        continue;
      }
      expect([lane, id]).toEqual([lane, underWay]);
      underWay = null;
      if (what === 'ended') left.shift();
    }
    expect([lane, left]).toEqual([lane, []]);
  }
}

describe('several processes on one store', () => {
  it('keep every lane in order, take nothing twice, and leave whole books and a whole chain', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }), async (seeds) => {
        round += 1;
        const stores = [fixture.store, await fixture.openAgain(), await fixture.openAgain()];
        const told: Told[] = [];
        const roll = dice(seeds);
        let accepting = 2;
        // Two accept while all deliver: into lanes of their own and into shared ones.
        const accept = async (store: Store, part: number) => {
          for (let n = 0; n < 25; n += 1) {
            const over = { lane: `r${round}-lane${roll(5)}`, route: ROUTES[roll(2)] ?? 'absences' };
            await store.write(async (tx) => {
              await tx.outbox.insert(newDelivery(`r${round}-${part}-${n}`, 1, over));
              await tx.audit.append({ at: 1, actor: 'daemon', action: 'queued' });
            });
          }
          accepting -= 1;
        };
        await Promise.all([
          ...stores.slice(0, 2).map(accept),
          ...stores.map((store) => deliverAll(store, roll, told, () => accepting === 0)),
        ]);
        const all = await fixture.store.read((tx) => tx.outbox.list({}));
        const order = new Map<string, string[]>();
        for (const { id, route, lane } of all.filter((each) => each.id.startsWith(`r${round}-`))) {
          const key = `${route} ${lane}`;
          order.set(key, [...(order.get(key) ?? []), id]);
        }
        expectInOrder(told, order);
        const books = await fixture.store.read((tx) => tx.outbox.accounting());
        expect(books.reduce((sum, entry) => sum + entry.accepted, 0)).toBe(round * 50);
        expect(all).toHaveLength(round * 50);
        const settled = told.filter(({ what }) => what !== 'begun').length;
        const counted = { connection: 'visma', name: 'calls', period: '2026-03' };
        const before = settledBefore;
        settledBefore = await fixture.store.read((tx) => tx.memory.counted(counted));
        expect(settledBefore - before).toBe(settled);
        expect(await fixture.store.read((tx) => tx.audit.verify())).toMatchObject({ whole: true });
        for (const store of stores.slice(1)) await store.close();
      }),
      { numRuns: 6 },
    );
  });
  let settledBefore = 0;

  it('what somebody else just holds is left to them, and what is due behind it is taken', async () => {
    const { store } = fixture;
    await store.write(async (tx) => {
      for (let n = 0; n < 9; n += 1)
        await tx.outbox.insert(newDelivery(`d${n}`, 10 + n, { route: ROUTES[n % 2] ?? 'absences' }));
    });
    const client = await postgres.connect(fixture.server);
    await client.query("BEGIN; SELECT id FROM delivery WHERE id IN ('d0', 'd1', 'd2') FOR UPDATE");
    expect((await claim(store, 1)).map(({ id }) => id)).toEqual(['d3']);
    expect((await claim(store, 2)).map(({ id }) => id)).toEqual(['d4', 'd5']);
    expect(await claim(store, 9)).toHaveLength(3);
    expect(await claim(store, 9)).toEqual([]);
    await client.query('ROLLBACK');
    await client.end();
    expect(await claim(store, 9)).toHaveLength(3);
  });
});

describe('what a process has under way', () => {
  async function underWay(): Promise<Store> {
    const other = await fixture.openAgain();
    await other.write(async (tx) => {
      for (const id of ['claimed', 'sending']) await tx.outbox.insert(newDelivery(id, 1));
    });
    await claim(other);
    await other.write((tx) => tx.outbox.markSending('sending', 2));
    return other;
  }
  const recover = (store: Store) => store.write((tx) => tx.outbox.recover(3));
  const stateOf = (id: string) => fixture.store.read(async (tx) => (await tx.outbox.get(id))?.state);

  it('is its own as long as it shows that it lives', async () => {
    await underWay();
    expect(await recover(fixture.store)).toEqual([]);
    expect(await stateOf('claimed')).toBe('claimed');
  });

  it('is taken over soon when it was only claimed, and later when it may be being sent', async () => {
    const other = await underWay();
    fixture.clock.advance(20_001);
    expect(await recover(fixture.store)).toEqual([]);
    expect([await stateOf('claimed'), await stateOf('sending')]).toEqual(['queued', 'sending']);
    await claim(fixture.store);
    await expect(other.write((tx) => tx.outbox.markSending('claimed', 9))).rejects.toMatchObject({
      code: 'TAKEN_OVER',
    });
    await other.write((tx) => tx.outbox.settle('sending', { state: 'delivered', spent: true }, 9));
    expect(await stateOf('sending')).toBe('delivered');
  });

  it('is taken over once it no longer does, by one process alone', async () => {
    const other = await underWay();
    const third = await fixture.openAgain();
    fixture.clock.advance(120_001);
    const found = await Promise.all([recover(fixture.store), recover(third)]);
    expect(found.flat().map(({ id }) => id)).toEqual(['sending']);
    expect(await stateOf('claimed')).toBe('queued');
    // It wakes up and would go on where it was.
    const delivered = { state: 'delivered', spent: true } as const;
    const settled = other.write((tx) => tx.outbox.settle('sending', delivered, 9));
    await expect(settled).rejects.toMatchObject({ code: 'TAKEN_OVER' });
    await expect(other.write((tx) => tx.outbox.markSending('claimed', 9))).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    expect(await stateOf('sending')).toBe('sending');
  });

  it('is free at once when it ends in order', async () => {
    const other = await underWay();
    await other.close();
    expect((await recover(fixture.store)).map(({ id }) => id)).toEqual(['sending']);
  });

  it('is not sent by one whose last sign of life is too old: another may take it over meanwhile', async () => {
    const other = await underWay();
    fixture.clock.advance(50_000);
    await expect(other.write((tx) => tx.outbox.markSending('claimed', 9))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await stateOf('claimed')).toBe('claimed');
  });

  it('a lease and a life of a clock that was far ahead, and was set right, are over', async () => {
    const { store, clock } = fixture;
    const day = 86_400_000;
    clock.advance(day);
    const ahead = await fixture.openAgain();
    await ahead.write((tx) => tx.outbox.insert(newDelivery('left', 1)));
    expect(await claim(ahead)).toHaveLength(1);
    expect(await ahead.hold('poll')).not.toBeNull();
    clock.advance(-day);
    expect(await store.hold('poll')).not.toBeNull();
    await store.write((tx) => tx.outbox.recover(5, []));
    expect(await stateOf('left')).toBe('queued');
  });

  it('a start that fails leaves nobody behind who seems to live', async () => {
    // Missing when it is read, and not to be made: its folder is a link to nowhere.
    const folder = tempFolder();
    symlinkSync(join(folder.path, 'none'), join(folder.path, 'there'));
    const nowhere = { checkpointPath: join(folder.path, 'there', 'x.json') };
    await expect(fixture.openAgain(nowhere)).rejects.toThrow();
    const client = await postgres.connect(fixture.server);
    const { rows } = await client.query("select name from lease where name like 'replica %'");
    await client.end();
    folder.remove();
    expect(rows).toHaveLength(1);
  });

  it('a lease is with one of them only', async () => {
    const other = await fixture.openAgain();
    const take = (store: Store) => store.write((tx) => tx.leases.take('poll', 1000));
    const taken = await Promise.all([take(fixture.store), take(other)]);
    expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
    fixture.clock.advance(1001);
    const second = await take(taken[0] === null ? fixture.store : other);
    expect(second).toMatchObject({ fence: 2 });
  });
});
