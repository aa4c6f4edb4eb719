// Replicas of two versions on one PostgreSQL store: a newer one brings it up to date while the older one goes on; and who
// may open what.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { POSTGRES_MIGRATIONS } from '../../src/store/postgres-schema.js';
import { MIGRATIONS } from '../../src/store/schema.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { newDelivery } from '../support/store-material.js';

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

  it('a second master key: the store opens with its own alone', async () => {
    const stranger = await openPostgres(postgres);
    await expect(fixture.openAgain({ keyring: stranger.keyring })).rejects.toMatchObject({
      code: 'STORE_KEY',
    });
    await stranger.end();
  });
});
