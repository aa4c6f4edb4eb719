// Replicas of two versions on one PostgreSQL store: a newer one brings it up to date while the older one goes on; and who
// may open what.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { POSTGRES_MIGRATIONS } from '../../src/store/postgres-schema.js';
import { MIGRATIONS } from '../../src/store/schema.js';
import type { Acknowledgement } from '../../src/store/types.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { caseState, cleared, newDelivery } from '../support/store-material.js';

let postgres: PostgresFixture;
let fixture: PostgresStoreFixture;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.end());
beforeEach(async () => {
  fixture = await openPostgres(postgres);
});
afterEach(() => fixture.end());

const LAST = POSTGRES_MIGRATIONS.at(-1)?.version ?? 0;
/** A made-up next version that adds a column and an index. */
const adding = (worksFrom: number) => [
  ...POSTGRES_MIGRATIONS,
  {
    version: LAST + 1,
    worksFrom,
    sql: 'ALTER TABLE delivery ADD COLUMN colour TEXT; CREATE INDEX delivery_colour ON delivery (colour)',
  },
];

async function columnsOf(table: string): Promise<string[]> {
  const client = await postgres.connect(fixture.server);
  const { rows } = await client.query(
    'select column_name from information_schema.columns where table_name = $1',
    [table],
  );
  await client.end();
  return rows.map((row) => row.column_name);
}

describe('the versions of the tables', () => {
  it('are numbered as those of SQLite', () => {
    expect(LAST).toBe(MIGRATIONS.length);
    const versions = POSTGRES_MIGRATIONS.map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, n) => (versions[0] ?? 0) + n));
    expect(POSTGRES_MIGRATIONS.every(({ version, worksFrom }) => worksFrom <= version)).toBe(true);
  });

  it('a replica of the version before works on, under load, while a newer one migrates', async () => {
    const { store } = fixture;
    let ended = false;
    let accepted = 0;
    const load = (async () => {
      while (!ended) {
        const id = `d${accepted}`;
        await store.write((tx) => tx.outbox.insert(newDelivery(id, 1)));
        accepted += 1;
        const [item] = await store.write((tx) => tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 }));
        if (item) await store.write((tx) => tx.outbox.settle(item.id, { state: 'queued', spent: true }, 3));
      }
    })();
    const more = async (count: number) => {
      const enough = accepted + count;
      while (accepted < enough) await new Promise((resolve) => setImmediate(resolve));
    };
    await more(3);
    const newer = await fixture.openAgain({ migrations: adding(LAST) });
    expect(await columnsOf('delivery')).toContain('colour');
    await newer.write((tx) => tx.outbox.insert(newDelivery('newer', 1)));
    await Promise.race([more(3), load]);
    ended = true;
    await load;
    expect(await store.read((tx) => tx.outbox.list({}))).toHaveLength(accepted + 1);
  });

  it('one of the version before may start again on a newer store that allows it', async () => {
    await fixture.openAgain({ migrations: adding(LAST) });
    const older = await fixture.openAgain();
    await older.write((tx) => tx.outbox.insert(newDelivery('d', 1)));
    const reader = await fixture.openAgain({ readOnly: true });
    expect(await reader.read((tx) => tx.outbox.list({}))).toHaveLength(1);
  });

  it('and is refused where the newer one took something away', async () => {
    await fixture.openAgain({ migrations: adding(LAST + 1) });
    await expect(fixture.openAgain()).rejects.toMatchObject({ code: 'STORE_VERSION' });
    await expect(fixture.openAgain({ readOnly: true })).rejects.toMatchObject({ code: 'STORE_VERSION' });
  });

  it('a migration that fails leaves the store as it was', async () => {
    const broken = [
      ...POSTGRES_MIGRATIONS,
      { version: LAST + 1, worksFrom: 4, sql: 'CREATE TABLE half (a INT); nonsense' },
    ];
    await expect(fixture.openAgain({ migrations: broken })).rejects.toThrow('syntax error');
    expect(await columnsOf('half')).toEqual([]);
    const again = await fixture.openAgain();
    await again.write((tx) => tx.outbox.insert(newDelivery('d', 1)));
  });

  it('several first starts at once make one store', async () => {
    const server = await postgres.database();
    const stores = await Promise.all([1, 2, 3].map(() => fixture.openAgain({ server })));
    expect(new Set(stores.map((store) => store.hash('a'))).size).toBe(1);
  });
});

/** Undoes version 5: what is left is a store of version 4. */
const TO_VERSION_4 = `
  DROP TRIGGER delivery_final ON delivery; DROP FUNCTION verzuimbrug_climb;
  CREATE TRIGGER delivery_final BEFORE UPDATE ON delivery FOR EACH ROW
    WHEN (OLD.state IN ('delivered', 'confirmed', 'rejected', 'discarded'))
    EXECUTE FUNCTION verzuimbrug_refuse('a final delivery is never overwritten');
  DROP TABLE acknowledgement; DROP TABLE case_link; DROP TABLE return_state;
  ALTER TABLE delivery DROP COLUMN case_reference; ALTER TABLE delivery DROP COLUMN sequence;
  ALTER TABLE ledger DROP COLUMN linked;
  UPDATE store_version SET version = 4`;

async function onDatabase(text: string): Promise<void> {
  const client = await postgres.connect(fixture.server);
  await client.query(text);
  await client.end();
}

describe('a store of version 4', () => {
  const refused = cleared<Acknowledgement>({ outcome: 'refused' });

  it('keeps what arrived, and finds its cases by employee and first day from then on', async () => {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d', 1));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 });
      await tx.outbox.markSending('d', 3);
      await tx.outbox.settle('d', { state: 'delivered', spent: true }, 4);
      await tx.ledger.put('absences', 'key', 'ref', caseState(), 1);
    });
    await fixture.store.close();
    await onDatabase(TO_VERSION_4);
    const store = await fixture.openAgain();
    const sought = { employeeId: 'P1', firstDay: '2026-03-02' };
    expect(await store.read((tx) => tx.ledger.findCase(['absences'], sought))).toHaveLength(1);
    await store.write((tx) => tx.outbox.acknowledge('d', refused, 5));
    expect((await store.read((tx) => tx.outbox.get('d')))?.state).toBe('rejected');
  });

  it('what its replica settles without a look at what the receiver said is taken up by the others', async () => {
    const { store } = fixture;
    await store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d', 1));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 });
      await tx.outbox.markSending('d', 3);
      await tx.outbox.acknowledge('d', refused, 4);
    });
    await onDatabase("UPDATE delivery SET state = 'delivered', turn = NULL, owner = NULL WHERE id = 'd'");
    const taken = await store.write((tx) => tx.outbox.takeUpWords(5));
    expect(taken.map(({ id, state }) => [id, state])).toEqual([['d', 'rejected']]);
    expect(await store.write((tx) => tx.outbox.takeUpWords(6))).toEqual([]);
  });
});

describe('what the database itself refuses', () => {
  const sql = async (text: string) => {
    const client = await postgres.connect(fixture.server);
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  };

  it('a change or removal of audit rows, and the removal of a delivery', async () => {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d', 1));
      await tx.audit.append({ at: 1, actor: 'daemon', action: 'queued' });
    });
    for (const text of ["UPDATE audit SET action = 'x'", 'DELETE FROM audit', 'TRUNCATE audit'])
      await expect(sql(text)).rejects.toThrow('the audit is append-only');
    await expect(sql('DELETE FROM delivery')).rejects.toThrow('a delivery is never deleted');
  });

  it('a change of a delivery that arrived, but for what its receiver said', async () => {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d', 1));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 });
      await tx.outbox.markSending('d', 3);
      await tx.outbox.settle('d', { state: 'delivered', spent: true }, 4);
    });
    const set = (state: string) => sql(`UPDATE delivery SET state = '${state}'`);
    await expect(set('confirmed')).rejects.toThrow('never overwritten');
    const word = cleared<Acknowledgement>({ outcome: 'received' });
    await fixture.store.write((tx) => tx.outbox.acknowledge('d', word, 5));
    for (const state of ['confirmed', 'delivered', 'discarded'])
      await expect(set(state)).rejects.toThrow('never overwritten');
  });

  it('a second master key: the store opens with its own alone', async () => {
    const stranger = await openPostgres(postgres);
    await expect(fixture.openAgain({ keyring: stranger.keyring })).rejects.toMatchObject({
      code: 'STORE_KEY',
    });
    await stranger.end();
  });
});
