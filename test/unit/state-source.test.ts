// A source that shows states: a state may come back, history is not told, and a case that is gone may turn up again.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { discardItem } from '../../src/acceptance/discard.js';
import { resume } from '../../src/acceptance/resume.js';
import type { Absence, Observation } from '../../src/domain/observation.js';
import { silentLog } from '../../src/log.js';
import {
  type IntakeBench,
  makeRoute,
  openBench,
  type ScriptedSource,
  scriptedSource,
} from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';

const DEFAULTS: Partial<Absence> = { wholeCourse: true };
const shown = (absence: Partial<Absence> = {}, employee = {}): Observation =>
  plainObservation({ employee, absence: { ...DEFAULTS, ...absence } });
const half = shown({
  percentages: [
    { from: '2026-03-02', percentage: '100.00' },
    { from: '2026-03-09', percentage: '50.00' },
  ],
});
const gone: Observation = {
  employer: { id: 'W-7' },
  employee: { id: '007' },
  employment: { id: 'D-1' },
  absence: {
    caseId: 'C-1',
    firstDay: '2026-03-02',
    withdrawn: true,
    percentages: [],
    wholeCourse: true,
    ended: false,
  },
};
const renamed = shown({}, { lastName: 'Anders' });

let bench: IntakeBench;
let source: ScriptedSource;
beforeEach(async () => {
  bench = await openBench();
  source = scriptedSource({ showsStates: true });
});
afterEach(() => bench.end());

async function poll(...observations: Observation[]): Promise<void> {
  source.next(observations);
  await bench.poller(source, makeRoute('absences')).poll();
}

const kinds = async () =>
  (await bench.deliveries()).map(({ kind, state, code }) => kind ?? `${state} ${code}`);

describe('a state that comes back', () => {
  it('is told each time: the employee is renamed and named as before again', async () => {
    await poll(shown());
    await poll(renamed);
    await poll(shown());
    await poll(shown());
    expect(await kinds()).toEqual(['SickReport', 'EmployeeChange', 'EmployeeChange']);
  });

  it('of a source of messages is taken for a repeat', async () => {
    source = scriptedSource();
    await poll(shown());
    await poll(renamed);
    await poll(shown());
    expect(await kinds()).toEqual(['SickReport', 'EmployeeChange']);
  });

  it('waits behind what is held, unless it is the last that waits already', async () => {
    await poll(half);
    await poll(renamed);
    await poll(renamed);
    await poll(half);
    expect(await kinds()).toEqual([
      'parked HELD_PARTIAL_PERCENTAGE',
      'queued null',
      'parked HELD_PARTIAL_PERCENTAGE',
    ]);
  });

  it('and cannot be used is parked again after it was mended', async () => {
    const broken = [{ code: 'MAPPING_BAD_VALUE', path: 'firstDay' }] as const;
    source.next([broken]);
    source.next([broken]);
    source.next([shown()]);
    source.next([broken]);
    const poller = bench.poller(source, makeRoute('absences'));
    for (let n = 0; n < 4; n += 1) await poller.poll();
    expect(await kinds()).toEqual(['discarded MAPPING_BAD_VALUE', 'SickReport', 'parked MAPPING_BAD_VALUE']);
  });
});

describe('what had ended before the first load', () => {
  const ended = (recoveryDate: string, absence: Partial<Absence> = {}) =>
    shown({ firstDay: '2026-02-02', percentages: [], ended: true, recoveryDate, ...absence });

  it('is recorded and not told; what ended on that day or later is told whole', async () => {
    await poll(ended('2026-03-01', { caseId: 'old' }), ended('2026-03-02', { caseId: 'today' }));
    expect(await kinds()).toEqual(['SickReport', 'Recovery']);
    expect(await bench.store.read((tx) => tx.ledger.count())).toBe(2);
    bench.clock.advance(30 * 86_400_000);
    await poll(ended('2026-03-20', { caseId: 'between' }), ended('2026-03-01', { caseId: 'old' }));
    expect(await kinds()).toEqual(['SickReport', 'Recovery', 'SickReport', 'Recovery']);
  });

  it('asks nobody about a partial percentage of years ago', async () => {
    const percentages = [{ from: '2026-02-09', percentage: '50.00' }];
    await poll(ended('2026-03-01', { percentages }));
    expect(await kinds()).toEqual([]);
    await poll(shown({ ended: true, recoveryDate: '2026-03-20', percentages: half.absence.percentages }));
    expect(await kinds()).toEqual(['parked HELD_PARTIAL_PERCENTAGE']);
  });

  it('asks nobody about it either when it had to wait behind something else', async () => {
    const percentages = [{ from: '2026-02-09', percentage: '50.00' }];
    const route = makeRoute('absences', { target: { ...makeRoute('absences').target, lane: 'employment' } });
    source.next([half, ended('2026-03-01', { caseId: 'old', percentages })]);
    await bench.poller(source, route).poll();
    expect(await kinds()).toEqual(['parked HELD_PARTIAL_PERCENTAGE', 'queued null']);
    const { store, clock } = bench;
    await store.write(async (tx) => {
      const [held] = await tx.outbox.list({ states: ['parked'] });
      if (held) await tx.outbox.discard(held.id, 'not advised', clock.now());
      const [waiting] = await tx.outbox.claim({ routes: ['absences'], limit: 1, at: clock.now() });
      const body = waiting && (await tx.outbox.open(waiting.id));
      if (!waiting || !body) throw new Error('nothing waits');
      const acceptance = { store, clock, tx, route, log: silentLog, reference: 'page', actor: 'daemon' };
      expect(await resume(waiting, body, acceptance)).toMatchObject({ unchanged: 1, held: 0 });
    });
    expect((await kinds())[1]).toBe('discarded SUPERSEDED');
  });

  it('is held all the same where it is not whole', async () => {
    const whole = ended('2026-03-01');
    await poll({ ...whole, employment: { id: '' } });
    expect(await kinds()).toEqual(['parked HELD_INCOMPLETE']);
  });

  it('stays untold when it is shown again because its person changed', async () => {
    await poll(ended('2026-03-01'));
    bench.clock.advance(3_600_000);
    const { employee, absence } = ended('2026-03-01');
    await poll(plainObservation({ employee: { ...employee, lastName: 'Anders' }, absence }));
    expect(await kinds()).toEqual([]);
  });

  it('is told when it was entered after the first load was complete', async () => {
    await poll(shown());
    bench.clock.advance(4 * 86_400_000);
    await poll(ended('2026-03-01', { caseId: 'C-9' }));
    expect(await kinds()).toEqual(['SickReport', 'SickReport', 'Recovery']);
    const percentages = [{ from: '2026-02-09', percentage: '50.00' }];
    await poll(ended('2026-03-01', { caseId: 'C-10', percentages }));
    expect((await kinds()).at(-1)).toBe('parked HELD_PARTIAL_PERCENTAGE');
  });

  it('is not history because a person discarded it: corrected, it is told', async () => {
    await poll(shown());
    bench.clock.advance(4 * 86_400_000);
    const percentages = [{ from: '2026-02-09', percentage: '50.00' }];
    await poll(ended('2026-03-01', { caseId: 'C-9', percentages }));
    const { store, clock } = bench;
    await store.write(async (tx) => {
      const [held] = await tx.outbox.list({ states: ['parked'] });
      if (held) await discardItem(held, { store, tx, reason: 'not advised', at: clock.now() });
    });
    await poll(ended('2026-03-01', { caseId: 'C-9' }));
    expect((await kinds()).slice(-2)).toEqual(['SickReport', 'Recovery']);
  });

  it('is told from its beginning once it is reopened', async () => {
    await poll(ended('2026-03-01'));
    await poll(
      shown({ firstDay: '2026-02-02', percentages: [{ from: '2026-02-02', percentage: '100.00' }] }),
    );
    expect(await kinds()).toEqual(['SickReport']);
  });
});

describe('a case that is no longer shown', () => {
  it('waits for a person with no more than its ids, and clears itself once it is shown again', async () => {
    await poll(shown());
    await poll(gone);
    expect(await kinds()).toEqual(['SickReport', 'parked HELD_DISAPPEARED']);
    await poll(gone);
    expect(await kinds()).toHaveLength(2);
    await poll(renamed);
    expect(await kinds()).toEqual(['SickReport', 'discarded HELD_DISAPPEARED', 'EmployeeChange']);
    const rows = (await bench.audit()).filter(({ action }) => action === 'discarded');
    expect(rows).toMatchObject([{ code: 'SUPERSEDED', actor: 'daemon' }]);
    expect(await bench.store.read((tx) => tx.ledger.diverged())).toEqual([]);
  });

  it('stays as the receiver has it when a person discards the question', async () => {
    await poll(shown());
    await poll(gone);
    const { store, clock } = bench;
    await store.write(async (tx) => {
      const [held] = await tx.outbox.list({ states: ['parked'] });
      if (held) await discardItem(held, { store, tx, reason: 'it is still there', at: clock.now() });
    });
    expect(await kinds()).toEqual(['SickReport', 'discarded HELD_DISAPPEARED']);
    expect(await store.read((tx) => tx.ledger.diverged())).toEqual([]);
    await poll(renamed);
    expect((await kinds()).at(-1)).toBe('EmployeeChange');
  });

  it('alarms nobody when it had recovered', async () => {
    await poll(shown());
    await poll(shown({ ended: true, recoveryDate: '2026-03-16' }));
    await poll(gone);
    expect(await kinds()).toEqual(['SickReport', 'Recovery']);
  });

  it('clears itself also while the question still waits behind something else', async () => {
    for (const one of [shown(), half, gone]) await poll(one);
    expect(await kinds()).toEqual(['SickReport', 'parked HELD_PARTIAL_PERCENTAGE', 'queued null']);
    await poll(shown());
    expect((await kinds()).slice(2)).toEqual(['discarded null', 'queued null']);
    const rows = (await bench.audit()).filter(({ action }) => action === 'discarded');
    expect(rows).toMatchObject([{ code: 'SUPERSEDED', actor: 'daemon' }]);
  });

  it('asks nothing when its turn comes and more of the case waits behind it', async () => {
    const { store, clock } = bench;
    const route = makeRoute('absences');
    const claim = async () => {
      const [taken] = await store.write((tx) =>
        tx.outbox.claim({ routes: ['absences'], limit: 1, at: clock.now() }),
      );
      const body = taken && (await store.read((tx) => tx.outbox.open(taken.id)));
      if (!taken || !body) throw new Error('nothing to claim');
      return { taken, body };
    };
    await poll(shown());
    const { taken: report } = await claim();
    await store.write(async (tx) => {
      await tx.outbox.markSending(report.id, clock.now());
      await tx.outbox.settle(report.id, { state: 'delivered', spent: true }, clock.now());
    });
    await poll(half);
    await poll(gone);
    await store.write(async (tx) => {
      const [held] = await tx.outbox.list({ states: ['parked'] });
      if (held) await discardItem(held, { store, tx, reason: 'not advised', at: clock.now() });
    });
    // Under way while the source shows the case again.
    const { taken, body } = await claim();
    await poll(renamed);
    expect((await kinds()).slice(2)).toEqual(['claimed null', 'queued null']);
    await store.write((tx) =>
      resume(taken, body, { store, clock, tx, route, log: silentLog, reference: 'page', actor: 'daemon' }),
    );
    expect((await kinds()).slice(2)).toEqual(['discarded SUPERSEDED', 'queued null']);
    const next = await claim();
    await store.write((tx) =>
      resume(next.taken, next.body, {
        ...{ store, clock, tx, route, log: silentLog, reference: 'page', actor: 'daemon' },
      }),
    );
    expect((await kinds()).at(-1)).toBe('EmployeeChange');
  });
});
