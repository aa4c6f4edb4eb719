// What may happen to PostgreSQL under processes that poll and deliver: its server is killed or falls over and comes back,
// or its connections are cut or held open without an answer. Nobody restarts the bridge: it goes on by itself.
import { setTimeout as pause } from 'node:timers/promises';
import type { Scene, SceneFault } from './scene.js';
import type { PostgresPart } from './servers.js';

type Trouble = (postgres: PostgresPart, scene: Scene) => Promise<void>;

function fault(name: string, trouble: Trouble): SceneFault {
  return {
    ...{ name: `PostgreSQL ${name}`, replicas: 2, files: 8 },
    async round(scene) {
      const { postgres } = scene.servers;
      if (!postgres) throw new Error('there is no PostgreSQL in this combination');
      await pause(scene.chance.below(400));
      await trouble(postgres, scene);
      scene.put(2);
      await scene.calm();
    },
  };
}

export const POSTGRES_FAULTS: readonly SceneFault[] = [
  fault('is killed (kill -9) and started again', async ({ fixture }, { chance }) => {
    await fixture.kill();
    await pause(chance.below(1_500));
    await fixture.start();
  }),
  fault('loses one of its processes (kill -9), and so all connections', async ({ fixture }, { chance }) => {
    await fixture.killOne();
    await pause(chance.below(500));
  }),
  fault('falls over (immediate shutdown) and comes back after seconds', async ({ fixture }, { chance }) => {
    await fixture.shutDown();
    await pause(1_000 + chance.below(4_000));
    await fixture.start();
  }),
  fault('fails over to a standby, which is promoted', async ({ fixture }, scene) => {
    await fixture.startStandby();
    scene.put(4);
    await pause(scene.chance.below(600));
    await fixture.failOver();
  }),
  fault('loses its connections again and again', async ({ proxy }, { chance }) => {
    for (let times = 0; times < 6; times += 1) {
      proxy.cut();
      await pause(chance.below(250));
    }
  }),
  fault('holds its connections open and does not answer for a while', async ({ proxy }, { chance }) => {
    proxy.hold();
    await pause(1_000 + chance.below(14_000));
    proxy.pass();
  }),
  fault('cannot be reached for a while', async ({ proxy }, { chance }) => {
    proxy.refuse();
    await pause(500 + chance.below(3_000));
    proxy.pass();
  }),
];
