// The short form of what `npm run torture` does to several processes on one PostgreSQL, and the proof that its oracle
// finds something by the end of a series: the same history with a bridge that is broken on purpose.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import type { Broken } from './broken-files.js';
import { NO_FINDINGS } from './oracle.js';
import { HALT, REPLICA_KILL } from './process-faults.js';
import { runScene, type SceneFault } from './scene.js';
import type { Combination } from './servers.js';
import { broken, inTurn, killedAfterTheEffect, killedWhileWriting } from './takeover-faults.js';

const SERVER: Combination = 'PostgreSQL + embedded';
const SERVER_REDIS: Combination = 'PostgreSQL + Redis';
const SEED = 20_261_122;
let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

async function findingsOf(fault: SceneFault, rounds: number, combination = SERVER) {
  folder = tempFolder();
  const series = { root: folder.path, seed: SEED, rounds, combination, fault };
  const { lost, doubled, disordered, other } = await runScene(series);
  return { lost, doubled, disordered, other };
}

/** Three, of whom two are killed one after the other. */
function killed(how?: Broken): SceneFault {
  const rounds = [killedAfterTheEffect, killedWhileWriting];
  const struck = how ? rounds.map((round) => broken(how, round)) : rounds;
  return { ...inTurn('killed in the midst of sending', struck), replicas: 3 };
}

describe('replicas that are killed and replaced', () => {
  it('lose nothing, double nothing and keep the order of every case', async () => {
    expect(await findingsOf(REPLICA_KILL, 2)).toEqual(NO_FINDINGS);
  }, 200_000);
});

describe('replicas that are halted beyond their leases and wake up', () => {
  it('lose nothing, double nothing and keep the order of every case', async () => {
    expect(await findingsOf(HALT, 1)).toEqual(NO_FINDINGS);
  }, 200_000);
});

describe('replicas with Redis that are killed in the midst of sending', () => {
  it('lose nothing and double nothing', async () => {
    expect(await findingsOf(killed(), 2, SERVER_REDIS)).toEqual(NO_FINDINGS);
  }, 200_000);

  it('double something, and are found out, when they forget what they sent', async () => {
    expect((await findingsOf(killed('forgets'), 2, SERVER_REDIS)).doubled).toBeGreaterThan(0);
  }, 200_000);

  it('lose something, and are found out, when they note what they send too early', async () => {
    expect((await findingsOf(killed('hasty'), 2, SERVER_REDIS)).lost).toBeGreaterThan(0);
  }, 200_000);
});
