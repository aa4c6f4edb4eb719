// The composition root: the only file that constructs things. Opens the store, starts and stops the bridge.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONNECTORS } from '../connectors/index.js';
import { createHttp } from './calls/http.js';
import { systemClock } from './clock.js';
import { type Composed, compose, type World } from './compose.js';
import { type LoadedConfig, readSecret } from './config/load.js';
import { secretProblems } from './config/secrets.js';
import type { Clock, Log } from './connector.js';
import type { Dispatcher } from './delivery/dispatcher.js';
import { createEmbeddedDispatcher } from './delivery/embedded.js';
import { createRunner } from './delivery/runner.js';
import { ConfigError } from './errors.js';
import { localFiles } from './files.js';
import { forgetFormer } from './former-connections.js';
import { createPoller, type Poller } from './intake/poller.js';
import { type Schedule, startSchedule } from './intake/schedule.js';
import { createLog } from './log.js';
import { volatileMemory } from './memory.js';
import { type HttpServer, startHttp } from './ops/http.js';
import { purge } from './retention.js';
import { noSteps, type Steps } from './steps.js';
import { makeKeyFile } from './store/key-file.js';
import { loadKeyring } from './store/keyring.js';
import { lockStore } from './store/lock.js';
import { openSqliteStore } from './store/open.js';
import type { Store } from './store/types.js';
import { createStoredMemories } from './stored-memory.js';

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
    http: createHttp(),
    memoryOf: () => volatileMemory(),
    mappingFolder: join(projectFolder(), 'mappings'),
    ...parts,
  };
}

/** Throws ConfigError with what stops the routes from being made, and with every secret that cannot be read, at once. */
function composeToRun(loaded: LoadedConfig, world: World): Composed {
  const missing = secretProblems(loaded, CONNECTORS);
  try {
    const composed = compose(loaded, world);
    if (missing.length === 0) return composed;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError('CONFIG_INVALID', [...missing, ...error.problems]);
  }
  throw new ConfigError('CONFIG_INVALID', missing);
}

export function storePath({ config, resolvePath }: LoadedConfig): string {
  return resolvePath(config.store.url.replace(/^sqlite:/, ''));
}

/**
 * Opens the store of a configuration. A new installation that keeps its key in a file gets one made, mode 0600; an
 * existing store without its key is an error, never a new key.
 */
export async function openStore(
  loaded: LoadedConfig,
  clock: Clock,
  options: { readOnly?: boolean; log?: Log } = {},
): Promise<Store> {
  const { config, resolvePath } = loaded;
  const path = storePath(loaded);
  if (!options.readOnly) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path) && config.masterKey.startsWith('file:'))
      makeKeyFile(resolvePath(config.masterKey.slice('file:'.length)));
  }
  const keyring = loadKeyring(readSecret(config.masterKey, resolvePath));
  return openSqliteStore({ path, keyring, clock, checkpointPath: `${path}.audit-checkpoint`, ...options });
}

export interface Bridge extends Composed {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly pollers: ReadonlyMap<string, Poller>;
  readonly clock: Clock;
  readonly log: Log;
  /** Removes what is past its term. */
  purge(): Promise<void>;
  /** Removes what is past its term, polls on schedule and serves health and metrics, until `stop`. */
  serve(): Promise<{ port: number }>;
  /** Takes nothing new, and waits for what is on its way, at most until the deadline of the configuration. */
  drain(): Promise<void>;
  /** Drains and closes everything. */
  stop(): Promise<void>;
}

/** Opens the store for this process alone and starts to deliver. */
export async function startBridge(
  loaded: LoadedConfig,
  options: { world?: Partial<World>; steps?: Steps } = {},
): Promise<Bridge> {
  const { clock, log, ...parts } = createWorld(loaded, options.world);
  const memories = createStoredMemories({ clock, log });
  const world = { clock, log, ...parts, memoryOf: options.world?.memoryOf ?? memories.of };
  const composed = composeToRun(loaded, world);
  const { config } = loaded;
  mkdirSync(dirname(storePath(loaded)), { recursive: true, mode: 0o700 });
  const lock = lockStore(storePath(loaded));
  const store = await openStore(loaded, clock, { log }).catch((error) => {
    lock.release();
    throw error;
  });
  memories.attach(store);
  const steps = options.steps ?? noSteps;
  const { routes, systems } = composed;
  const runner = createRunner({ store, clock, log, steps, routes, ...timesOf(config.delivery) });
  const dispatcher = createEmbeddedDispatcher({ store, clock, log, routes, runner });
  const abort = new AbortController();
  const intake = { store, clock, log, steps, timeZone: config.timezone };
  const pollers = new Map(
    composed.inlets.map((inlet) => [
      inlet.connection,
      createPoller(inlet, { ...intake, onPage: () => dispatcher.wake() }, abort.signal),
    ]),
  );
  let forgetting: Promise<void> = Promise.resolve();
  const forget = () => {
    const run = purge({ store, clock, log, terms: config.retention, systems });
    forgetting = run.catch(() => {});
    return run;
  };
  const drain = async () => {
    abort.abort();
    const polls = [...pollers.values()].map((poller) => poller.settled());
    const drainMs = config.delivery.drainSeconds * 1000;
    await Promise.all([
      dispatcher.stop(drainMs),
      atMost(drainMs, Promise.all([...polls, forgetting]), clock),
    ]);
  };
  steps.reach('start: store open');
  const begin = async () => {
    await forgetFormer(config, { store, clock, log });
    await dispatcher.start();
  };
  await begin().catch(async (error) => {
    await store.close();
    lock.release();
    throw error;
  });
  let http: HttpServer | undefined;
  let timetable: Schedule | undefined;
  return {
    ...composed,
    ...{ store, dispatcher, pollers, clock, log },
    purge: forget,
    async serve() {
      http = await startHttp({ store, instance: config.instance, ...config.http });
      const nightly = { when: '17 3 * * *', name: 'clean-up', run: forget };
      timetable = startSchedule([...pollsOf(loaded, pollers), nightly], { timezone: config.timezone, log });
      // A machine that is switched off at night would never forget otherwise.
      forget().catch((error) => log.error('what is past its term could not be removed', {}, error));
      log.info('running', { instance: config.instance, port: http.port });
      return { port: http.port };
    },
    drain,
    async stop() {
      await timetable?.stop();
      await drain();
      await http?.close();
      await store.close();
      lock.release();
    },
  };
}

function timesOf(delivery: LoadedConfig['config']['delivery']) {
  return {
    backoff: { firstMs: delivery.firstRetrySeconds * 1000, longestMs: delivery.longestRetrySeconds * 1000 },
    pauseMs: delivery.pauseSeconds * 1000,
    timeoutMs: delivery.timeoutSeconds * 1000,
  };
}

/** Resolves with `work`, or without it once the time is up: a folder that does not answer must not hold up the end. */
async function atMost(limitMs: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const ended = new AbortController();
  await Promise.race([work, clock.sleep(limitMs, ended.signal)]);
  ended.abort();
}

function pollsOf({ config }: LoadedConfig, pollers: ReadonlyMap<string, Poller>) {
  return config.routes.map(({ name, from, schedule }) => ({
    when: schedule,
    name: `poll for ${name}`,
    run: async () => pollers.get(from)?.poll(),
  }));
}
