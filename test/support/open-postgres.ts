// An empty PostgreSQL store in a database of its own, for tests.
import { join } from 'node:path';
import { type Keyring, loadKeyring, newKeyringText } from '../../src/store/keyring.js';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { openPostgresStore, type PostgresOptions } from '../../src/store/postgres-open.js';
import type { Store } from '../../src/store/types.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import type { PostgresFixture } from './postgres.js';
import { tempFolder } from './temp-folder.js';

export interface PostgresStoreFixture {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly server: PostgresServer;
  readonly checkpointPath: string;
  readonly keyring: Keyring;
  /** A further opening of the same store, closed by `end`. */
  openAgain(over?: Partial<PostgresOptions>): Promise<Store>;
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

export async function openPostgres(
  postgres: PostgresFixture,
  keyText = newKeyringText(),
): Promise<PostgresStoreFixture> {
  const folder = tempFolder();
  const server = await postgres.database();
  const clock = manualClock();
  const checkpointPath = join(folder.path, 'audit-checkpoint.json');
  const keyring = loadKeyring(keyText);
  const leaseClock = () => clock.now();
  const opened: Store[] = [];
  const openAgain = async (over: Partial<PostgresOptions> = {}) => {
    const options = { server, checkpointPath, keyring, clock, leaseClock, delivers: true };
    const store = await openPostgresStore({ ...options, ...over });
    opened.push(store);
    return store;
  };
  return {
    ...{ clock, server, checkpointPath, keyring, openAgain },
    store: await openAgain(),
    async reopen() {
      await opened.at(-1)?.close();
      return openAgain();
    },
    async end() {
      for (const store of opened) await store.close();
      folder.remove();
    },
  };
}
