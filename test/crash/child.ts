// The real bridge in a process of its own, for the crash tests: polls once, delivers until nothing is left to do and
// ends with exit code 0; or kills itself at the step that its job names. Reports every step to its parent.
import { CONNECTORS } from '../../connectors/index.js';
import { systemClock } from '../../src/clock.js';
import { loadConfig } from '../../src/config/load.js';
import type { Clock } from '../../src/connector.js';
import type { ErrorCode } from '../../src/errors.js';
import { localFiles } from '../../src/files.js';
import { type Bridge, startBridge } from '../../src/main.js';
import type { Delivery } from '../../src/store/types.js';
import type { Job, Step } from './job.js';
import { stepAtCommits, stepAtPlacing, steppingFiles } from './stepping.js';

/** What is released may be held again for another reason; more rounds than this are a mistake. */
const MOST_RELEASES = 10;

interface SkippingClock extends Clock {
  skip(ms: number): void;
}

async function main(job: Job): Promise<void> {
  const reach = endingAt(job);
  stepAtCommits(reach);
  stepAtPlacing(reach);
  const clock = skippingClock();
  const halves = job.end?.step?.endsWith('half written') ?? false;
  const files = steppingFiles(localFiles, reach, halves);
  const bridge = await startBridge(loadConfig(job.config, CONNECTORS), {
    world: { clock, files },
    steps: { reach },
  });
  for (const poller of bridge.pollers.values())
    if (!(await poller.poll())) throw new Error('the poll failed');
  await deliverAll(bridge, clock);
  for (let round = 0; job.release && (await releaseHeld(bridge)) > 0; round += 1) {
    if (round > MOST_RELEASES) throw new Error('what is released is held again and again');
    await deliverAll(bridge, clock);
  }
  await bridge.stop();
}

function endingAt({ end }: Job): (step: Step) => void {
  let seen = 0;
  return (step) => {
    process.send?.(step);
    if (!end || (end.step !== undefined && end.step !== step)) return;
    seen += 1;
    if (seen === end.occurrence) process.kill(process.pid, 'SIGKILL');
  };
}

function skippingClock(): SkippingClock {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    skip(ms) {
      ahead += ms;
    },
  };
}

/** Retries and probes wait for their time, so the time is brought to them. */
async function deliverAll({ dispatcher, store, routes }: Bridge, clock: SkippingClock): Promise<void> {
  for (;;) {
    await dispatcher.idle();
    const due = await store.read((tx) => tx.outbox.nextDueAt([...routes.keys()]));
    if (due === null) return;
    clock.skip(Math.max(1, due - clock.now()));
  }
}

/** As `parked release` does, for everything that is held; returns how many. */
async function releaseHeld({ store, clock }: Bridge): Promise<number> {
  const parked = await store.read((tx) => tx.outbox.list({ states: ['parked'] }));
  const held = parked.filter(({ stage, code }) => stage === 'observation' && code?.startsWith('HELD_'));
  for (const { id, route, ...item } of held) {
    const approvals = holdsOf(item);
    await store.write(async (tx) => {
      await tx.outbox.release(id, approvals, clock.now());
      const entry = { at: clock.now(), actor: 'tester', action: 'released', route, deliveryId: id };
      await tx.audit.append({ ...entry, details: { approvals } });
    });
  }
  return held.length;
}

function holdsOf({ code, detail }: Pick<Delivery, 'code' | 'detail'>): ErrorCode[] {
  const named = `${code} ${detail}`.match(/\bHELD_[A-Z_]+\b/g) ?? [];
  return [...new Set(named)] as ErrorCode[];
}

await main(JSON.parse(process.argv[2] ?? '{}') as Job);
process.disconnect?.();
