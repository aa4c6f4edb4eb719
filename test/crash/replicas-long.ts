// The short form of what `npm run torture` does to several processes on one PostgreSQL, and the proof that its oracle
// finds something: the same killing of a bridge that is broken on purpose.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { strikeSurely } from './fleet.js';
import { NO_FINDINGS } from './oracle.js';
import { REPLICA_KILL } from './process-faults.js';
import { runScene, type SceneFault } from './scene.js';
import { ROUTES } from './site.js';

const SEED = 20_261_122;
let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

/** The worst moment: a file is in the outbox, nobody has written that down, and its receiver takes it away. */
const KILLED_AFTER_THE_EFFECT: SceneFault = {
  name: 'killed after the effect',
  replicas: 2,
  files: 4,
  async round({ site, fleet, owners, add }) {
    const [victim] = fleet.living;
    if (!victim) throw new Error('nobody is left');
    await strikeSurely(victim, { signal: 'SIGKILL', step: 'message: renamed', occurrence: 1 }, 5_000);
    await victim.gone;
    for (const route of ROUTES) site.take(route);
    await owners.age(victim, 0);
    await add();
  },
};

async function findingsOf(fault: SceneFault, rounds: number) {
  folder = tempFolder();
  const series = { root: folder.path, seed: SEED, rounds, combination: 'PostgreSQL + embedded' } as const;
  const { lost, doubled, disordered, other } = await runScene({ ...series, fault });
  return { lost, doubled, disordered, other };
}

describe('replicas that are killed and replaced', () => {
  it('lose nothing, double nothing and keep the order of every case', async () => {
    expect(await findingsOf(REPLICA_KILL, 1)).toEqual(NO_FINDINGS);
  }, 200_000);

  // Not broken, the same series is part of every full run of the torture suite.
  it('double something, and are found out, when they forget what they sent', async () => {
    const { doubled } = await findingsOf({ ...KILLED_AFTER_THE_EFFECT, job: { forgets: true } }, 2);
    expect(doubled).toBeGreaterThan(0);
  }, 200_000);
});
