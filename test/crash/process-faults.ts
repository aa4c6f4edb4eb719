// What may happen to one of several processes: it is killed at any moment and replaced at once, or it is halted for
// longer than its lease and wakes up again.
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../../src/demo/chance.js';
import type { Replica as Process } from './fleet.js';
import type { Step } from './job.js';
import type { Scene, SceneFault } from './scene.js';
import { haltFirst, strikeSurely } from './strike.js';

/** The rest of a dead process's lease is cut short to this at most; what waiting for it is like, a halt shows. */
const LEASE_LEFT_MS = 1_500;
const PATIENCE_MS = 1_000;

export const REPLICA_KILL: SceneFault = {
  name: 'a replica is killed at random (SIGKILL) and replaced',
  replicas: 3,
  files: 4,
  taking: true,
  async round(scene) {
    const { chance, owners } = scene;
    const victim = oneOf(scene.fleet.living, chance);
    if (chance.percent(50)) {
      await pause(chance.below(400));
      await victim.kill();
    } else {
      const strike = { signal: 'SIGKILL', occurrence: 1 + chance.below(25) } as const;
      await strikeSurely(victim, strike, PATIENCE_MS);
      await victim.gone;
    }
    await owners.age(victim, chance.below(LEASE_LEFT_MS));
    await replace(scene);
  },
};

function oneOf(living: readonly Process[], chance: Chance): Process {
  const one = living[chance.below(living.length)];
  if (!one) throw new Error('nobody is left');
  return one;
}

/** Some are killed while they start. */
async function replace({ fleet, chance, owners, ...scene }: Scene): Promise<void> {
  if (chance.percent(15)) {
    const early = fleet.start();
    await pause(200 + chance.below(600));
    await early.kill();
  }
  await scene.add();
}

/** Where a process is halted: within the transaction of a poll, after it, and around the sending of a notification. */
const HALTS = [
  'intake: before the commit',
  'intake: committed, before the receipt',
  'original: before it is moved',
  'delivery: claimed',
  'delivery: sending committed, before the first byte',
  'delivery: sent, before the outcome is committed',
  'anywhere',
] as const satisfies readonly (Step | 'anywhere')[];

export const HALT: SceneFault = {
  name: 'the process that polls or sends is halted (SIGSTOP) beyond its lease, and goes on',
  replicas: 2,
  files: 6,
  async round(scene) {
    const halted = await haltOne(scene, scene.chance.pick(HALTS));
    scene.put(2);
    // The others deliver all, which takes until the lease of the halted one has run out.
    await scene.calm();
    halted.signal('SIGCONT');
    scene.put(2);
    await scene.progress(1);
  },
};

async function haltOne({ fleet, put }: Scene, at: Step | 'anywhere'): Promise<Process> {
  const processes = fleet.living;
  if (at !== 'anywhere') return haltFirst(processes, at, () => put(2));
  put(2);
  await pause(150);
  const [first] = processes;
  if (!first) throw new Error('nobody is left');
  first.signal('SIGSTOP');
  return first;
}
