// The real bridge in a process of its own, for the crash tests: polls once, delivers until nothing is left to do and
// ends with exit code 0; or kills itself at the step that its job names. Reports every step to its parent.
import { CONNECTORS } from '../../connectors/index.js';
import { loadConfig } from '../../src/config/load.js';
import { localFiles } from '../../src/files.js';
import { startBridge } from '../../src/main.js';
import { deliverAll, releaseAll, skippingClock } from './finish.js';
import type { Job, Step } from './job.js';
import { stepAtCommits, stepAtPlacing, steppingFiles } from './stepping.js';

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
  if (job.release) await releaseAll(bridge, clock);
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

await main(JSON.parse(process.argv[2] ?? '{}') as Job);
process.disconnect?.();
