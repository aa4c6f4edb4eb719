// Two processes on one PostgreSQL, one of them struck at a worst moment and outlived by the other; and the proof that the
// oracle finds what is lost, doubled or out of order among them: the same blows to a bridge that is broken on purpose.
// The long form is replicas-long.ts, and `npm run torture`.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import type { Broken } from './broken-files.js';
import { NO_FINDINGS } from './oracle.js';
import { runScene, type SceneFault } from './scene.js';
import { haltedWhilePolling, haltedWhileWriting, inTurn, killedAfterTheEffect } from './takeover-faults.js';

const SEED = 20_261_122;
let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

async function findingsOf(rounds: readonly SceneFault['round'][], broken?: Broken) {
  folder = tempFolder();
  const fault = {
    ...inTurn('struck at a worst moment', rounds),
    ...(broken && { job: { broken }, isProof: true }),
  };
  const series = {
    root: folder.path,
    seed: SEED,
    rounds: rounds.length,
    combination: 'PostgreSQL + embedded',
  } as const;
  const { lost, doubled, disordered, other } = await runScene({ ...series, fault });
  return { lost, doubled, disordered, other };
}

describe('two processes, one of them halted or killed', () => {
  it('lose nothing, double nothing and keep the order of every case', async () => {
    const rounds = [haltedWhilePolling, ...haltedWhileWriting(), killedAfterTheEffect];
    expect(await findingsOf(rounds)).toEqual(NO_FINDINGS);
  });

  it('are found out when they forget what they sent: it is told twice', async () => {
    expect((await findingsOf([killedAfterTheEffect], 'forgets')).doubled).toBeGreaterThan(0);
  });

  // The first case of this history is told of twice within five files.
  it('are found out when they note what they send too early: it is missing, and then comes too late', async () => {
    const { disordered, lost } = await findingsOf(haltedWhileWriting(), 'hasty');
    expect(lost).toBeGreaterThan(0);
    expect(disordered).toBeGreaterThan(0);
  });
});
