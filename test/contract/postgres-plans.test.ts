// On PostgreSQL too each query that runs often uses its index, with a plan that was made once for all values. Without
// statistics, which a new store lacks until it has some hundred rows, none walks all rows. Asked of the very queries that
// run.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type pg from 'pg';
import { selectAmong, selectFirst, selectUnderWay } from '../../src/store/claim.js';
import type { Tables } from '../../src/store/database.js';
import { among } from '../../src/store/engine.js';
import { selectFirstOpen, selectHolder } from '../../src/store/lanes.js';
import { selectListed, selectUncompared } from '../../src/store/outbox.js';
import { selectAbandoned } from '../../src/store/transitions.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { newDelivery } from '../support/store-material.js';

let postgres: PostgresFixture;
let fixture: PostgresStoreFixture;
let client: pg.Client;
const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of) => new PostgresIntrospector(of),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const same = 'subject, stage, kind, attempts, due_at, approvals, accepted_at, updated_at';
const copies = (count: number, values: string) => `
  INSERT INTO delivery (id, route, lane, position, sub, turn, state, case_key, ${same})
  SELECT ${values}, 'case' || i, ${same} FROM generate_series(1, ${count}) i, delivery WHERE id = 'seed'`;

beforeAll(async () => {
  postgres = await startPostgres();
  fixture = await openPostgres(postgres);
  const seed = newDelivery('seed', 1, { route: 'seed', state: 'parked' });
  await fixture.store.write((tx) => tx.outbox.insert(seed));
  client = await postgres.connect(fixture.server);
  await client.query('ALTER TABLE delivery SET (autovacuum_enabled = off)');
  await client.query(copies(20_000, "'many' || i, 'many', 'lane' || i, 1 + i, 0, 1, 'queued'"));
  await client.query(
    copies(5_000, "'long' || i, 'long', 'lane', 200000 + i, 0, case i when 1 then 1 else 0 end, 'queued'"),
  );
  await client.query(copies(20_000, "'done' || i, 'many', 'lane' || i, 300000 + i, 0, null, 'delivered'"));
});
afterAll(async () => {
  await client.end();
  await fixture.end();
  await postgres.end();
});

const asked = (each: number) => {
  const routes = ['many', 'long', ...Array.from({ length: 498 }, (_, n) => `route${n}`)];
  return selectFirst({ db, engine: among({}) }, { routes, at: 5, each, limit: 200 });
};
const lane = { route: 'long', lane: 'lane' };
const QUERIES = [
  ['the first due one of each of 500 routes', 'delivery_ready', asked(1)],
  ['the first due ones of each route', 'delivery_ready', asked(200)],
  ['a claim', 'delivery_pkey', selectAmong(db, ['many1', 'many2'], 5).forUpdate().skipLocked()],
  ['what is under way', 'delivery_owned', selectUnderWay({ db, engine: among({}) }, ['many', 'long'])],
  ['the first open one of a lane', 'delivery_lane', selectFirstOpen(db, lane)],
  ['the one with the turn', 'delivery_head', selectHolder(db, lane)],
  ['something uncompared', 'delivery_uncompared', selectUncompared(db, 'long', 'lane')],
  ['what is abandoned', 'delivery_owned', selectAbandoned({ db, engine: among({}) }, 'claimed', {})],
  ['the list of a case', 'delivery_case', selectListed(db, { caseKey: 'key' })],
] as const;

async function planOf(query: {
  compile(): { sql: string; parameters: readonly unknown[] };
}): Promise<string> {
  const { sql, parameters } = query.compile();
  const values = parameters
    .map((value) => (typeof value === 'number' ? String(value) : `'${value}'`))
    .join(', ');
  await client.query('SET plan_cache_mode = force_generic_plan');
  await client.query(`PREPARE asked AS ${sql}`);
  const { rows } = await client.query(`EXPLAIN EXECUTE asked${values ? `(${values})` : ''}`);
  await client.query('DEALLOCATE asked');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** In the order of the index, up to the limit: a sort, or a bitmap, would read the whole backlog of a route first. */
const STOPS_EARLY = /Limit .*\n +-> +Index Scan using delivery_ready /;

describe('the plan without statistics', () => {
  it.each(QUERIES)('of %s walks no rows', async (_what, _index, query) => {
    expect(await planOf(query)).not.toMatch(/Seq Scan on delivery\b(?!_)/);
  });

  it('of the first due ones of each route stops at the last of them', async () => {
    expect(await planOf(asked(16))).toMatch(STOPS_EARLY);
  });
});

describe('the plan with statistics', () => {
  beforeAll(() => client.query('ANALYZE'));

  it.each([1, 16, 200])('of the first %i of each route stops at the last of them', async (each) => {
    expect(await planOf(asked(each))).toMatch(STOPS_EARLY);
  });

  it.each(QUERIES)('of %s uses %s', async (_what, index, query) => {
    const plan = await planOf(query);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on delivery\b(?!_)/);
  });
});
