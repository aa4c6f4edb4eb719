// Which case an arbodienst speaks about, over the real intake and store: by employer and employment, never by chance.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { caseKeys } from '../../src/acceptance/place.js';
import type { Observation } from '../../src/domain/observation.js';
import type { ReturnObservation } from '../../src/domain/return.js';
import { derive } from '../../src/privacy/gate.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';
import { hear, makeReturnRoute, toldBy } from '../support/return-intake.js';
import { appointmentOf, tied } from '../support/return-observation.js';

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

const ofDay = { firstDay: '2026-03-02' };
const appointment = (changes: Partial<ReturnObservation> = {}) => ({
  kind: 'appointment' as const,
  said: JSON.parse(JSON.stringify({ ...tied({ appointment: appointmentOf() }), ...changes })),
});
const told = async () => (await toldBy(bench)).map(({ employer, absence }) => [employer.id, absence.caseId]);

describe('the employer that an arbodienst names', () => {
  it('decides between people of one number, also where only one of them is ill', async () => {
    await report(plainObservation());
    expect(await hear(bench, [appointment({ employer: { id: 'W-8' }, absence: ofDay })])).toMatchObject({
      leftOut: 1,
    });
    await report(plainObservation({ employer: { id: 'W-8' }, absence: { caseId: 'C-8' } }));
    await hear(bench, [appointment({ employer: { id: 'W-8' }, absence: ofDay })]);
    expect(await told()).toEqual([['W-8', 'C-8']]);
  });

  it('may have the number that the report gave it, which is then not read as our own', async () => {
    await report(
      plainObservation(),
      plainObservation({ employer: { id: 'W-8' }, absence: { caseId: 'C-8' } }),
    );
    const employerIds = { absences: { 'W-7': 'W-8', 'W-8': '99' } };
    const route = makeReturnRoute({ employerIds });
    await hear(bench, [appointment({ employer: { id: 'W-8' }, absence: ofDay })], { route });
    await hear(bench, [appointment({ employer: { id: '99' }, absence: ofDay })], { route });
    expect(await told()).toEqual([
      ['W-7', 'C-1'],
      ['W-8', 'C-8'],
    ]);
  });

  it('fits nothing where nobody knows its number', async () => {
    await report(plainObservation());
    expect(await hear(bench, [appointment({ employer: { id: '6431' } })])).toMatchObject({ leftOut: 1 });
  });

  it('is asked of a person where it is not named and several fit', async () => {
    await report(plainObservation(), plainObservation({ employer: { id: 'W-8' } }));
    expect(await hear(bench, [appointment({ employer: {} })])).toMatchObject({ parked: 1, queued: 0 });
    await hear(bench, [appointment()]);
    expect(await told()).toEqual([['W-7', 'C-1']]);
  });
});

describe('one person with two employments, ill on the same day', () => {
  const second = plainObservation({
    employment: { id: 'D-2', personnelNumber: '4712' },
    absence: { caseId: 'C-2' },
  });
  const both = [plainObservation({ employment: { personnelNumber: '4711' } }), second];
  const ofEmployment = (employment: object, reference: string) =>
    appointment({ employment, absence: ofDay, message: { reference } });

  it('has two cases: the employment decides, by its id or its personnel number', async () => {
    await report(...both);
    await hear(bench, [
      ofEmployment({ id: 'D-2' }, 'M-1'),
      ofEmployment({ id: 'D-1' }, 'M-2'),
      ofEmployment({ id: 'theirs', personnelNumber: '4712' }, 'M-3'),
    ]);
    expect(await told()).toEqual([
      ['W-7', 'C-2'],
      ['W-7', 'C-1'],
    ]);
  });

  it.each([{}, { id: 'theirs' }])('asks a person where it is not told which: %j', async (employment) => {
    await report(...both);
    await hear(bench, [ofEmployment(employment, 'M-1')]);
    const [item] = await bench.deliveries('back');
    expect(item).toMatchObject({ state: 'parked', code: 'HELD_INCOMPLETE', stage: 'record' });
    expect(item?.detail).toMatch(/employment\.id: Several cases .* name the case or the employment/);
  });

  it('has one left when the other is withdrawn', async () => {
    const { absence, ...people } = second;
    await report(...both, { ...people, absence: { ...absence, withdrawn: true } });
    await hear(bench, [ofEmployment({}, 'M-1')]);
    expect(await told()).toEqual([['W-7', 'C-1']]);
  });
});

describe('a case that the arbodienst was not told of, or that was withdrawn', () => {
  const { absence, ...people } = plainObservation();
  const withdrawn = { ...people, absence: { ...absence, withdrawn: true } };
  const cancelled = (id: string) => appointment({ appointment: appointmentOf({ id, status: 'cancelled' }) });
  const kept = async () => (await bench.audit()).filter(({ action }) => action === 'observed').length;

  it.each(['withdrawn', 'never told'])(
    'lets no appointment through, and keeps nothing of it: %s',
    async (which) => {
      await report(plainObservation(), ...(which === 'withdrawn' ? [withdrawn] : []));
      if (which === 'never told') await untell();
      const before = await kept();
      expect(await hear(bench, [appointment(), cancelled('A-1')])).toMatchObject({ leftOut: 2, queued: 0 });
      expect(await kept()).toBe(before);
    },
  );

  it('lets through that an appointment is cancelled which the employer was told of', async () => {
    await report(plainObservation());
    await hear(bench, [appointment()]);
    await report(withdrawn);
    expect(await hear(bench, [cancelled('A-2'), cancelled('A-1')])).toMatchObject({ leftOut: 1, queued: 1 });
    expect((await toldBy(bench)).map(({ kind }) => kind)).toEqual([
      'AppointmentScheduled',
      'AppointmentCancelled',
    ]);
  });

  /** As it is with what had ended before the route began. */
  async function untell(): Promise<void> {
    const { store, clock } = bench;
    await store.write(async (tx) => {
      const [found] = await tx.ledger.findCase(['absences'], { caseId: 'C-1' });
      if (!found) throw new Error('there is no case');
      const { caseReference } = caseKeys({ store, route: { name: 'absences' } }, 'W-7', 'C-1');
      const state = derive(found.state, (known) => ({ ...known, notified: 0 }));
      await tx.ledger.put('absences', found.caseKey, caseReference, state, clock.now());
    });
  }
});
