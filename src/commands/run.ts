// `run`: the daemon; `run --once`: poll every source once, deliver all that is due, stop. Told to stop, both end what
// they began and leave the rest for the next start.
import type { LoadedConfig } from '../config/load.js';
import type { Poller } from '../intake/poller.js';
import { type Bridge, startBridge } from '../main.js';
import { readStatus } from '../ops/status.js';
import { EXIT, type Io, untilStopped } from './io.js';
import { listParked, renderParked } from './parked.js';
import { renderStatus } from './status.js';

export async function run(loaded: LoadedConfig, options: { once?: boolean }, io: Io): Promise<number> {
  const bridge = await startBridge(loaded);
  try {
    return options.once ? await runOnce(bridge, loaded, io) : await serve(bridge, io);
  } finally {
    await bridge.stop();
  }
}

async function serve(bridge: Bridge, io: Io): Promise<number> {
  await bridge.serve();
  for (const poller of bridge.pollers.values()) void poller.poll();
  await untilStopped(io);
  bridge.log.info('stopping');
  return EXIT.ok;
}

async function runOnce(bridge: Bridge, loaded: LoadedConfig, io: Io): Promise<number> {
  const { store, clock, pollers } = bridge;
  await tryPausedRoutes(bridge);
  const rejectedBefore = await countRejected(bridge);
  const polls: boolean[] = [];
  const poll = async (poller: Poller) => void polls.push(await poller.poll());
  const polling = Promise.all([...pollers.values()].map(poll));
  await Promise.race([polling.then(() => bridge.dispatcher.idle()), untilStopped(io)]);
  if (io.stopped.aborted) {
    bridge.log.info('stopping');
    await bridge.drain();
  } else await bridge.purge();
  const report = await readStatus(store, loaded.config, clock.now());
  const parked = await listParked(store);
  io.out(renderStatus(report, loaded.config.timezone));
  if (parked.length > 0) io.out(`\n${renderParked(parked, loaded.config)}`);
  const open = report.routes.reduce((sum, route) => sum + route.open, 0);
  const rejected = (await countRejected(bridge)) - rejectedBefore;
  const polledWell = polls.length === pollers.size && polls.every(Boolean);
  const well = polledWell && open === 0 && parked.length === 0 && rejected === 0;
  return well ? EXIT.ok : EXIT.attention;
}

/** Whoever runs it once has mended what paused a route, or wants to know: it is tried now, not when its pause is over. */
async function tryPausedRoutes({ store, routes, dispatcher }: Bridge): Promise<void> {
  await store.write(async (tx) => {
    const paused = (await tx.operation.pausedRoutes()).map(({ route }) => route);
    await tx.operation.resumeRoutes(paused.filter((route) => routes.has(route)));
  });
  dispatcher.wake();
}

async function countRejected({ store }: Bridge): Promise<number> {
  const accounting = await store.read((tx) => tx.outbox.accounting());
  return accounting.reduce((sum, entry) => sum + entry.states.rejected, 0);
}
