// One start of the bridge in a child process, up to its end: by itself, by its own hand at a step, or from outside.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../src/main.js';
import type { Job } from './job.js';

const CHILD = join(projectFolder(), 'dist/test/crash/child.js');

export interface Round {
  readonly job: Job;
  /** Kill from outside: when so many steps were reported, or so many milliseconds after the start. */
  readonly killAfter?: { readonly steps: number } | { readonly ms: number };
  /** Told of each step that the child reports. */
  readonly onStep?: () => void;
}

/** Resolves to whether it was killed, so `false` after a clean end; rejects when it ended in any other way. */
export function runRound({ job, killAfter, onStep }: Round): Promise<{ killed: boolean; steps: number }> {
  if (!existsSync(CHILD)) throw new Error('the build is missing: run `npm run setup` first');
  const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
  const child = spawn(process.execPath, [CHILD, JSON.stringify(job)], { stdio: [...stdio] });
  const kill = () => child.kill('SIGKILL');
  const timer = killAfter && 'ms' in killAfter ? setTimeout(kill, killAfter.ms) : undefined;
  let steps = 0;
  let said = '';
  child.stderr?.on('data', (piece) => {
    said += piece;
  });
  child.on('message', () => {
    steps += 1;
    if (killAfter && 'steps' in killAfter && steps === killAfter.steps) kill();
    onStep?.();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const killed = signal === 'SIGKILL';
      if (killed || (code === 0 && said === '')) resolve({ killed, steps });
      else reject(new Error(`the bridge ended with ${code ?? signal}: ${said}`));
    });
  });
}
