// A server that tests start, bound to their process: the kernel ends it when that one is gone, however it ended, so that
// no server outlives its tests. On Linux, with util-linux; elsewhere the fixture's own end has to do.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
const FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/bin', '/sbin'];

const isThere = (program: string) =>
  program.startsWith('/') || FOLDERS.some((folder) => existsSync(`${folder}/${program}`));

/** As `spawn`, also for a program that is not there. */
export function spawnBound(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (!existsSync(SETPRIV) || !isThere(program)) return spawn(program, args, options);
  return spawn(SETPRIV, ['--pdeathsig', 'KILL', program, ...args], options);
}
