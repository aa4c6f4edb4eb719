// The composition root: the only file that constructs things. Opens the store, starts and stops the bridge.
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schedule } from 'node-cron';
import { systemClock } from './clock.js';
import { type Composed, compose, type World } from './compose.js';
import { type LoadedConfig, readSecret } from './config/load.js';
import type { Clock, Log } from './connector.js';
import type { Dispatcher } from './delivery/dispatcher.js';
import { createEmbeddedDispatcher } from './delivery/embedded.js';
import { createRunner } from './delivery/runner.js';
import { localFiles } from './files.js';
import { createPoller, type Poller } from './intake/poller.js';
import { createLog } from './log.js';
import { type HttpServer, startHttp } from './ops/http.js';
import { purge } from './retention.js';
import { noSteps, type Steps } from './steps.js';
import { loadKeyring, newKeyringText } from './store/keyring.js';
import { lockStore } from './store/lock.js';
import { openSqliteStore } from './store/open.js';
import type { Store } from './store/types.js';

/** The folder of package.json, from source and from the build alike. */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export function createWorld(loaded: LoadedConfig, parts: Partial<World> = {}): World {
  return {
    clock: systemClock,
    log: createLog(loaded.config.logLevel),
    files: localFiles,
    mappingFolder: join(projectFolder(), 'mappings'),
    ...parts,
  };
}

export function storePath({ config, resolvePath }: LoadedConfig): string {
  return resolvePath(config.store.url.replace(/^sqlite:/, ''));
}

/**
 * Opens the store of a configuration. A new installation that keeps its key in a file gets one made, mode 0600; an
 * existing store without its key is an error, never a new key.
 */
export async function openStore(loaded: LoadedConfig, clock: Clock, readOnly = false): Promise<Store> {
  const path = storePath(loaded);
  if (!readOnly) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) makeKeyFile(loaded);
  }
  const keyring = loadKeyring(readSecret(loaded.config.masterKey, loaded.resolvePath));
  return openSqliteStore({ path, keyring, clock, checkpointPath: `${path}.audit-checkpoint`, readOnly });
}

function makeKeyFile({ config, resolvePath }: LoadedConfig): void {
  if (!config.masterKey.startsWith('file:')) return;
  const file = resolvePath(config.masterKey.slice('file:'.length));
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A crash leaves a whole key or none: an empty file would stand in the way of every further start. A link, because a
  // rename would write over the key of another first start.
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, newKeyringText(), { mode: 0o600, flush: true });
  linkSync(unfinished, file);
  rmSync(unfinished);
}

export interface Bridge extends Composed {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly pollers: ReadonlyMap<string, Poller>;
  readonly clock: Clock;
  readonly log: Log;
  /** Removes what is past its term. */
  purge(): Promise<void>;
  /** Polls on schedule and serves health and metrics, until `stop`. */
  serve(): Promise<{ port: number }>;
  /** Drains and closes everything. */
  stop(): Promise<void>;
}

/** Opens the store for this process alone and starts to deliver. */
export async function startBridge(
  loaded: LoadedConfig,
  options: { world?: Partial<World>; steps?: Steps } = {},
): Promise<Bridge> {
  const world = createWorld(loaded, options.world);
  const composed = compose(loaded, world);
  const { config } = loaded;
  const { clock, log } = world;
  mkdirSync(dirname(storePath(loaded)), { recursive: true, mode: 0o700 });
  const lock = lockStore(storePath(loaded));
  const store = await openStore(loaded, clock).catch((error) => {
    lock.release();
    throw error;
  });
  const steps = options.steps ?? noSteps;
  const backoff = {
    firstMs: config.delivery.firstRetrySeconds * 1000,
    longestMs: config.delivery.longestRetrySeconds * 1000,
  };
  const { routes, systems } = composed;
  const runner = createRunner({
    ...{ store, clock, log, steps, routes, backoff },
    pauseMs: config.delivery.pauseSeconds * 1000,
  });
  const dispatcher = createEmbeddedDispatcher({ store, clock, log, routes, runner });
  const abort = new AbortController();
  const pollers = new Map(
    composed.inlets.map((inlet) => [
      inlet.connection,
      createPoller(inlet, { store, clock, log, steps, onPage: () => dispatcher.wake() }, abort.signal),
    ]),
  );
  const forget = () => purge({ store, clock, log, terms: config.retention, systems });
  steps.reach('start: store open');
  await dispatcher.start().catch(async (error) => {
    await store.close();
    lock.release();
    throw error;
  });
  let http: HttpServer | undefined;
  let tasks: { destroy(): void | Promise<void> }[] = [];
  return {
    ...composed,
    ...{ store, dispatcher, pollers, clock, log },
    purge: forget,
    async serve() {
      http = await startHttp({ store, instance: config.instance, ...config.http });
      tasks = schedulePolls(loaded, { pollers, log, forget });
      log.info('running', { instance: config.instance, port: http.port });
      return { port: http.port };
    },
    async stop() {
      for (const task of tasks) await task.destroy();
      abort.abort();
      await Promise.all([...pollers.values()].map((poller) => poller.settled()));
      await dispatcher.stop(config.delivery.drainSeconds * 1000);
      await http?.close();
      await store.close();
      lock.release();
    },
  };
}

function schedulePolls(
  { config }: LoadedConfig,
  { pollers, log, forget }: { pollers: ReadonlyMap<string, Poller>; log: Log; forget: () => Promise<void> },
) {
  const options = { timezone: config.timezone, noOverlap: true };
  const polls = config.routes.map((route) =>
    schedule(route.schedule, async () => void (await pollers.get(route.from)?.poll()), options),
  );
  const nightly = schedule(
    '17 3 * * *',
    () => forget().catch((error) => log.error('what is past its term could not be removed', {}, error)),
    options,
  );
  return [...polls, nightly];
}
