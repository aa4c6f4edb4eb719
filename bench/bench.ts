// `npm run bench`: what the product costs. Machines are noisy: quote the ratios, which are measured side by side in one
// run, and not the figures.
import { measureAcceptance } from './acceptance.js';
import { measureMessageCost } from './message-cost.js';
import { measureStartUp } from './start-up.js';
import { render } from './table.js';

const rows = [...measureMessageCost(), ...(await measureAcceptance()), ...(await measureStartUp())];
process.stdout.write(render(rows));
