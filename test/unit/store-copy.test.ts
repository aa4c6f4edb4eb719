// What a copy of the store asks of the file before it turns to the server.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { copyStore } from '../../src/store/copy.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';

let fixture: SqliteFixture;
beforeEach(async () => {
  fixture = await openSqlite();
});
afterEach(() => fixture.end());

/** Nothing answers there. */
const NOWHERE = { host: '127.0.0.1', port: 1, database: 'none', user: 'nobody', tls: 'off' } as const;

function copy() {
  const { path, checkpointPath, keyring, clock } = fixture;
  return copyStore({ from: { path, checkpointPath }, to: NOWHERE, keyring, clock });
}

describe('a copy of the store', () => {
  it('looks through the whole chain before it begins anything on the server, which would not wait for it', async () => {
    await fixture.store.write((tx) => tx.audit.append({ at: 1, actor: 'daemon', action: 'queued' }));
    await fixture.store.close();
    await expect(copy()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const file = new Database(fixture.path);
    file.exec("DROP TRIGGER audit_no_update; UPDATE audit SET action = 'changed' WHERE row = 1");
    file.close();
    await expect(copy()).rejects.toMatchObject({ code: 'AUDIT_CHAIN_BROKEN' });
  });
});
