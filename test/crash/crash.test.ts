// The short form of the crash tests: the bridge ends at every numbered step once and at some random moments, starts
// again each time, and in the end nothing is lost, doubled or out of order. `npm run torture` is the long form.
import { afterAll, describe, expect, it } from '@jest/globals';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { type Fault, RANDOM_FAULTS, STEP_FAULTS } from './fault.js';
import { NO_FINDINGS } from './oracle.js';
import { runSeries } from './series.js';

const SEED = 20_261_122;
const folders: TempFolder[] = [];

afterAll(() => {
  for (const folder of folders) folder.remove();
});

/** Every second fault, so that both series take about as long. */
const share = (of: number): Fault[] =>
  [...STEP_FAULTS, ...RANDOM_FAULTS].filter((_, index) => index % 2 === of);

async function crashAt(faults: readonly Fault[], seed: number) {
  const folder = tempFolder();
  folders.push(folder);
  const { lost, doubled, disordered, other, missed, rounds } = await runSeries({
    ...{ root: folder.path, seed, faults },
  });
  return { findings: { lost, doubled, disordered, other }, missed, rounds };
}

describe('a bridge that is killed at every step of the path', () => {
  it('loses nothing, doubles nothing and keeps the order of every case', async () => {
    const runs = await Promise.all([0, 1].map((of) => crashAt(share(of), SEED + of)));
    const clean = { findings: NO_FINDINGS, missed: [] };
    expect(runs.map(({ findings, missed }) => ({ findings, missed }))).toEqual([clean, clean]);
    const reached = new Set(runs.flatMap(({ rounds }) => [...rounds.keys()]));
    expect(STEP_FAULTS.filter(({ name }) => !reached.has(name))).toEqual([]);
  }, 300_000);
});
