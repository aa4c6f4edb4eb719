// The composition root: the only file that constructs things. Opens the store, starts and stops the bridge.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONNECTORS } from '../connectors/index.js';
import { createHttp } from './calls/http.js';
import { createSftp } from './calls/sftp.js';
import { systemClock } from './clock.js';
import { type Composed, compose, type World } from './compose.js';
import { type LoadedConfig, readSecret } from './config/load.js';
import { readQueue } from './config/queue.js';
import { secretProblems } from './config/secrets.js';
import type { Clock, Log } from './connector.js';
import type { Dispatcher } from './delivery/dispatcher.js';
import { createEmbeddedDispatcher } from './delivery/embedded.js';
import type { QueueLink } from './delivery/queue-link.js';
import { createRunner } from './delivery/runner.js';
import { ConfigError } from './errors.js';
import { localFiles } from './files.js';
import { forgetFormer } from './former-connections.js';
import { createHint } from './intake/hint.js';
import { createPoller, type Poller } from './intake/poller.js';
import { type Schedule, startSchedule } from './intake/schedule.js';
import { createWebhook, type Webhook, type WebhookDeps } from './intake/webhook.js';
import { createLog } from './log.js';
import { volatileMemory } from './memory.js';
import type { HttpServer } from './ops/http.js';
import { purge } from './retention.js';
import { noSteps, type Steps } from './steps.js';
import type { Store } from './store/types.js';
import { type OpenOptions, openStoreOf, storePlace } from './store-place.js';
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
    sftp: createSftp(),
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

/** Opens the store of a configuration: see store-place.ts. */
export async function openStore(
  loaded: LoadedConfig,
  clock: Clock,
  options: Omit<OpenOptions, 'clock'> = {},
): Promise<Store> {
  return openStoreOf(loaded, { clock, ...options });
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

/** Opens the store, where it is a file for this process alone, and starts to deliver. */
export async function startBridge(
  loaded: LoadedConfig,
  options: { world?: Partial<World>; steps?: Steps } = {},
): Promise<Bridge> {
  const { clock, log, ...parts } = createWorld(loaded, options.world);
  const memories = createStoredMemories({ clock, log });
  const world = { clock, log, ...parts, memoryOf: options.world?.memoryOf ?? memories.of };
  const composed = composeToRun(loaded, world);
  const { config } = loaded;
  const lock = storePlace(loaded).lock();
  const store = await openStore(loaded, clock, { log, delivers: true }).catch((error) => {
    lock.release();
    throw error;
  });
  memories.attach(store);
  const steps = options.steps ?? noSteps;
  const { routes, systems } = composed;
  const runner = createRunner({ store, clock, log, steps, routes, ...timesOf(config.delivery) });
  const shut = async (link: QueueLink | null) => {
    link?.redis.close();
    await store.close();
    lock.release();
  };
  const link = await openQueue(loaded, { clock, log }).catch(async (error) => {
    await shut(null);
    throw error;
  });
  const delivering = { store, clock, log, routes, runner };
  const dispatcher = link
    ? (await import('./delivery/bullmq.js')).createBullmqDispatcher({ ...delivering, link })
    : createEmbeddedDispatcher(delivering);
  const abort = new AbortController();
  const intake = { store, clock, log, steps, timeZone: config.timezone };
  const onPage = () => dispatcher.wake();
  const polled = composed.inlets.filter(({ source }) => source.receive === undefined);
  const pollers = new Map(
    polled.map((inlet) => [inlet.connection, createPoller(inlet, { ...intake, onPage }, abort.signal)]),
  );
  const webhooks = () => webhooksOf(loaded, composed, { ...intake, onPage, pollers, signal: abort.signal });
  let forgetting: Promise<void> = Promise.resolve();
  const forget = () => {
    const run = forgetFormer(config, { store, clock, log }).then(() =>
      purge({ store, clock, log, terms: config.retention, systems }),
    );
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
    await shut(link);
    throw error;
  });
  let http: HttpServer | undefined;
  let timetable: Schedule | undefined;
  return {
    ...composed,
    ...{ store, dispatcher, pollers, clock, log },
    purge: forget,
    async serve() {
      const { startHttp } = await import('./ops/http.js');
      http = await startHttp({
        ...{ store, queueReady: dispatcher.ready, instance: config.instance, webhooks: webhooks() },
        ...config.http,
      });
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
      await shut(link);
    },
  };
}

/** Null when deliveries need no queue. Its libraries are loaded only where there is one: a start is shorter without. */
async function openQueue(loaded: LoadedConfig, { clock, log }: { clock: Clock; log: Log }) {
  const { url, allowUnsafe } = loaded.config.queue;
  if (url === 'embedded') return null;
  const { openQueueLink } = await import('./delivery/queue-link.js');
  return openQueueLink(readQueue(loaded), { clock, log, allowUnsafe });
}

function timesOf(delivery: LoadedConfig['config']['delivery']) {
  return {
    backoff: { firstMs: delivery.firstRetrySeconds * 1000, longestMs: delivery.longestRetrySeconds * 1000 },
    pauseMs: delivery.pauseSeconds * 1000,
    failuresBeforePause: delivery.failuresBeforePause,
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
  return config.routes.flatMap(({ name, from, schedule }) => {
    const poller = pollers.get(from);
    return poller ? [{ when: schedule, name: `poll for ${name}`, run: () => poller.poll() }] : [];
  });
}

interface WebhookParts extends Omit<WebhookDeps, 'secret'> {
  readonly pollers: ReadonlyMap<string, Poller>;
}

/** One for each connection that a route starts from and that something may be pushed to. */
function webhooksOf(loaded: LoadedConfig, { inlets }: Composed, parts: WebhookParts): Webhook[] {
  const { pollers, clock, signal } = parts;
  const secret = (reference: string) => readSecret(reference, loaded.resolvePath);
  return inlets.flatMap((inlet) => {
    const { connection } = inlet;
    const settings = loaded.config.connections[connection]?.webhook;
    if (!settings) return [];
    const poller = pollers.get(connection);
    const waitMs = settings.hintSeconds * 1000;
    const hint = poller ? createHint(poller, { clock, waitMs, signal }) : () => {};
    return [createWebhook({ connection, settings, inlet, hint }, { ...parts, secret })];
  });
}
