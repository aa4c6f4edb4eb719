// Two processes on one PostgreSQL, one of them struck at a worst moment and outlived by the other; and the proof that the
// oracle finds what is lost, doubled or out of order among them: the same blows to a bridge that is broken on purpose.
// The long form is replicas-long.ts, and `npm run torture`.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { type Findings, NO_FINDINGS } from './oracle.js';
import { runScene, type SceneFault } from './scene.js';
import {
  broken,
  haltedWhilePolling,
  haltedWhileWriting,
  inTurn,
  killedAfterTheEffect,
} from './takeover-faults.js';

let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

async function play(rounds: readonly SceneFault['round'][], more: Partial<SceneFault> = {}) {
  folder = tempFolder();
  return runScene({
    ...{ root: folder.path, seed: 20_261_122, rounds: rounds.length, combination: 'PostgreSQL + embedded' },
    fault: { ...inTurn('struck at a worst moment', rounds), replicas: 1, ...more },
  });
}

describe('two processes, one of them halted or killed', () => {
  it('lose nothing, double nothing and keep the order of every case', async () => {
    const rounds = [...haltedWhileWriting(), haltedWhilePolling, killedAfterTheEffect];
    const { lost, doubled, disordered, other } = await play(rounds);
    expect({ lost, doubled, disordered, other }).toEqual(NO_FINDINGS);
  });

  // The first case of this history is told of twice within five files.
  it('are found out when they note what they send too early, or forget that they sent it: it is missing, comes too late, comes twice', async () => {
    const [halted, goesOn] = haltedWhileWriting();
    const found: Findings[] = [];
    const rounds = [broken('hasty', halted), goesOn, broken('forgets', killedAfterTheEffect)];
    await play(rounds, { isProof: true, onLook: (findings) => void found.push(findings) });
    const [missing, late, twice] = found;
    expect(missing).toMatchObject({ doubled: 0, disordered: 0 });
    expect(missing?.lost).toBeGreaterThan(0);
    expect(late).toMatchObject({ lost: 0, doubled: 0 });
    expect(late?.disordered).toBeGreaterThan(0);
    expect(twice?.doubled).toBeGreaterThan(0);
  });
});
