// Clocks that jump: of every process by itself an hour back and then two ahead, one after the other, so that for a while
// no two of them agree.
import { setTimeout as pause } from 'node:timers/promises';
import type { Scene, SceneFault } from './scene.js';

const HOUR_MS = 3_600_000;

export const CLOCK_JUMPS: SceneFault = {
  name: 'clocks jump, an hour back and two ahead',
  replicas: 2,
  files: 6,
  async round(scene) {
    await jumpAll(scene, -HOUR_MS);
    scene.put(4);
    await pause(scene.chance.below(500));
    // What was accepted at a later time than it is now waits: nothing is lost by that, and no order.
    await jumpAll(scene, 2 * HOUR_MS);
    await scene.calm();
  },
};

async function jumpAll({ fleet, chance }: Scene, ms: number): Promise<void> {
  for (const replica of fleet.living) {
    await pause(chance.below(300));
    void replica.order({ do: 'jump', ms });
  }
}
