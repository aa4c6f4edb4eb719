// `store copy`: moves the installation from its SQLite file to PostgreSQL. The file keeps what it has, and is
// marked, so that no daemon runs on it again; that it was copied is written into both audits.
import { systemClock } from '../clock.js';
import { type LoadedConfig, readSecret } from '../config/load.js';
import { configSchema } from '../config/schema.js';
import { CodedError, ConfigError } from '../errors.js';
import { openStore } from '../main.js';
import { copyStore } from '../store/copy.js';
import { loadKeyring } from '../store/keyring.js';
import { openPostgresStore } from '../store/postgres-open.js';
import type { Store } from '../store/types.js';
import { type PostgresSettings, serverOf, sqlitePath } from '../store-place.js';
import { expectStore } from './existing-store.js';
import { EXIT, type Io, table } from './io.js';

export interface StoreCopyOptions {
  readonly to: string;
  readonly password?: string;
  readonly encryption?: string;
  readonly ca?: string;
}

export async function storeCopy(loaded: LoadedConfig, options: StoreCopyOptions, io: Io): Promise<number> {
  const { config, resolvePath } = loaded;
  if (!config.store.url.startsWith('sqlite:'))
    throw new CodedError('NOT_ALLOWED', [], { detail: 'Only a store in a SQLite file can be copied.' });
  await expectStore(loaded);
  const settings = settingsOf(options);
  const to = serverOf(settings, resolvePath);
  const keyring = loadKeyring(readSecret(config.masterKey, resolvePath));
  const path = sqlitePath(loaded);
  const from = { path, checkpointPath: `${path}.audit-checkpoint` };
  const copied = await copyStore({ from, to, keyring, clock: systemClock });
  const checkpointPath = resolvePath(config.store.auditCheckpoint);
  const target = await openPostgresStore({ server: to, keyring, clock: systemClock, checkpointPath });
  await noteMove(target, 'store-copied-in', io);
  await noteMove(await openStore(loaded, systemClock), 'store-copied-out', io);
  io.out(
    `${table([['table', 'rows'], ...Object.entries(copied.rows).map(([name, rows]) => [name, String(rows)])])}\n`,
  );
  io.out(`audit chain whole: ${copied.audit.rows} rows, head ${copied.audit.head}\n`);
  io.out(
    `Now set store.url to ${settings.url}, and put ${path} away: it is marked, and no daemon runs on it again.\n`,
  );
  return EXIT.ok;
}

/** Held to the same rules as the option of the configuration. */
function settingsOf({ to, password, encryption, ca }: StoreCopyOptions): PostgresSettings {
  const parsed = configSchema.shape.store.safeParse({ url: to, password, encryption, ca });
  if (parsed.success && to.startsWith('postgres')) return parsed.data;
  const detail =
    'must be postgres://USER@HOST:PORT/DATABASE; a password goes into --password env:NAME or file:PATH.';
  throw new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: '--to', detail }]);
}

async function noteMove(store: Store, action: string, { actor }: Io): Promise<void> {
  try {
    await store.write((tx) => tx.audit.append({ at: systemClock.now(), actor, action }));
  } finally {
    await store.close();
  }
}
