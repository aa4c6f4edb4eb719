// Where the store of a configuration is: a SQLite file for one daemon, or a PostgreSQL database for any number of them.
// What differs between the two is told here once, so that commands and daemon need not know.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LoadedConfig, readSecret } from './config/load.js';
import type { Clock, Log } from './connector.js';
import { ConfigError, type Problem } from './errors.js';
import { makeKeyFile } from './store/key-file.js';
import { type Keyring, loadKeyring } from './store/keyring.js';
import { lockStore } from './store/lock.js';
import { openSqliteStore } from './store/open.js';
import { type PostgresServer, postgresServer } from './store/postgres-address.js';
import { type Rekeyed, rekeyStore } from './store/rekey.js';
import type { Store } from './store/types.js';

export interface OpenOptions {
  readonly clock: Clock;
  readonly readOnly?: boolean;
  /** This process is a daemon. */
  readonly delivers?: boolean;
  readonly log?: Log;
}

export interface StorePlace {
  /** For people: a path, or a url without a password. */
  readonly name: string;
  /** Throws STORE_UNAVAILABLE when that cannot be told. */
  exists(): Promise<boolean>;
  /** Keeps other daemons away, where only one may run. Throws STORE_IN_USE. */
  lock(): { release(): void };
  /** Throws STORE_IN_USE while any daemon runs. */
  expectNoDaemon(): Promise<void>;
  /** What can be seen of its server; nothing of a file. Throws STORE_UNAVAILABLE. */
  look(): Promise<{ readonly words: string | null; readonly problems: readonly Problem[] }>;
  open(keyring: Keyring, options: OpenOptions): Promise<Store>;
  /** Throws STORE_IN_USE while any daemon runs. */
  rekey(keyring: Keyring, clock: Clock): Promise<Rekeyed>;
}

export function storePlace(loaded: LoadedConfig): StorePlace {
  const { url } = loaded.config.store;
  return url.startsWith('sqlite:') ? sqlitePlace(sqlitePath(loaded)) : postgresPlace(loaded);
}

/** Only of a store in a SQLite file. */
export function sqlitePath({ config, resolvePath }: LoadedConfig): string {
  return resolvePath(config.store.url.replace(/^sqlite:/, ''));
}

function sqlitePlace(path: string): StorePlace {
  return {
    name: path,
    exists: async () => existsSync(path),
    lock() {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return lockStore(path);
    },
    expectNoDaemon: async () => lockStore(path).release(),
    look: async () => ({ words: null, problems: [] }),
    open: (keyring, options) =>
      openSqliteStore({ path, keyring, checkpointPath: `${path}.audit-checkpoint`, ...options }),
    rekey: (keyring, clock) => rekeyStore({ path, keyring, clock }),
  };
}

function postgresPlace(loaded: LoadedConfig): StorePlace {
  const { store, delivery } = loaded.config;
  const checkpointPath = loaded.resolvePath(store.auditCheckpoint);
  const server = () => serverOf(store, loaded.resolvePath);
  // Loaded only where it is used: whoever keeps a file starts sooner without the driver.
  const alone = () => import('./store/postgres-alone.js');
  // Half as long again as one delivery may take, with time for its last words; see isSurelyAlive in life.ts. The question
  // afterwards is not in it, for it changes nothing at the receiver.
  const aliveMs = (delivery.timeoutSeconds * 1000 + 10_000) * 1.5;
  return {
    name: store.url,
    exists: async () => (await alone()).isPostgresStore(server()),
    lock: () => ({ release: () => {} }),
    expectNoDaemon: async () => (await alone()).expectNoDaemon(server()),
    look: async () => (await import('./store/postgres-look.js')).lookAtPostgres(server()),
    async open(keyring, options) {
      const { openPostgresStore } = await import('./store/postgres-open.js');
      return openPostgresStore({ server: server(), keyring, checkpointPath, aliveMs, ...options });
    },
    rekey: async (keyring, clock) => (await alone()).rekeyPostgres({ server: server(), keyring, clock }),
  };
}

export type PostgresSettings = Pick<
  LoadedConfig['config']['store'],
  'url' | 'password' | 'encryption' | 'ca'
>;

/** Throws ConfigError: SECRET_MISSING, or CONFIG_INVALID for a file `ca` that cannot be read. */
export function serverOf(
  { url, password, encryption, ca }: PostgresSettings,
  resolvePath: LoadedConfig['resolvePath'],
): PostgresServer {
  const authorities = ca === undefined ? 'system' : ({ ca: readAuthorities(resolvePath(ca)) } as const);
  return {
    ...postgresServer(url),
    ...(password !== undefined && { password: readSecret(password, resolvePath) }),
    tls: encryption === 'off' ? 'off' : authorities,
  };
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const detail = `the file ${path} cannot be read.`;
    throw new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: 'store.ca', detail }]);
  }
}

/**
 * Opens the store of a configuration. A new installation that keeps its key in a file gets one made, mode 0600; an
 * existing store without its key is an error, never a new key.
 */
export async function openStoreOf(loaded: LoadedConfig, options: OpenOptions): Promise<Store> {
  const { config, resolvePath } = loaded;
  const place = storePlace(loaded);
  if (!options.readOnly && config.masterKey.startsWith('file:') && !(await place.exists()))
    makeKeyFile(resolvePath(config.masterKey.slice('file:'.length)));
  return place.open(loadKeyring(readSecret(config.masterKey, resolvePath)), options);
}
