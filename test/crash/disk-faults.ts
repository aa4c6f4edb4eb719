// A full disk under the file of the store: a small file system of its own, which is filled to the last byte while the
// bridge works, and given room again. The bridge says so, stands still, and goes on by itself.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scene, SceneFault } from './scene.js';

/** Room for the store of a whole series, and little more. */
const SIZE = '12m';
const PIECE = Buffer.alloc(4096);
/** Until the journal, which is written over from its beginning now and then, has been gone through. */
const MOST_TRIES = 240;

const fillerOf = ({ root }: Scene['site']) => join(root, 'store/filler');

export const FULL_DISK: SceneFault = {
  name: 'the disk of the SQLite file is full for a while',
  replicas: 1,
  files: 4,
  async prepare({ root }) {
    const folder = join(root, 'store');
    // Needs the rights of root, and a system that has it.
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'tmpfs', folder]);
    return async () => void execFileSync('umount', ['--lazy', folder]);
  },
  async round(scene) {
    const { site, chance } = scene;
    await pause(chance.below(200));
    const before = complaints(scene);
    fill(fillerOf(site));
    // What is there of the journal may be written over: only what needs more room is refused.
    for (let tries = 0; tries < MOST_TRIES && complaints(scene) === before; tries += 1) {
      if (tries % 10 === 0) scene.put(4);
      await pause(50);
      fill(fillerOf(site));
    }
    if (complaints(scene) === before) throw new Error('the bridge did not say that its disk is full');
    await pause(chance.below(1_500));
    const [running] = scene.fleet.living;
    if (chance.percent(30)) await running?.kill();
    rmSync(fillerOf(site), { force: true });
    if (scene.fleet.living.length === 0) await scene.add();
    await scene.calm();
  },
};

function complaints({ fleet }: Scene): number {
  return fleet.living.reduce((sum, { said }) => sum + said().split('STORE_UNAVAILABLE').length - 1, 0);
}

/** To the last byte: what becomes free meanwhile is taken too. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (;;) writeSync(file, PIECE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
