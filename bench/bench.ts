// `npm run bench [-- --only WORDS] [--minutes N]`: what the product costs. Machines are noisy: quote the ratios, which
// are measured side by side in one run, and not the figures.
import { measureAcceptance } from './acceptance.js';
import { measureBacklog } from './backlog.js';
import { measureDeliveries } from './deliveries.js';
import { measureFluMonday } from './flu-monday.js';
import { measureMessageCost } from './message-cost.js';
import { readOptions } from './options.js';
import { measureRecovery } from './recovery.js';
import { type Servers, startServers } from './site.js';
import { measureStartUp } from './start-up.js';
import { type Row, render } from './table.js';

type Measure = (servers: Servers, minutes: number) => Row[] | Promise<Row[]>;

const MEASURES: readonly (readonly [name: string, measure: Measure])[] = [
  ['message cost', measureMessageCost],
  ['acceptance', measureAcceptance],
  ['start-up', measureStartUp],
  ['deliveries', measureDeliveries],
  ['backlog', measureBacklog],
  ['recovery', measureRecovery],
  ['flu monday', measureFluMonday],
];

async function measure(only: string, minutes: number): Promise<void> {
  const servers = await startServers();
  const rows: Row[] = [];
  try {
    for (const [name, one] of MEASURES) {
      if (!name.includes(only)) continue;
      process.stderr.write(`measuring ${name}\n`);
      rows.push(...(await one(servers, minutes)));
    }
  } finally {
    await servers.end();
  }
  process.stdout.write(render(rows));
}

const options = readOptions(
  process.argv.slice(2),
  MEASURES.map(([name]) => name),
);
if ('text' in options) {
  process.stderr.write(options.text);
  process.exitCode = options.exit;
} else await measure(options.only, options.minutes);
