// An empty SQLite store in a folder of its own, for tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Keyring, loadKeyring, newKeyringText } from '../../src/store/keyring.js';
import { openSqliteStore, type StoreOptions } from '../../src/store/open.js';
import type { Store } from '../../src/store/types.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { tempFolder } from './temp-folder.js';

export interface SqliteFixture {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly folder: string;
  readonly path: string;
  readonly checkpointPath: string;
  readonly keyring: Keyring;
  /** A further opening of the same store, closed by `end`. */
  openAgain(over?: Partial<StoreOptions>): Promise<Store>;
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

export async function openSqlite(keyText = newKeyringText()): Promise<SqliteFixture> {
  const folder = tempFolder();
  const clock = manualClock();
  const path = join(folder.path, 'store.db');
  const checkpointPath = join(folder.path, 'audit-checkpoint.json');
  const keyring = loadKeyring(keyText);
  const opened: Store[] = [];
  const openAgain = async (over: Partial<StoreOptions> = {}) => {
    const store = await openSqliteStore({ path, checkpointPath, keyring, clock, ...over });
    opened.push(store);
    return store;
  };
  return {
    ...{ clock, folder: folder.path, path, checkpointPath, keyring, openAgain },
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

const WITHOUT_WAY_BACK = `
  DROP TRIGGER delivery_final; DROP TABLE acknowledgement; DROP TABLE case_link; DROP TABLE return_state;
  ALTER TABLE delivery DROP COLUMN case_reference; ALTER TABLE delivery DROP COLUMN sequence;
  DROP INDEX ledger_unlinked; ALTER TABLE ledger DROP COLUMN linked;
  CREATE TRIGGER delivery_final BEFORE UPDATE ON delivery
    WHEN OLD.state IN ('delivered', 'confirmed', 'rejected', 'discarded')
    BEGIN SELECT RAISE(ABORT, 'a final delivery is never overwritten'); END;
  PRAGMA user_version = 4;`;
const WITHOUT_LEASES = `
  DROP TABLE lease; DROP INDEX delivery_owned; ALTER TABLE delivery DROP COLUMN owner; PRAGMA user_version = 3;`;
const WITHOUT_MEMORY = `
  DROP TABLE connection_memory; DROP TABLE connection_counter; DROP TABLE connection_note; DROP TABLE first_load;
  PRAGMA user_version = 2;`;
const WITHOUT_FORGETTING = `
  DROP INDEX ledger_to_forget; ALTER TABLE ledger DROP COLUMN to_forget; PRAGMA user_version = 1;`;

/**
 * Takes a closed store back to version 4, which knew no way back, to 2, in which connections kept nothing, or to 1, which
 * did not forget cases.
 */
export function toVersion(version: 1 | 2 | 4, path: string): void {
  const file = new Database(path);
  file.exec(WITHOUT_WAY_BACK);
  if (version < 4) file.exec(WITHOUT_LEASES + WITHOUT_MEMORY);
  if (version < 2) file.exec(WITHOUT_FORGETTING);
  file.close();
}

/** All bytes of all files of a folder, one after the other. */
export function rawBytes(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}
