// The product as it runs in production, as a process of its own, for measuring from outside.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectFolder } from '../src/main.js';
import { spawnBound } from '../test/support/bound-process.js';

export interface MeasuredDaemon {
  /** From the start of the process until it answered that it is ready. */
  readonly readyMs: number;
  /** Highest resident memory so far, MB. */
  peakMb(): number;
  end(signal?: NodeJS.Signals): Promise<void>;
}

const LOOK_MS = 5;

/** `port` is that of the configuration. */
export async function startMeasured(config: string, port: number): Promise<MeasuredDaemon> {
  const started = performance.now();
  const bin = join(projectFolder(), 'bin/verzuimbrug.js');
  const child = spawnBound(process.execPath, [bin, 'run', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilReady(child, port);
  return {
    readyMs: performance.now() - started,
    peakMb: () => peakOf(child.pid ?? 0),
    async end(signal = 'SIGTERM') {
      const gone = once(child, 'exit');
      if (child.exitCode === null && child.kill(signal)) await gone;
    },
  };
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(LOOK_MS);
  }
  throw new Error(`the daemon ended with ${child.exitCode}`);
}

/** From the kernel; Linux only. */
function peakOf(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}
