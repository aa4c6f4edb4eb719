// Receivers in trouble. One whose folder is busy, or takes a file without saying so, and can be looked up; the other, a
// system with an API, answers with storms of 429 and does its work without an answer, and takes the same twice as once.
import type { SceneFault } from './scene.js';

export const TROUBLED_FOLDERS: SceneFault = {
  name: 'look-up-able receivers are busy, or silent after the effect',
  replicas: 2,
  files: 6,
  job: { troubled: true },
  taking: true,
  round: (scene) => scene.progress(3),
};
