// Several processes of the bridge on one installation: started, signalled, replaced. What a process writes to its log
// stays in the folder of the series, and one that ends without being told to is a finding.
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../src/main.js';
import { spawnBound } from '../support/bound-process.js';
import type { Order, ReplicaJob, Word } from './replica.js';

const PROGRAM = join(projectFolder(), 'dist/test/crash/replica.js');
const STOP_MS = 120_000;

export interface Replica {
  readonly name: string;
  /** Resolves once it delivers; rejects when it ended before. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone, however. */
  readonly gone: Promise<void>;
  readonly isGone: boolean;
  /** Resolves when the order has taken effect, or the process is gone; of a halted one not before it goes on. */
  order(order: Order): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Stopped by a signal and not yet going on. */
  isHalted(): boolean;
  kill(): Promise<void>;
  /** How often it has asked what became of a delivery that it found under way, and written down the answer. */
  asked(): number;
  /** What it logged so far. */
  said(): string;
}

export interface Fleet {
  /** Those that are not gone, in the order of their start. */
  readonly living: readonly Replica[];
  start(): Replica;
  /** All end in order. */
  stop(): Promise<void>;
  /** What went wrong with the processes themselves. */
  faults(): string[];
}

export function createFleet(root: string, job: ReplicaJob): Fleet {
  const all: Replica[] = [];
  const faults: string[] = [];
  const living = () => all.filter(({ isGone }) => !isGone);
  return {
    get living() {
      return living();
    },
    start() {
      const replica = startReplica(root, { job, name: `replica-${all.length + 1}`, faults });
      all.push(replica);
      return replica;
    },
    async stop() {
      const stopping = living();
      for (const replica of stopping) {
        replica.signal('SIGCONT');
        void replica.order({ do: 'strike', strike: null });
        void replica.order({ do: 'stop' });
      }
      const late = setTimeout(() => {
        for (const { name, signal, isGone } of stopping) {
          if (isGone) continue;
          faults.push(`${name} did not stop`);
          signal('SIGKILL');
        }
      }, STOP_MS);
      await Promise.all(stopping.map(({ gone }) => gone));
      clearTimeout(late);
    },
    faults: () => [...faults],
  };
}

interface Start {
  readonly job: ReplicaJob;
  readonly name: string;
  readonly faults: string[];
}

function startReplica(root: string, { job, name, faults }: Start): Replica {
  if (!existsSync(PROGRAM)) throw new Error('the build is missing: run `npm run setup` first');
  const path = join(root, `${name}.log`);
  const child = spawnBound(process.execPath, [PROGRAM, JSON.stringify(job)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const log = createWriteStream(path);
  child.stderr?.pipe(log);
  const heard: (() => void)[] = [];
  let asked = 0;
  child.on('message', (word: Word) => {
    if (word === 'heard') heard.shift()?.();
    if (word === 'asked') asked += 1;
  });
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      isGone = true;
      if (signal !== 'SIGKILL' && code !== 0) faults.push(`${name} ended by itself with ${code ?? signal}`);
      resolve();
    });
  });
  const ready = readiness(child, gone, name);
  // Whoever kills it while it starts does not wait for this.
  ready.catch(() => {});
  return {
    ...{ name, ready, gone },
    get isGone() {
      return isGone;
    },
    order(order) {
      if (!child.connected) return gone;
      const effect = new Promise<void>((resolve) => void heard.push(resolve));
      child.send(order, () => {});
      return Promise.race([effect, gone]);
    },
    signal: (signal) => void child.kill(signal),
    isHalted: () => isHalted(child.pid),
    asked: () => asked,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    said: () => (existsSync(path) ? readFileSync(path, 'utf8') : ''),
  };
}

function readiness(child: ChildProcess, gone: Promise<void>, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (word: Word) => {
      if (word === 'ready') resolve();
    });
    gone.then(() => reject(new Error(`${name} was gone before it was ready`)));
  });
}

/** By what the kernel shows of it. */
function isHalted(pid: number | undefined): boolean {
  try {
    return /^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
