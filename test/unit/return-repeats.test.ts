// What comes in once more on the way back: it stays parked, is told once, or is a state that has come back.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Appointment, ReturnObservation } from '../../src/domain/return.js';
import type { Steps } from '../../src/steps.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { type PlainChanges, plainObservation } from '../support/plain-observation.js';
import { hear, type Said, toldBy } from '../support/return-intake.js';
import { appointmentOf, tied } from '../support/return-observation.js';

let bench: IntakeBench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

/** Sick reports come in and are delivered; gives the message reference of the first. */
async function deliverReports(...reports: readonly PlainChanges[]): Promise<string> {
  const source = scriptedSource();
  source.next(reports.map((changes) => plainObservation(changes)));
  await bench.poller(source, makeRoute('absences')).poll();
  const at = bench.clock.now();
  return bench.store.write(async (tx) => {
    const items = await tx.outbox.claim({ routes: ['absences'], limit: 9, at });
    for (const { id } of items) {
      await tx.outbox.markSending(id, at);
      await tx.outbox.settle(id, { state: 'delivered', spent: true }, at);
    }
    return items[0]?.id ?? '';
  });
}

const said = (one: ReturnObservation, kind: 'appointment' | 'advice' | 'result'): Said => ({
  kind,
  said: one,
});
const appointment = (changes: Partial<Appointment> = {}) =>
  said(tied({ appointment: appointmentOf(changes) }), 'appointment');
const advice = (percentage: string) =>
  said(tied({ advice: { percentages: [{ from: '2026-03-10', percentage }] } }), 'advice');
const refusal = (reference: string) =>
  said({ result: { reference, scope: 'report', outcome: 'refused', caseId: 'C-1', sequence: 9 } }, 'result');

const parked = async () =>
  (await bench.deliveries('back')).map(({ state, stage, code }) => `${state} ${stage} ${code}`);

/** The process dies once the page is committed: the source hands the same over again. */
const dying: Steps = {
  reach(step) {
    if (step === 'intake: committed, before the receipt') throw new Error('the process dies');
  },
};

describe('what is parked for a person', () => {
  const CASES: readonly [string, () => Promise<Said>][] = [
    ['RESULT_UNKNOWN_MESSAGE', async () => refusal('somebody-elses')],
    ['RESULT_OTHER_REPORT', async () => refusal(await deliverReports({}))],
    [
      'HELD_INCOMPLETE',
      async () => {
        await deliverReports({}, { employer: { id: 'W-8' } });
        const one = { ...tied({ appointment: appointmentOf() }), employer: {} };
        return said(one, 'appointment');
      },
    ],
  ];

  it.each(CASES)('as %s stays parked when it comes again', async (code, make) => {
    const one = await make();
    const waits = [`parked record ${code}`];
    expect(await hear(bench, [one])).toMatchObject({ parked: 1, unusable: 1 });
    for (let n = 0; n < 3; n += 1) {
      expect(await hear(bench, [one])).toMatchObject({ parked: 0, unusable: 1, duplicates: 0 });
      expect(await parked()).toEqual(waits);
    }
  });

  it.each(CASES)('as %s stays parked when a crash makes it come again', async (code, make) => {
    const one = await make();
    await expect(hear(bench, [one], { steps: dying })).rejects.toThrow('the process dies');
    await hear({ ...bench, store: await bench.reopen() }, [one]);
    const store = await bench.openAgain();
    const left = await store.read((tx) => tx.outbox.list({ route: 'back' }));
    expect(left.map(({ state, code: found }) => `${state} ${found}`)).toEqual([`parked ${code}`]);
  });
});

describe('a state that comes back, byte for byte as it was', () => {
  it('is told of an advice', async () => {
    await deliverReports({});
    for (const percentage of ['50.00', '40.00', '50.00', '50.00']) await hear(bench, [advice(percentage)]);
    const told = (await toldBy(bench)).map(({ advice: given }) => given?.percentages?.[0]?.percentage);
    expect(told).toEqual(['50.00', '40.00', '50.00']);
  });

  it('is told of an appointment', async () => {
    await deliverReports({});
    for (const status of ['planned', 'cancelled', 'planned', 'planned'] as const)
      await hear(bench, [appointment({ status })]);
    expect((await toldBy(bench)).map(({ kind }) => kind)).toEqual([
      'AppointmentScheduled',
      'AppointmentCancelled',
      'AppointmentScheduled',
    ]);
  });

  it('is parked again when it cannot be used, also after it was good meanwhile', async () => {
    await deliverReports({});
    const nameOf = () => ['the appointment'];
    const wrong = appointment({ status: 'perhaps' as 'planned' });
    await hear(bench, [wrong], { nameOf });
    await hear(bench, [appointment()], { nameOf });
    expect(await hear(bench, [wrong], { nameOf })).toMatchObject({ parked: 1 });
  });
});

describe('messages that come in out of their order', () => {
  const written = (createdAt: string | undefined, reference: string, changes: Partial<Appointment>): Said => {
    const message = { reference, ...(createdAt !== undefined && { createdAt }) };
    return said({ ...tied({ appointment: appointmentOf(changes) }), message }, 'appointment');
  };
  const kinds = async () => (await toldBy(bench)).map(({ kind }) => kind);

  it.each([
    ['2026-03-09 08:00:00', '2026-03-09 08:00:01'],
    ['2026-03-09 09:30:00+01:00', '2026-03-09 09:00:00Z'],
  ])('an appointment that was cancelled is not planned by what was written before', async (first, second) => {
    await deliverReports({});
    await hear(bench, [written(first, 'M-0', {})]);
    await hear(bench, [
      written(second, 'M-2', { status: 'cancelled' }),
      written(first, 'M-1', { time: '11:00' }),
    ]);
    expect(await kinds()).toEqual(['AppointmentScheduled', 'AppointmentCancelled']);
    await hear(bench, [
      written('2026-03-10 08:00:00Z', 'M-3', {}),
      written('2026-03-10 08:00:00', 'M-4', {}),
    ]);
    expect((await kinds()).at(-1)).toBe('AppointmentScheduled');
  });

  it('count in the order of their coming where nobody says when they were written', async () => {
    await deliverReports({});
    for (const [reference, status] of [
      ['M-2', 'planned'],
      ['M-3', 'cancelled'],
      ['M-1', 'planned'],
    ] as const)
      await hear(bench, [written(undefined, reference, { status })]);
    expect(await kinds()).toEqual(['AppointmentScheduled', 'AppointmentCancelled', 'AppointmentScheduled']);
  });
});

describe('what never arrived at the employer', () => {
  const endAll = (how: 'rejected' | 'discarded') =>
    bench.store.write(async (tx) => {
      const at = bench.clock.now();
      for (const { id } of await tx.outbox.claim({ routes: ['back'], limit: 9, at })) {
        await tx.outbox.markSending(id, at);
        await tx.outbox.settle(id, { state: how, spent: true }, at);
      }
    });
  const kinds = async () => (await toldBy(bench)).map(({ kind, sequence }) => `${sequence} ${kind}`);

  it.each(['rejected', 'discarded'] as const)(
    'since it was %s is told again when it comes again',
    async (how) => {
      await deliverReports({});
      const cancelled = appointment({ status: 'cancelled' });
      await hear(bench, [appointment(), advice('50.00')]);
      await endAll(how);
      await hear(bench, [appointment(), advice('50.00')]);
      await hear(bench, [cancelled]);
      // One after the other: they are of one lane.
      await endAll(how);
      await endAll(how);
      await hear(bench, [cancelled, cancelled]);
      expect(await kinds()).toEqual([
        '1 AppointmentScheduled',
        '1 AdviceGiven',
        '2 AppointmentScheduled',
        '2 AdviceGiven',
        '3 AppointmentCancelled',
        '4 AppointmentCancelled',
      ]);
    },
  );
});
