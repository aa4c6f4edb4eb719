// The simulated Visma Verzuim keeps the documented rules after any sequence of calls, and every answer on the way is one that
// the published description allows.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Rules } from '../../connectors/visma-verzuim/simulator/index.js';
import { openVerzuimBench, type VerzuimBench } from '../support/verzuim-bench.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

const FIRST = Date.UTC(2026, 0, 1);
const day = fc
  .integer({ min: 0, max: 80 })
  .map((days) => new Date(FIRST + days * 86_400_000).toISOString().slice(0, 10));
const percentage = fc.constantFrom(0, 25, 50, 100);
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6');
const employmentKey = fc.constantFrom('e-1', 'e-2');

type Step =
  | { readonly kind: 'post'; readonly body: object }
  | { readonly kind: 'patch'; readonly body: object }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'dossier'; readonly at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      body: fc.record(
        {
          employmentKey,
          dateStart: day,
          recoveryPercentage: percentage,
          externalKey: key,
          setDossierKey: key,
          newDossier: fc.boolean(),
        },
        { requiredKeys: ['employmentKey', 'dateStart', 'recoveryPercentage'] },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('patch' as const),
      body: fc.record({ key, dateStart: day, recoveryPercentage: percentage }, { requiredKeys: ['key'] }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dossier' as const), at: fc.nat(20) }) },
);

const rules: fc.Arbitrary<Partial<Rules>> = fc.record({
  duplicateKeys: fc.constant('refuse' as const),
  compileCountsFrom: fc.constantFrom('recovery' as const, 'last-sick-day' as const),
  emptyDossier: fc.constantFrom('open' as const, 'completed' as const, 'removed' as const),
  firstDayMovesDossier: fc.boolean(),
});

/** The status; null when there was nothing to do it to. */
async function take(taken: Step): Promise<number | null> {
  const { simulator } = bench;
  if (taken.kind === 'post' || taken.kind === 'patch') {
    const method = taken.kind === 'post' ? 'POST' : 'PATCH';
    return (await bench.call(method, '/absence-course', { body: taken.body })).status;
  }
  const rows = taken.kind === 'delete' ? simulator.courses() : simulator.dossiers();
  const id = rows[taken.at % Math.max(1, rows.length)]?.id;
  if (id === undefined) return null;
  if (taken.kind === 'delete') return (await bench.call('DELETE', `/absence-course/${id}`)).status;
  return (await bench.call('PATCH', '/dossier/illness', { body: { id, pva: true } })).status;
}

function keepsTheRules({ emptyDossier, firstDayMovesDossier }: Partial<Rules>): void {
  const { simulator } = bench;
  const courses = simulator.courses();
  for (const dossier of simulator.dossiers()) {
    const mine = courses.filter(({ dossierId }) => dossierId === dossier.id);
    const days = mine.map(({ dateStart }) => dateStart);
    expect(new Set(days).size).toBe(days.length);
    expect(mine.every(({ employmentId }) => employmentId === dossier.employmentId)).toBe(true);
    const [first, last] = [mine[0], mine.at(-1)];
    if (first && firstDayMovesDossier) expect(dossier.dateStart).toBe(first.dateStart);
    if (last) {
      expect(dossier.dossierStatus).toBe(last.recoveryPercentage === 100 ? 'completed' : 'open');
      expect(dossier.dateEnd).toBe(last.recoveryPercentage === 100 ? last.dateStart : null);
    } else expect(dossier.dossierStatus).toBe(emptyDossier);
  }
  const dossierIds = new Set(simulator.dossiers().map(({ id }) => id));
  expect(courses.every(({ dossierId }) => dossierIds.has(dossierId))).toBe(true);
  for (const rows of [courses, simulator.dossiers()]) {
    const keys = rows.map(({ externalKey }) => externalKey).filter((found) => found !== null);
    expect(new Set(keys).size).toBe(keys.length);
  }
  const open = simulator.openCases('2027-01-01').length;
  expect(open).toBe(
    simulator
      .dossiers()
      .filter(
        ({ id, dossierStatus }) =>
          dossierStatus === 'open' && courses.some(({ dossierId }) => dossierId === id),
      ).length,
  );
}

describe('after any sequence of calls', () => {
  it('one course per day and dossier, completed exactly when its last course is 100, keys unique', async () => {
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(rules, fc.array(step, { minLength: 4, maxLength: 14 }), async (chosen, steps) => {
        await bench.start({ rules: chosen });
        bench.simulator.addEmployee({ externalKey: 'p-1' });
        bench.simulator.addEmployment({ employee: 'p-1', externalKey: 'e-1' });
        bench.simulator.addEmployment({ employee: 'p-1', externalKey: 'e-2' });
        for (const taken of steps) {
          const before = JSON.stringify([bench.simulator.courses(), bench.simulator.dossiers()]);
          const status = await take(taken);
          if (status === null) continue;
          expect([200, 201, 400]).toContain(status);
          const after = JSON.stringify([bench.simulator.courses(), bench.simulator.dossiers()]);
          if (status === 400) expect(after).toBe(before);
          if (status === 400) refused += 1;
          else accepted += 1;
          keepsTheRules(chosen);
        }
      }),
      { numRuns: 40 },
    );
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(20);
  });
});
