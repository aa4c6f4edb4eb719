// The moments of a process at which another has to find out what became of its work: struck exactly there, while others
// live on. Its leases are cut short as if its time had passed, and the clocks of the others brought to their next look
// for what the dead left behind. A round ends with an error where the blow does not fall, or nobody takes over.
import type { Broken } from './broken-files.js';
import type { Replica } from './fleet.js';
import type { Step } from './job.js';
import type { Scene, SceneFault } from './scene.js';
import { ROUTES } from './site.js';
import { haltFirst } from './strike.js';

/** More than lies between two looks for what others left behind. */
const NEXT_LOOK_MS = 15_000;

type Round = SceneFault['round'];

/** The worst moment: a file is in the outbox, nobody has written that down, and its receiver takes it away. */
export const killedAfterTheEffect: Round = (scene) => killedAt(scene, 'message: renamed');

/** Its first trace is in the outbox. */
export const killedWhileWriting: Round = (scene) => killedAt(scene, 'message: written');

async function killedAt(scene: Scene, step: Step): Promise<void> {
  const victim = await haltFirst(scene.fleet.living, step, () => scene.put(2));
  await victim.kill();
  takeAll(scene);
  await outlive(scene, victim, asking(scene, victim));
  await scene.calm();
}

/**
 * To begin with, and with one process. In the first of two rounds it is halted while it writes to both receivers, the
 * second begins, and what was about to be sent goes out without the first, and so does what follows; in the second round
 * the first goes on where it stood.
 */
export function haltedWhileWriting(): readonly [Round, Round] {
  const place = { step: 'message: written', occurrence: ROUTES.length } as const;
  let halted: Replica | undefined;
  return [
    async (scene) => {
      halted = await haltFirst(scene.fleet.living, place, () => scene.put(1));
      await outlive(scene, halted);
      const another = await scene.add();
      await scene.until('the other asked what became of what was sent', async () => another.asked() > 0);
      scene.put(4);
      await scene.calm();
      takeAll(scene);
    },
    async (scene) => {
      if (halted) await goesOn(scene, halted, 'another process has taken a delivery over');
    },
  ];
}

/** What it has read is in the store and still in the inbox: another polls it too. */
export async function haltedWhilePolling(scene: Scene): Promise<void> {
  const step = 'intake: committed, before the receipt';
  const halted = await haltFirst(scene.fleet.living, step, () => scene.put(2));
  await outlive(scene, halted, scene.site.isEmpty);
  scene.put(2);
  await scene.calm();
  await goesOn(scene, halted, 'a poll was taken over by another process');
  // As far ahead as the clocks of the others.
  await halted.order({ do: 'jump', ms: NEXT_LOOK_MS });
  scene.put(1);
  await scene.calm();
}

/** The round with everybody broken on purpose, from now on. */
export function broken(how: Broken, round: Round): Round {
  return async (scene) => {
    await Promise.all(scene.fleet.living.map((replica) => replica.order({ do: 'break', broken: how })));
    await round(scene);
  };
}

/** A fault whose rounds are these, one after the other. */
export function inTurn(name: string, rounds: readonly Round[]): SceneFault {
  let played = 0;
  return {
    ...{ name, replicas: 2, files: 0 },
    async round(scene) {
      const round = rounds[played % rounds.length];
      played += 1;
      await round?.(scene);
    },
  };
}

function takeAll({ site }: Scene): void {
  for (const route of ROUTES) site.take(route);
}

/** Has one of the others asked what became of what the struck one sent? */
function asking({ fleet }: Scene, struck: Replica): () => boolean {
  const others = fleet.living.filter((replica) => replica !== struck);
  const asked = () => others.reduce((sum, replica) => sum + replica.asked(), 0);
  const before = asked();
  return () => asked() > before;
}

/** The time of the struck one is over, and of the others that of their next look has come. */
async function outlive(scene: Scene, struck: Replica, isOutlived = () => true): Promise<void> {
  const { fleet, owners, until } = scene;
  const others = fleet.living.filter((replica) => replica !== struck);
  await owners.age(struck, 0);
  await Promise.all(others.map((replica) => replica.order({ do: 'jump', ms: NEXT_LOOK_MS })));
  const isOver = async () => (await owners.endIdleUnits()) && isOutlived();
  await until(`another took over from ${struck.name}`, isOver);
}

/** Until it has found that it is late. */
async function goesOn({ until }: Scene, halted: Replica, says: string): Promise<void> {
  const before = halted.said().length;
  halted.signal('SIGCONT');
  await until(`${halted.name} found: ${says}`, async () => halted.said().slice(before).includes(says));
}
