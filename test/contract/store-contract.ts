// What every implementation of the store promises to its callers. An implementation's own test calls `storeContract`
// with a way to open an empty store; nothing here knows a table or a file.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/types.js';
import type { ManualClock } from '../fakes/manual-clock.js';
import { caseState, newDelivery } from '../support/store-material.js';
import { acknowledgementsContract } from './store-contract-acknowledge.js';
import { lanesContract } from './store-contract-lanes.js';
import { leasesContract } from './store-contract-leases.js';
import { firstLoadContract, memoryContract } from './store-contract-memory.js';
import { modelContract } from './store-contract-model.js';
import { operationContract } from './store-contract-operation.js';
import { outboxContract } from './store-contract-outbox.js';
import { returnsContract } from './store-contract-returns.js';

export interface OpenedStore {
  readonly store: Store;
  readonly clock: ManualClock;
  /** Closes the store and opens it again, as a new process would. */
  reopen(): Promise<Store>;
  /** Closes whatever is open and removes it. */
  end(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;
export type CurrentStore = () => OpenedStore;

export function storeContract(name: string, open: OpenStore): void {
  describe(`${name} keeps the contract of the store`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.end());
    const current: CurrentStore = () => opened;

    unitsContract(current);
    ledgerContract(current);
    auditContract(current);
    operationContract(current);
    memoryContract(current);
    firstLoadContract(current);
    leasesContract(current);
    outboxContract(current);
    lanesContract(current);
    acknowledgementsContract(current);
    returnsContract(current);
    modelContract(current);
  });
}

function unitsContract(current: CurrentStore): void {
  describe('units of work', () => {
    it('a unit that throws is undone alone, and the others of its group go on', async () => {
      const { store, clock } = current();
      const outcomes = await Promise.allSettled(
        [0, 1, 2, 3, 4].map((n) =>
          store.write(async (tx) => {
            await tx.outbox.insert(newDelivery(`d${n}`, clock.now()));
            if (n % 2 === 1) throw new Error(`refused ${n}`);
            return n;
          }),
        ),
      );
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      const kept = await store.read((tx) => tx.outbox.list({}));
      expect(kept.map((delivery) => delivery.id)).toEqual(['d0', 'd2', 'd4']);
      const [books] = await store.read((tx) => tx.outbox.accounting());
      expect(books?.accepted).toBe(3);
    });

    it('a unit sees what it wrote itself, and nobody else sees it before the commit', async () => {
      const { store, clock } = current();
      let seenOutside: unknown = 'not asked';
      await store.write(async (tx) => {
        await tx.outbox.insert(newDelivery('d1', clock.now()));
        expect((await tx.outbox.get('d1'))?.state).toBe('queued');
        seenOutside = await store.read((outside) => outside.outbox.get('d1'));
      });
      expect(seenOutside).toBeNull();
      expect((await store.read((tx) => tx.outbox.get('d1')))?.state).toBe('queued');
    });

    it('a write within a write is refused instead of waiting for itself', async () => {
      const { store } = current();
      const nested = store.write(() => store.write(async () => 'inner'));
      await expect(nested).rejects.toThrow('must not start another write');
      expect(await store.write(async () => 'after')).toBe('after');
    });

    it('a loop that was started inside a unit may write once the unit is over', async () => {
      const { store } = current();
      let later: Promise<string> | undefined;
      await store.write(async () => {
        later = new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
          store.write(async () => 'later'),
        );
      });
      expect(await later).toBe('later');
    });

    it('what was written outlives a reopening, and so do the keyed hashes', async () => {
      const { store, clock, reopen } = current();
      const hash = store.hash('case', 'E1', 'C1');
      await store.write((tx) => tx.ledger.put('absences', 'key', 'reference', caseState(), clock.now()));
      const again = await reopen();
      expect(again.hash('case', 'E1', 'C1')).toBe(hash);
      expect((await again.read((tx) => tx.ledger.get('absences', 'key')))?.state).toEqual(caseState());
    });

    it('a keyed hash is 32 hex digits, and its parts cannot run into each other', () => {
      const { store } = current();
      expect(store.hash('a')).toMatch(/^[0-9a-f]{32}$/);
      const different = [
        store.hash('ab', 'c'),
        store.hash('a', 'bc'),
        store.hash('abc'),
        store.hash('a","b', 'c'),
        store.hash('ab', 'c', ''),
      ];
      expect(new Set(different).size).toBe(different.length);
    });

    it('a closed store refuses to write, and what waited at the closing was written', async () => {
      const { store, clock, reopen } = current();
      const waiting = store.write((tx) => tx.outbox.insert(newDelivery('d1', clock.now())));
      const again = await reopen();
      await waiting;
      expect((await again.read((tx) => tx.outbox.get('d1')))?.id).toBe('d1');
      await expect(store.write(async () => 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });
  });
}

function ledgerContract(current: CurrentStore): void {
  describe('the ledger', () => {
    it('gives back the last state of a case, per route', async () => {
      const { store, clock } = current();
      await store.write(async (tx) => {
        await tx.ledger.put('a', 'key', 'ref', caseState('C1', 'First'), clock.now());
        await tx.ledger.put('a', 'key', 'ref', caseState('C1', 'Second'), clock.now());
        await tx.ledger.put('b', 'key', 'ref', caseState('C1', 'Elsewhere'), clock.now());
      });
      const entry = await store.read((tx) => tx.ledger.get('a', 'key'));
      expect(entry).toEqual({ state: caseState('C1', 'Second'), diverged: null });
      expect(await store.read((tx) => tx.ledger.get('a', 'unknown'))).toBeNull();
      expect(await store.read((tx) => tx.ledger.count())).toBe(2);
    });

    it('finds all cases of a route under one case reference', async () => {
      const { store, clock } = current();
      await store.write(async (tx) => {
        await tx.ledger.put('a', 'k2', 'ref', caseState('C1', 'Two'), clock.now());
        await tx.ledger.put('a', 'k1', 'ref', caseState('C1', 'One'), clock.now());
        await tx.ledger.put('a', 'k3', 'other', caseState('C2'), clock.now());
        await tx.ledger.put('b', 'k4', 'ref', caseState('C1'), clock.now());
      });
      const found = await store.read((tx) => tx.ledger.find('a', 'ref'));
      expect(found.map((each) => [each.caseKey, each.entry.state.employee.lastName])).toEqual([
        ['k1', 'One'],
        ['k2', 'Two'],
      ]);
    });

    it('keeps since when a case has diverged, through later states, until it is cleared', async () => {
      const { store, clock } = current();
      const began = clock.now();
      await store.write(async (tx) => {
        await tx.ledger.put('a', 'key', 'ref', caseState(), began);
        await tx.ledger.setDiverged('a', 'key', 'TARGET_REJECTED', began);
      });
      clock.advance(5000);
      await store.write(async (tx) => {
        await tx.ledger.setDiverged('a', 'key', 'NOT_ALLOWED', clock.now());
        await tx.ledger.put('a', 'key', 'ref', caseState('C1', 'Later'), clock.now());
      });
      expect(await store.read((tx) => tx.ledger.diverged())).toEqual([
        { route: 'a', caseKey: 'key', code: 'NOT_ALLOWED', since: began, state: caseState('C1', 'Later') },
      ]);
      await store.write((tx) => tx.ledger.setDiverged('a', 'key', null, clock.now()));
      expect(await store.read((tx) => tx.ledger.diverged())).toEqual([]);
    });

    it('a case that is not in the ledger has nothing to diverge from', async () => {
      const { store, clock } = current();
      await store.write((tx) => tx.ledger.setDiverged('a', 'nowhere', 'NOT_ALLOWED', clock.now()));
      expect(await store.read((tx) => tx.ledger.diverged())).toEqual([]);
    });
  });
}

function auditContract(current: CurrentStore): void {
  describe('the audit', () => {
    it('gives rows back in order and by delivery, and the chain is whole', async () => {
      const { store, clock } = current();
      await store.write(async (tx) => {
        const at = clock.now();
        await tx.audit.append({ at, actor: 'daemon', action: 'queued', route: 'a', deliveryId: 'd1' });
        await tx.audit.append({ at: at + 1, actor: 'daemon', action: 'queued', deliveryId: 'd2' });
        const details = { z: 1, removed: ['x', 'y'], a: null, hash: 'kept', flag: true };
        await tx.audit.append({ at: at + 2, actor: 'piet', action: 'released', deliveryId: 'd1', details });
      });
      const trail = await store.read((tx) => tx.audit.ofDelivery('d1'));
      expect(trail.map((row) => [row.row, row.action])).toEqual([
        [1, 'queued'],
        [3, 'released'],
      ]);
      expect(trail[1]?.details).toEqual({ a: null, flag: true, hash: 'kept', removed: ['x', 'y'], z: 1 });
      const verdict = await store.read((tx) => tx.audit.verify());
      expect(verdict).toEqual({ whole: true, rows: 3, head: trail[1]?.hash });
    });

    it('exports the rows of a period: from the first instant, before the last', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        for (let at = 1; at <= 5; at += 1) await tx.audit.append({ at, actor: 'daemon', action: `n${at}` });
      });
      const actions = await store.read(async (tx) => {
        const found: string[] = [];
        for await (const row of tx.audit.export({ from: 2, to: 4 })) found.push(row.action);
        return found;
      });
      expect(actions).toEqual(['n2', 'n3']);
    });

    it('a unit that fails leaves no row and no gap', async () => {
      const { store } = current();
      const entry = (action: string) => ({ at: 1, actor: 'daemon', action });
      const failing = store.write(async (tx) => {
        await tx.audit.append(entry('lost'));
        throw new Error('undone');
      });
      await Promise.all([
        expect(failing).rejects.toThrow('undone'),
        store.write((tx) => tx.audit.append(entry('kept'))),
      ]);
      expect(await store.read((tx) => tx.audit.verify())).toMatchObject({ whole: true, rows: 1 });
    });

    it('more rows than one batch are walked to the end', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        for (let n = 0; n < 2_500; n += 1)
          await tx.audit.append({ at: n, actor: 'daemon', action: 'observed' });
      });
      expect(await store.read((tx) => tx.audit.verify())).toMatchObject({ whole: true, rows: 2_500 });
    });
  });
}
