// An advice of the arbodienst: told when it says something new, and it opens its percentages for the case on the route that
// reports it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resume } from '../../src/acceptance/resume.js';
import type { Observation } from '../../src/domain/observation.js';
import type { Advice } from '../../src/domain/return.js';
import { silentLog } from '../../src/log.js';
import { createGate, DEFAULT_GATE_OPTIONS, type GateOptions } from '../../src/privacy/gate.js';
import type { AbsenceRoute } from '../../src/route.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { type PlainChanges, plainObservation } from '../support/plain-observation.js';
import { hear, makeReturnRoute, toldBy } from '../support/return-intake.js';
import { tied } from '../support/return-observation.js';

let bench: IntakeBench;

beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

function routeWith(options: Partial<GateOptions> = { partialPercentage: 'with-advice' }): AbsenceRoute {
  const direction = { from: 'employer', to: 'arbodienst' };
  const all = { ...DEFAULT_GATE_OPTIONS, ...options };
  return makeRoute('absences', { options: all, gate: createGate(direction, all) });
}

async function report(changes: PlainChanges, route = routeWith()): Promise<void> {
  const source = scriptedSource({ showsStates: true });
  source.next([plainObservation(changes) as Observation]);
  await bench.poller(source, route).poll();
}

const percentageFrom = (from: string, percentage: string): PlainChanges => ({
  absence: { effectiveDate: from, percentages: [{ from, percentage }] },
});

const advise = (advice: Advice, reference?: string) =>
  hear(bench, [{ kind: 'advice', said: JSON.parse(JSON.stringify(tied({ advice }, reference))) }]);

/** As the runner does it: what is due goes as far as it can without being sent. */
async function goOn(route = routeWith()): Promise<void> {
  const { store, clock } = bench;
  await store.write(async (tx) => {
    for (const item of await tx.outbox.claim({ routes: [route.name], limit: 9, at: clock.now() })) {
      const body = await tx.outbox.open(item.id);
      if (!body) throw new Error('it has no body');
      const at = { store, clock, tx, log: silentLog, reference: 'x', actor: 'daemon' };
      if (body.stage === 'observation') await resume(item, body, { ...at, route });
      else await tx.outbox.settle(item.id, { state: 'discarded', spent: false }, clock.now());
    }
  });
}

const open = async () =>
  (await bench.deliveries())
    .filter(({ state }) => state === 'queued' || state === 'parked')
    .map(({ kind, state, code }) => `${state} ${kind ?? code ?? ''}`.trim());

const HALF: Advice = { id: 'V-1', percentages: [{ from: '2026-03-23', percentage: '50.00' }] };

describe('the percentage of an advice', () => {
  it('clears what the employer states of the case from then on', async () => {
    await report({});
    await advise(HALF);
    await report(percentageFrom('2026-03-23', '50.00'));
    expect(await open()).toEqual(['queued SickReport', 'queued AbsenceChange']);
  });

  it('lets go on what was held for want of it, without an approval and in its order', async () => {
    await report({});
    await goOn();
    await report(percentageFrom('2026-03-23', '50.00'));
    await report(percentageFrom('2026-04-06', '0.00'));
    expect(await open()).toEqual(['parked HELD_PARTIAL_PERCENTAGE', 'queued']);
    await advise(HALF);
    expect((await bench.deliveries()).at(1)).toMatchObject({ state: 'queued', approvals: [] });
    await goOn();
    expect((await open())[0]).toBe('queued AbsenceChange');
    expect((await bench.audit()).some(({ action }) => action === 'advised')).toBe(true);
  });

  it('does not clear another percentage, nor that of another case', async () => {
    await report({});
    await goOn();
    await report(percentageFrom('2026-03-23', '40.00'));
    await advise(HALF);
    await goOn();
    expect(await open()).toEqual(['parked HELD_PARTIAL_PERCENTAGE']);
    const other = { employee: { id: '008' }, employment: { id: 'D-2' } };
    await report({ ...other, absence: { caseId: 'C-2' } });
    await goOn();
    await report({
      ...other,
      absence: { caseId: 'C-2', percentages: [{ from: '2026-03-23', percentage: '50.00' }] },
    });
    expect(await open()).toEqual(['parked HELD_PARTIAL_PERCENTAGE', 'parked HELD_PARTIAL_PERCENTAGE']);
  });

  it('is known too when the employer gets no advice by this route', async () => {
    await report({});
    const route = { ...makeReturnRoute(), mappings: { in: makeReturnRoute().mappings.in, out: {} } };
    const said = JSON.parse(JSON.stringify(tied({ advice: HALF })));
    expect(await hear(bench, [{ kind: 'advice', said }], { route })).toMatchObject({ leftOut: 1 });
    await report(percentageFrom('2026-03-23', '50.00'));
    expect(await open()).toEqual(['queued SickReport', 'queued AbsenceChange']);
  });

  it('of therapeutic work clears that', async () => {
    await report({});
    await goOn();
    await report({ absence: { therapeuticPercentage: '25.00' } });
    expect(await open()).toEqual(['parked HELD_THERAPEUTIC']);
    await advise({ id: 'V-1', therapeuticPercentage: '25.00' });
    await goOn();
    expect(await open()).toEqual(['queued AbsenceChange']);
  });
});

describe('an advice', () => {
  const told = async () => (await toldBy(bench)).map(({ sequence, advice }) => [sequence, advice]);

  it('is told again only when it says something else', async () => {
    await report({});
    const more = { ...HALF, limitations: [{ text: 'Niet tillen' }] };
    await advise(HALF, 'M-1');
    await advise(HALF, 'M-2');
    await advise(more, 'M-3');
    await advise(HALF, 'M-1');
    expect(await told()).toEqual([
      [1, HALF],
      [2, more],
    ]);
  });

  it('that is older than what was told is not told', async () => {
    await report({});
    await advise({ reportDate: '2026-03-20', expectedRecovery: '2026-06-01' });
    await advise({ reportDate: '2026-03-10', expectedRecovery: '2026-05-01' });
    expect(await told()).toHaveLength(1);
  });

  it('with a medical word is kept nowhere, opens nothing, and clears its entry once it comes without', async () => {
    await report({});
    const nameOf = () => ['advice V-1'];
    const say = (text: string) =>
      hear(
        bench,
        [
          {
            kind: 'advice',
            said: JSON.parse(JSON.stringify(tied({ advice: { ...HALF, abilities: [{ text }] } }))),
          },
        ],
        { nameOf },
      );
    expect(await say('Kan zitten ondanks zijn depressie')).toMatchObject({ parked: 1 });
    const [item] = await bench.deliveries('back');
    expect(item).toMatchObject({ stage: 'record', code: 'HELD_MEDICAL_WORDS', state: 'parked' });
    expect(await bench.store.read((tx) => tx.outbox.open(item?.id ?? ''))).toBeNull();
    await report(percentageFrom('2026-03-23', '50.00'));
    expect(await open()).toContain('parked HELD_PARTIAL_PERCENTAGE');
    expect(await say('Kan zitten')).toMatchObject({ queued: 1 });
    expect((await bench.deliveries('back'))[0]).toMatchObject({ state: 'discarded' });
    expect(await told()).toHaveLength(1);
  });
});
