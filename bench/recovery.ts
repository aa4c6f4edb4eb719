// How soon a daemon that was killed in the midst of 100,000 open deliveries goes on, beside one with nothing to do.
import { fill } from './fill.js';
import { createSite, type Servers } from './site.js';
import { median, type Row } from './table.js';

const OPEN = 100_000;
const ROUNDS = 5;
const BEFORE_KILL = 100;

export async function measureRecovery(servers: Servers): Promise<Row[]> {
  const empty = await createSite({ kind: 'embedded', servers, source: 'folder' });
  const full = await createSite({ kind: 'embedded', servers, source: 'folder' });
  await fill(full, OPEN, servers.postgres);
  const idle: number[] = [];
  const first: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const quiet = await empty.start();
    idle.push(quiet.readyMs);
    await quiet.end();
    const killed = await full.start();
    await full.receiver.reached((await full.receiver.count()) + BEFORE_KILL);
    await killed.end('SIGKILL');
    const had = await full.receiver.count();
    const started = performance.now();
    const again = await full.start();
    first.push((await full.receiver.reached(had + 1)) - started);
    await again.end();
  }
  await empty.remove();
  await full.remove();
  const ratio = median(first.map((ms, round) => ms / (idle[round] ?? Number.NaN)));
  return [
    {
      what: `killed with ${OPEN.toLocaleString('en')} open: start until the next one has arrived`,
      figure: `${median(first).toFixed(0)} ms`,
      beside: `${ratio.toFixed(2)} x the start of an empty installation until ready`,
    },
  ];
}
