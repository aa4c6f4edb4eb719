// The way back over the real intake and store: what an arbodienst says is tied to a known case, told once with the
// employer's own ids, or leaves nothing behind.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resume } from '../../src/acceptance/resume.js';
import type { Observation } from '../../src/domain/observation.js';
import { silentLog } from '../../src/log.js';
import type { Delivery } from '../../src/store/types.js';
import { filesBelow, findWords, inText } from '../support/byte-search.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';
import { hear, makeReturnRoute, toldBy } from '../support/return-intake.js';
import { appointmentOf, everyField, tied } from '../support/return-observation.js';

let bench: IntakeBench;

beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

async function report(...observations: readonly Observation[]): Promise<void> {
  const source = scriptedSource();
  source.next(observations);
  await bench.poller(source, makeRoute('absences')).poll();
}

const planned = (changes = {}, reference?: string) => ({
  kind: 'appointment' as const,
  said: tied({ appointment: appointmentOf(changes) }, reference),
});
const rows = async (action: string) => (await bench.audit()).filter((row) => row.action === action);
const parked = async (): Promise<Partial<Delivery>[]> =>
  (await bench.deliveries('back'))
    .filter(({ state }) => state === 'parked')
    .map(({ code, stage, detail }) => ({ code, stage, detail }));

describe('an appointment', () => {
  it("of a known case is told with the employer's own ids and names", async () => {
    await report(plainObservation({ employment: { personnelNumber: '4711' } }));
    expect(await hear(bench, [planned()])).toMatchObject({ queued: 1, leftOut: 0 });
    expect(await toldBy(bench)).toEqual([
      {
        kind: 'AppointmentScheduled',
        employer: { id: 'W-7', name: 'Scholengroep Het Baken' },
        employee: { id: '007', lastName: 'Voorbeeld' },
        employment: { id: 'D-1', personnelNumber: '4711' },
        absence: { caseId: 'C-1', firstDay: '2026-03-02' },
        sequence: 1,
        appointment: appointmentOf(),
      },
    ]);
  });

  it('is found by employee and first day where the arbodienst numbers cases by itself', async () => {
    await report(plainObservation());
    const said = tied({ appointment: appointmentOf(), absence: { caseId: 'V-99', firstDay: '2026-03-02' } });
    await hear(bench, [{ kind: 'appointment', said }]);
    const [told] = await toldBy(bench);
    expect(told?.absence.caseId).toBe('C-1');
  });

  it("with our own key is of that employer's case alone, though another has one of the same number", async () => {
    await report(plainObservation());
    const absence = { caseId: 'C-1', employerId: 'W-8' };
    const strange = { kind: 'appointment' as const, said: { absence, appointment: appointmentOf() } };
    expect(await hear(bench, [strange])).toMatchObject({ queued: 0, leftOut: 1 });
    const own = { ...absence, employerId: 'W-7' };
    const said = { absence: own, appointment: appointmentOf() };
    expect(await hear(bench, [{ kind: 'appointment', said }])).toMatchObject({ queued: 1 });
  });

  it('moves, is repeated and is cancelled in one lane', async () => {
    await report(plainObservation());
    await hear(bench, [planned({}, 'M-1'), planned({ time: '11:00' }, 'M-2')]);
    await hear(bench, [planned({ time: '11:00' }, 'M-3'), planned({ status: 'cancelled' }, 'M-4')]);
    expect((await toldBy(bench)).map(({ kind, sequence }) => `${sequence} ${kind}`)).toEqual([
      '1 AppointmentScheduled',
      '2 AppointmentMoved',
      '3 AppointmentCancelled',
    ]);
    const lanes = new Set((await bench.deliveries('back')).map(({ lane }) => lane));
    expect(lanes.size).toBe(1);
  });

  it('goes on when the employer renumbers the employee, whichever number the arbodienst uses', async () => {
    await report(plainObservation());
    await hear(bench, [planned()]);
    await report(plainObservation({ employee: { id: '1007', previousId: '007' } }));
    await hear(bench, [planned({ time: '11:00' })]);
    const renumbered = {
      ...tied({ appointment: appointmentOf({ status: 'cancelled' }) }),
      employee: { id: '1007' },
    };
    await hear(bench, [{ kind: 'appointment', said: renumbered }]);
    expect(
      (await toldBy(bench)).map(({ kind, sequence, employee }) => [kind, sequence, employee.id]),
    ).toEqual([
      ['AppointmentScheduled', 1, '007'],
      ['AppointmentMoved', 2, '1007'],
      ['AppointmentCancelled', 3, '1007'],
    ]);
    expect(new Set((await bench.deliveries('back')).map(({ lane }) => lane)).size).toBe(1);
  });

  it('is told the same however its messages come in: in one page, one by one, or once more', async () => {
    await report(plainObservation());
    const all = [
      planned({}, 'M-1'),
      planned({ time: '11:00' }, 'M-2'),
      planned({ status: 'no-show', time: '11:00' }, 'M-3'),
    ];
    const other = makeReturnRoute({ name: 'other', from: 'elsewhere' });
    await hear(bench, all);
    for (const one of all) await hear(bench, [one], { route: other });
    await hear(bench, [...all, ...all], { route: other });
    const [whole, split] = [await toldBy(bench), await toldBy(bench, 'other')];
    expect(whole).toHaveLength(3);
    expect(split).toEqual(whole);
  });

  it('that comes in again as it stands is not told again', async () => {
    await report(plainObservation());
    await hear(bench, [planned()]);
    expect(await hear(bench, [planned()])).toMatchObject({ unchanged: 1, queued: 0 });
  });

  it('that cannot be mapped is parked as it is, and goes on once the mapping is mended', async () => {
    await report(plainObservation());
    const problems = [{ code: 'MAPPING_UNKNOWN_CODE', path: 'appointment.form' }] as const;
    const route = makeReturnRoute();
    const broken = { ...route.mappings.out.appointment, apply: () => ({ ok: false, problems }) };
    const failing = {
      ...route,
      mappings: { ...route.mappings, out: { appointment: broken } },
    } as typeof route;
    expect(await hear(bench, [planned()], { route: failing })).toMatchObject({ parked: 1 });
    const [item] = await bench.deliveries('back');
    expect(item).toMatchObject({ stage: 'notification', kind: 'AppointmentScheduled' });
    await resumeItem(item?.id ?? '', route);
    expect(await toldBy(bench)).toHaveLength(1);
  });
});

async function resumeItem(id: string, route: ReturnType<typeof makeReturnRoute>): Promise<void> {
  const { store, clock } = bench;
  await store.write((tx) => tx.outbox.release(id, [], clock.now()));
  await store.write(async (tx) => {
    const [claimed] = await tx.outbox.claim({ routes: [route.name], limit: 1, at: clock.now() });
    const body = await tx.outbox.open(id);
    if (!claimed || !body) throw new Error('nothing is due');
    await resume(claimed, body, { store, clock, tx, route, log: silentLog, reference: 'x', actor: 'daemon' });
  });
}

describe('what the employer may not know of', () => {
  it.each([
    ['of no absence', tied({ appointment: appointmentOf() }), { absence: undefined }],
    [
      'of a case that nobody reported',
      tied({ appointment: appointmentOf() }),
      { absence: { caseId: 'C-9' } },
    ],
    ['of another first day', tied({ appointment: appointmentOf() }), { absence: { firstDay: '2026-01-05' } }],
    ['of another employee', tied({ appointment: appointmentOf() }), { employee: { id: '008' } }],
    [
      'that may be anonymous',
      tied({ appointment: appointmentOf() }),
      { appointment: { ...appointmentOf(), anonymous: 'unknown' } },
    ],
    ['that is anonymous', tied({ appointment: appointmentOf({ anonymous: true }) }), {}],
    [
      'that is an advice of no case',
      tied({ advice: { reportDate: '2026-03-20' } }),
      { absence: { caseId: 'C-9' } },
    ],
  ])('an appointment %s leaves nothing but a count', async (_what, said, changes) => {
    await report(plainObservation());
    const before = (await bench.audit()).length;
    const whole = JSON.parse(JSON.stringify({ ...said, ...changes }));
    const kind = whole.advice ? 'advice' : 'appointment';
    expect(await hear(bench, [{ kind, said: whole }])).toMatchObject({ leftOut: 1, queued: 0, parked: 0 });
    expect(await bench.deliveries('back')).toEqual([]);
    const added = (await bench.audit()).slice(before);
    expect(added).toMatchObject([{ action: 'left-out', route: 'back' }]);
    for (const name of ['subject', 'caseKey', 'deliveryId', 'details'])
      expect(added[0]).not.toHaveProperty(name);
  });

  it('is told after all once its case is known and it comes in again', async () => {
    await hear(bench, [planned()]);
    await report(plainObservation());
    expect(await hear(bench, [planned()])).toMatchObject({ queued: 1 });
  });

  it('a medical file raises an alarm, and nothing of it is kept', async () => {
    await report(plainObservation());
    const said = { employee: { id: '007' }, diagnosis: 'depressie na miskraam' };
    expect(await hear(bench, [{ kind: 'medical-file', said }])).toMatchObject({ parked: 1 });
    expect(await parked()).toEqual([
      { code: 'HELD_MEDICAL_FILE', stage: 'record', detail: 'HELD_MEDICAL_FILE /' },
    ]);
    expect(await rows('parked')).toMatchObject([{ code: 'HELD_MEDICAL_FILE' }]);
  });
});

describe('what does not belong on the route', () => {
  it('an absence from an arbodienst is parked', async () => {
    const said = JSON.parse(JSON.stringify(plainObservation()));
    await hear(bench, [{ said }]);
    expect(await parked()).toMatchObject([{ code: 'KIND_NOT_CARRIED', stage: 'record' }]);
  });

  it.each(['appointment', 'document', 'result', 'advice'] as const)(
    'a record of kind %s from an employer is parked',
    async (kind) => {
      const route = makeRoute('absences') as unknown as ReturnType<typeof makeReturnRoute>;
      await hear(bench, [{ kind, said: tied({}) }], { route });
      expect(await bench.deliveries()).toMatchObject([{ code: 'KIND_NOT_CARRIED', stage: 'record' }]);
    },
  );

  it('what the receiver does not take is counted', async () => {
    await report(plainObservation());
    const route = makeReturnRoute();
    const none = { ...route, mappings: { ...route.mappings, out: {} } };
    expect(await hear(bench, [planned()], { route: none })).toMatchObject({ leftOut: 1 });
    expect(await rows('left-out')).toMatchObject([{ code: 'NOT_TAKEN' }]);
  });
});

describe('marked medical words in every field of an arbodienst', () => {
  const WORDS = ['depressie', 'miskraam'];
  const MARK = 'depressie na miskraam';

  it.each(['appointment', 'advice', 'document'] as const)(
    'of its %s are nowhere: not on the way, not in the audit, not in any file of the store',
    async (kind) => {
      await report(plainObservation());
      const { employer, employee, absence } = tied({});
      const marked = everyField(MARK);
      const whole = {
        appointment: appointmentOf(),
        advice: { id: 'V-1' },
        document: { id: 'D-1', kind: 'plan' },
      };
      const spared = { abilities: [], limitations: [], adaptations: [], role: MARK, kind: MARK };
      const { deathDate, ...alive } = { ...marked.employee, ...employee };
      const said = {
        ...marked,
        ...{ absence, employee: alive, employer: { ...marked.employer, ...employer } },
        [kind]: { ...marked[kind], ...whole[kind], ...(kind !== 'document' && spared) },
      };
      const route = makeReturnRoute({}, { documents: ['plan'] });
      const taken = await hear(bench, [{ kind, said: JSON.parse(JSON.stringify(said)) }], { route });
      expect(taken).toMatchObject({ queued: 1 });
      expect(findWords([inText('told', JSON.stringify(await toldBy(bench)))], WORDS)).toEqual([]);
      expect(findWords([inText('audit', JSON.stringify(await bench.audit()))], WORDS)).toEqual([]);
      expect(findWords(filesBelow(bench.folder), WORDS)).toEqual([]);
    },
  );
});
