// Messages accepted per second, on disk before the source gets its receipt: one at a time, and many at once sharing
// commits.
import { startBridge } from '../src/main.js';
import { type PathDeps, takeIn } from '../src/pipeline.js';
import { noSteps } from '../src/steps.js';
import { createWorkplace } from './bridge.js';
import { sickReports } from './messages.js';
import { median, type Row } from './table.js';

const PER_ROUND = 300;
const ROUNDS = 5;
const AT_ONCE = 50;

export async function measureAcceptance(): Promise<Row[]> {
  const messages = sickReports(PER_ROUND * ROUNDS * 2);
  const workplace = createWorkplace();
  const bridge = await startBridge(workplace.loaded);
  // What is measured is the acceptance: nothing is delivered meanwhile.
  await bridge.dispatcher.stop(0);
  const [inlet] = bridge.inlets;
  if (!inlet) throw new Error('the benchmark has no inlet');
  const { store, clock, log } = bridge;
  const deps: PathDeps = { store, clock, log, steps: noSteps };
  const accept = async (bytes: Uint8Array) => {
    const records = [{ reference: 'bench', bytes, contentType: 'application/xml' }];
    await takeIn({ records, cursor: null, settle: async () => {} }, inlet, deps);
  };
  const single: number[] = [];
  const grouped: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const part = () => messages.splice(0, PER_ROUND);
    single.push(await rateOf(part(), 1, accept));
    grouped.push(await rateOf(part(), AT_ONCE, accept));
  }
  await bridge.stop();
  workplace.remove();
  const gain = median(grouped.map((rate, index) => rate / (single[index] ?? Number.NaN)));
  return [
    { what: 'accepted with fsync, one at a time', figure: `${median(single).toFixed(0)} /s`, beside: '' },
    {
      what: `accepted with fsync, ${AT_ONCE} at once (group commit)`,
      figure: `${median(grouped).toFixed(0)} /s`,
      beside: `${gain.toFixed(2)} x one at a time`,
    },
  ];
}

async function rateOf(
  messages: readonly Uint8Array[],
  atOnce: number,
  accept: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const queue = [...messages];
  const started = performance.now();
  const work = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await accept(next);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return (messages.length / (performance.now() - started)) * 1000;
}
