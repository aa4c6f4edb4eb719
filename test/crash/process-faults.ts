// What may happen to one of several processes: it is killed at any moment and replaced at once, or it is halted for
// longer than its lease and wakes up again.
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../../src/demo/chance.js';
import { type Replica as Process, strikeSurely } from './fleet.js';
import { ALL_STEPS, type Step } from './job.js';
import type { Scene, SceneFault } from './scene.js';

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
    const { chance, fleet } = scene;
    const halted = await haltOne(scene, chance.pick(HALTS));
    // An order comes late to a busy process: nobody else may stay halted.
    const waking = setInterval(() => wakeOthers(fleet.living, halted), 100);
    try {
      scene.put(4);
      // The others deliver all, which takes until the lease of the halted one has run out.
      await scene.calm();
    } finally {
      clearInterval(waking);
    }
    halted.signal('SIGCONT');
    scene.put(2);
    await scene.progress(1);
    for (const { isHalted, name } of fleet.living)
      if (isHalted()) throw new Error(`${name} does not wake up`);
  },
};

async function haltOne({ fleet }: Scene, at: Step | 'anywhere'): Promise<Process> {
  const processes = fleet.living;
  const isKnown = ALL_STEPS.find((step) => step === at);
  if (!isKnown) {
    await pause(150);
    const [first] = processes;
    first?.signal('SIGSTOP');
  } else {
    const strike = { signal: 'SIGSTOP', step: isKnown, occurrence: 1 } as const;
    for (const process of processes) process.order({ do: 'strike', strike });
  }
  for (let waited = 0; waited < 30_000; waited += 2) {
    const halted = processes.find((process) => process.isHalted());
    if (halted) {
      for (const process of processes) process.order({ do: 'strike', strike: null });
      return halted;
    }
    await pause(2);
  }
  throw new Error(`nobody came to: ${at}`);
}

function wakeOthers(processes: readonly Process[], halted: Process): void {
  for (const process of processes) if (process !== halted && process.isHalted()) process.signal('SIGCONT');
}
