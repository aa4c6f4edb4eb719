// `npm run bench [-- --only WORDS] [--minutes N]`: what the product costs. Machines are noisy: quote the ratios, which
// are measured side by side in one run, and not the figures.
import { parseArgs } from 'node:util';
import { measureAcceptance } from './acceptance.js';
import { measureBacklog } from './backlog.js';
import { measureDeliveries } from './deliveries.js';
import { measureFluMonday } from './flu-monday.js';
import { measureMessageCost } from './message-cost.js';
import { measureRecovery } from './recovery.js';
import { type Servers, startServers } from './site.js';
import { measureStartUp } from './start-up.js';
import { type Row, render } from './table.js';

const { values } = parseArgs({
  options: {
    /** Measures only those whose name holds these words. */
    only: { type: 'string', default: '' },
    /** Of the flu Monday. */
    minutes: { type: 'string', default: '10' },
  },
});

type Measure = (servers: Servers) => Row[] | Promise<Row[]>;

const MEASURES: readonly (readonly [name: string, measure: Measure])[] = [
  ['message cost', measureMessageCost],
  ['acceptance', measureAcceptance],
  ['start-up', measureStartUp],
  ['deliveries', measureDeliveries],
  ['backlog', measureBacklog],
  ['recovery', measureRecovery],
  ['flu monday', (servers) => measureFluMonday(servers, Number(values.minutes))],
];

const servers = await startServers();
const rows: Row[] = [];
try {
  for (const [name, measure] of MEASURES) {
    if (!name.includes(values.only)) continue;
    process.stderr.write(`measuring ${name}\n`);
    rows.push(...(await measure(servers)));
  }
} finally {
  await servers.end();
}
process.stdout.write(render(rows));
