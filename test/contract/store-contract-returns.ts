// The part of the store's contract about the way back: from an arbodienst's words to a case, and what it was told last.
import { describe, expect, it } from '@jest/globals';
import type { ReturnNotification } from '../../src/domain/return.js';
import { withoutPeople } from '../../src/ledger/forget.js';
import { derive } from '../../src/privacy/gate.js';
import type { CaseSought, Store } from '../../src/store/types.js';
import { caseState, cleared, newDelivery } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

interface Made {
  readonly route?: string;
  readonly key: string;
  readonly caseId?: string;
  readonly employer?: string;
  readonly employee?: { id: string; previousId?: string };
  readonly firstDay?: string;
  readonly withdrawn?: boolean;
}

const put = (store: Store, made: Made, at = 1) =>
  store.write((tx) => {
    const { route = 'absences', key, caseId = 'C1', employer = 'E1', firstDay = '2026-03-02' } = made;
    const state = derive(caseState(caseId), (known) => ({
      ...known,
      employer: { id: employer },
      employee: { lastName: 'Voorbeeld', ...(made.employee ?? { id: 'P1' }) },
      withdrawn: made.withdrawn ?? false,
      absence: { ...known.absence, firstDay },
    }));
    return tx.ledger.put(route, key, store.hash('case-id', route, caseId), state, at);
  });

export function returnsContract(current: CurrentStore): void {
  const find = async (sought: CaseSought, routes = ['absences']) => {
    const found = await current().store.read((tx) => tx.ledger.findCase(routes, sought));
    return found.map(({ route, caseKey }) => `${route} ${caseKey}`);
  };

  describe('a case is found', () => {
    it('by its id, on the routes that are asked for, at each employer that has it', async () => {
      const { store } = current();
      await put(store, { key: 'a' });
      await put(store, { key: 'b', employer: 'E2' });
      await put(store, { key: 'c', route: 'other' });
      await put(store, { key: 'd', caseId: 'C2' });
      expect(await find({ caseId: 'C1' })).toEqual(['absences a', 'absences b']);
      expect(await find({ caseId: 'C1' }, ['absences', 'other'])).toEqual([
        'absences a',
        'absences b',
        'other c',
      ]);
      expect(await find({ caseId: 'C1', employerId: 'E2' })).toEqual(['absences b']);
      expect(await find({ caseId: 'C9' })).toEqual([]);
      expect(await find({ caseId: 'C1' }, [])).toEqual([]);
    });

    it('by employee and first day together, and by neither alone', async () => {
      const { store } = current();
      await put(store, { key: 'a' });
      await put(store, { key: 'b', caseId: 'C2', firstDay: '2026-05-04' });
      expect(await find({ employeeId: 'P1', firstDay: '2026-03-02' })).toEqual(['absences a']);
      expect(await find({ employeeId: 'P2', firstDay: '2026-03-02' })).toEqual([]);
      expect(await find({ employeeId: 'P1' })).toEqual([]);
      expect(await find({ firstDay: '2026-03-02' })).toEqual([]);
      expect(await find({})).toEqual([]);
    });

    it('with its state and whether its receiver may not know it', async () => {
      const { store } = current();
      await put(store, { key: 'a' });
      await store.write((tx) => tx.ledger.setDiverged('absences', 'a', 'TARGET_REJECTED', 5));
      const [found] = await store.read((tx) => tx.ledger.findCase(['absences'], { caseId: 'C1' }));
      expect(found).toMatchObject({ diverged: 'TARGET_REJECTED', state: { caseId: 'C1' } });
    });

    it('under the former number of the employee and under a first day that was corrected, unless another fits now', async () => {
      const { store } = current();
      await put(store, { key: 'a' });
      await put(store, { key: 'a', employee: { id: 'P9', previousId: 'P1' }, firstDay: '2026-03-03' });
      const former = { employeeId: 'P1', firstDay: '2026-03-02' };
      expect(await find(former)).toEqual(['absences a']);
      expect(await find({ employeeId: 'P9', firstDay: '2026-03-03' })).toEqual(['absences a']);
      await put(store, { key: 'b', caseId: 'C2' });
      expect(await find(former)).toEqual(['absences b']);
    });

    it('under a former id as what it is now', async () => {
      const { store } = current();
      const present = caseState('C2');
      await store.write(async (tx) => {
        const reference = (caseId: string) => store.hash('case-id', 'absences', caseId);
        await tx.ledger.put('absences', 'old', reference('C1'), derive(present, withoutPeople), 1);
        await tx.ledger.put('absences', 'new', reference('C2'), present, 1);
      });
      expect(await find({ caseId: 'C1' })).toEqual(['absences new']);
      expect(await find({ employeeId: 'P1', firstDay: '2026-03-02' })).toEqual(['absences new']);
    });

    it('no longer once it was forgotten', async () => {
      const { store } = current();
      await put(store, { key: 'a', withdrawn: true }, 5);
      await store.write((tx) => tx.operation.purge({ bodiesBefore: 0, seenBefore: 0, casesBefore: 6 }, 50));
      expect((await store.read((tx) => tx.ledger.get('absences', 'a')))?.state.forgotten).toBe(true);
      expect(await find({ caseId: 'C1' })).toEqual([]);
      expect(await find({ employeeId: 'P1', firstDay: '2026-03-02' })).toEqual([]);
    });
  });

  describe('what was told on the way back', () => {
    const appointment = cleared({ id: 'A1', date: '2026-04-01' });

    it('is kept per route and key, the last of it', async () => {
      const { store, reopen } = current();
      await store.write(async (tx) => {
        await tx.returns.put('back', 'k', 'case', appointment, 1);
        await tx.returns.put('back', 'k', 'case', cleared({ id: 'A1', date: '2026-04-02' }), 2);
      });
      const again = await reopen();
      expect(await again.read((tx) => tx.returns.get('back', 'k'))).toEqual({ id: 'A1', date: '2026-04-02' });
      expect(await again.read((tx) => tx.returns.get('other', 'k'))).toBeNull();
    });

    it('goes after the term of cases without a change', async () => {
      const { store } = current();
      await store.write(async (tx) => {
        await tx.returns.put('back', 'old', 'case', appointment, 9);
        await tx.returns.put('back', 'new', 'case', appointment, 10);
        await tx.operation.purge({ bodiesBefore: 0, seenBefore: 0, casesBefore: 10 }, 50);
      });
      expect(await store.read((tx) => tx.returns.get('back', 'old'))).toBeNull();
      expect(await store.read((tx) => tx.returns.get('back', 'new'))).toEqual(appointment);
    });

    it('a notification of the way back waits as what it is', async () => {
      const { store } = current();
      const notification = cleared<ReturnNotification>({
        kind: 'ReportRejected',
        employer: { id: 'E1' },
        employee: { id: 'P1' },
        absence: { caseId: 'C1' },
        sequence: 1,
        result: { reference: 'd', scope: 'message', outcome: 'refused' },
      });
      const body = { stage: 'return-notification', notification } as const;
      await store.write((tx) =>
        tx.outbox.insert(newDelivery('r', 1, { body, kind: 'ReportRejected', state: 'parked' })),
      );
      expect(await store.read((tx) => tx.outbox.get('r'))).toMatchObject({
        stage: 'notification',
        kind: 'ReportRejected',
      });
      expect(await store.read((tx) => tx.outbox.open('r'))).toEqual(body);
    });
  });
}
