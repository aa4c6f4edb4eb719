// One installation for measuring, over any store and queue: its servers, its receiver and as many daemons as asked for.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CONNECTORS } from '../connectors/index.js';
import { type LoadedConfig, loadConfig } from '../src/config/load.js';
import { freePort } from '../test/support/free-port.js';
import { type PostgresFixture, startPostgres } from '../test/support/postgres.js';
import { type RedisServer, startRedis } from '../test/support/redis.js';
import { tempFolder } from '../test/support/temp-folder.js';
import { type MeasuredDaemon, startMeasured } from './daemon.js';
import { type Receiver, startReceiver } from './receiver.js';

export interface Servers {
  readonly postgres: PostgresFixture;
  readonly redis: RedisServer;
  end(): Promise<void>;
}

/** Both force what they acknowledge to disk, as in production. */
export async function startServers(): Promise<Servers> {
  const [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
  return {
    ...{ postgres, redis },
    async end() {
      await redis.stop();
      await postgres.end();
    },
  };
}

/** SQLite with the embedded queue, or PostgreSQL with Redis. */
export type Kind = 'embedded' | 'scaled';

export interface Site {
  readonly folder: string;
  readonly receiver: Receiver;
  /** For opening the store from here. */
  readonly loaded: LoadedConfig;
  /** Address of a daemon's pushed source; counts from 0, in order of starting. */
  hookUrl(daemon: number): string;
  start(): Promise<MeasuredDaemon>;
  remove(): Promise<void>;
}

export interface SiteOptions {
  readonly kind: Kind;
  /** Needed for `scaled`. */
  readonly servers: Servers;
  /** How messages come in; `none` for a store that was filled beforehand. */
  readonly source: 'folder' | 'pushed';
  /** Deliveries in flight at once, over all processes together. */
  readonly concurrency?: number;
}

export const CONCURRENCY = 8;
const PUSH_SECRET = 'bench-secret-of-no-value';

export async function createSite(options: SiteOptions): Promise<Site> {
  const folder = tempFolder();
  const receiver = await startReceiver();
  for (const name of ['in', 'done', 'failed']) mkdirSync(join(folder.path, name));
  writeFileSync(join(folder.path, 'push.secret'), PUSH_SECRET);
  const shared = await configOf(options, receiver.url);
  const ports: number[] = [];
  const write = (port: number, number: number) => {
    const file = join(folder.path, `config-${number}.yaml`);
    writeFileSync(file, stringify({ ...shared, http: { port } }));
    return file;
  };
  return {
    ...{ folder: folder.path, receiver },
    loaded: loadConfig(write(0, 0), CONNECTORS),
    hookUrl: (daemon) => `http://127.0.0.1:${ports[daemon]}/hooks/hr`,
    async start() {
      const port = await freePort();
      return startMeasured(write(port, ports.push(port)), port);
    },
    async remove() {
      receiver.stop();
      folder.remove();
    },
  };
}

async function configOf({ kind, servers, source, concurrency }: SiteOptions, url: string) {
  return {
    instance: 'bench',
    masterKey: 'file:./bench.key',
    logLevel: 'error',
    ...(kind === 'embedded' ? EMBEDDED : await scaled(servers)),
    connections: {
      hr: source === 'folder' ? FOLDER_SOURCE : PUSHED_SOURCE,
      arbo: target(url, concurrency ?? CONCURRENCY),
    },
    routes: [
      { name: 'absences', from: 'hr', to: 'arbo', ...(source === 'folder' && { schedule: '* * * * * *' }) },
    ],
  };
}

const EMBEDDED = { store: { url: 'sqlite:./bench.db' }, queue: { url: 'embedded' } };

async function scaled({ postgres, redis }: Servers) {
  const { user, host, port, database } = await postgres.database();
  await redis.run('FLUSHALL');
  return {
    store: { url: `postgres://${user}@${host}:${port}/${database}`, encryption: 'off' },
    queue: { url: redis.url },
  };
}

const FOLDER_SOURCE = {
  connector: 'sivi-folder',
  party: 'employer',
  settings: { inbox: './in', done: './done', failed: './failed', settleSeconds: 0 },
};

/** As the mark that a pushed message has to carry. */
export const PUSH_HEADERS = { authorization: `Bearer ${PUSH_SECRET}`, 'content-type': 'application/xml' };

const PUSHED_SOURCE = {
  connector: 'sivi-http',
  party: 'employer',
  webhook: { bearer: { token: 'file:./push.secret' }, perMinute: 100_000 },
};

const target = (url: string, concurrency: number) => ({
  connector: 'sivi-http',
  party: 'arbodienst',
  settings: { url, concurrency, release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' },
});
