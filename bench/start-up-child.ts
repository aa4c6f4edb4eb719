// Starts the bridge on a configuration, tells how long that took since the process began and what it holds, and stops.
import { CONNECTORS } from '../connectors/index.js';
import { loadConfig } from '../src/config/load.js';
import { startBridge } from '../src/main.js';

const bridge = await startBridge(loadConfig(process.argv[2] ?? '', CONNECTORS));
await bridge.serve();
const figures = { readyMs: performance.now(), rssMb: process.memoryUsage.rss() / 1_000_000 };
await bridge.stop();
process.stdout.write(`${JSON.stringify(figures)}\n`);
