// One of several processes of the real bridge side by side, for the crash tests: polls and delivers until it is told to
// stop, and does on the way what its parent orders: end or halt itself at a step, let its clock jump.
import { setTimeout as pause } from 'node:timers/promises';
import { CONNECTORS } from '../../connectors/index.js';
import { loadConfig } from '../../src/config/load.js';
import { localFiles } from '../../src/files.js';
import { createLog } from '../../src/log.js';
import { startBridge } from '../../src/main.js';
import { type Broken, brokenFiles } from './broken-files.js';
import { skippingClock } from './finish.js';
import type { Step } from './job.js';
import { stepAtCommits, steppingFiles } from './stepping.js';
import { troubledFiles } from './troubled-files.js';

/** A signal that a process sends to itself at a step: the n-th of that name, or the n-th of all. */
export interface Strike {
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  readonly step?: Step;
  readonly occurrence: number;
}

export type Order =
  | { readonly do: 'strike'; readonly strike: Strike | null }
  | { readonly do: 'jump'; readonly ms: number }
  /** For a test of the oracle. */
  | { readonly do: 'break'; readonly broken: Broken }
  | { readonly do: 'stop' };

/** What it tells its parent: that it delivers, that an order has taken effect, that it asked what another left behind. */
export type Word = 'ready' | 'heard' | 'asked';

export interface ReplicaJob {
  readonly config: string;
  /** Its folders are now and then busy, or silent after they took a file; see troubled-files.ts. */
  readonly troubled?: boolean;
}

const BETWEEN_POLLS_MS = 250;

async function main({ config, troubled = false }: ReplicaJob): Promise<void> {
  const armed: { strike: Strike | null } = { strike: null };
  let broken: Broken | null = null;
  let stopping = false;
  const clock = skippingClock();
  process.on('message', (order: Order) => {
    if (order.do === 'strike') armed.strike = order.strike;
    if (order.do === 'jump') clock.skip(order.ms);
    if (order.do === 'break') broken = order.broken;
    if (order.do === 'stop') stopping = true;
    tell('heard');
  });
  // The kernel ends it with its parent; this is for where it cannot.
  process.once('disconnect', () => process.exit(1));
  const reach = striking(armed);
  stepAtCommits(reach);
  const files = steppingFiles(
    troubledFiles(
      brokenFiles(localFiles, () => broken),
      troubled,
    ),
    reach,
    false,
  );
  const log = createLog('warn');
  const bridge = await startBridge(loadConfig(config, CONNECTORS), {
    world: { clock, files, log },
    steps: { reach },
  });
  tell('ready');
  while (!stopping) {
    for (const poller of bridge.pollers.values()) await poller.poll();
    await pause(BETWEEN_POLLS_MS);
  }
  await bridge.stop();
  process.exit(0);
}

function tell(word: Word): void {
  process.send?.(word);
}

function striking(armed: { strike: Strike | null }): (step: Step) => void {
  let seen = 0;
  let counted: Strike | null = null;
  return (step) => {
    if (step === 'start: unknown outcome settled') tell('asked');
    const { strike } = armed;
    if (!strike || (strike.step !== undefined && strike.step !== step)) return;
    if (counted !== strike) seen = 0;
    counted = strike;
    seen += 1;
    if (seen !== strike.occurrence) return;
    armed.strike = null;
    process.kill(process.pid, strike.signal);
  };
}

await main(JSON.parse(process.argv[2] ?? '{}') as ReplicaJob);
