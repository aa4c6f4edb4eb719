// The store stays fast when it is full: each query that runs often uses its index (asked of the very queries that run),
// and a delivery takes as long among 100,000 open ones as in a store that is almost empty.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Compilable } from 'kysely';
import { selectAccounting } from '../../src/store/accounting.js';
import { selectLeft, selectReceipts } from '../../src/store/acknowledge.js';
import { selectLinked, selectUnlinked } from '../../src/store/case-links.js';
import { selectAmong, selectFirst } from '../../src/store/claim.js';
import type { Db } from '../../src/store/database.js';
import { alone } from '../../src/store/engine.js';
import { selectToForget } from '../../src/store/forget-cases.js';
import { selectFirstOpen, selectHolder } from '../../src/store/lanes.js';
import { selectListed, selectUncompared } from '../../src/store/outbox.js';
import { kyselyOn } from '../../src/store/sqlite-dialect.js';
import type { Store } from '../../src/store/types.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';
import { newDelivery } from '../support/store-material.js';

const LANES = 90_000;
const LONG_LANE = 10_000;

let fixture: SqliteFixture;
let file: Database.Database;
let db: Db;

/** One sealed delivery through the store, then its row many times over by SQL: sealing 100,000 would take long. */
async function fill(): Promise<void> {
  fixture = await openSqlite();
  const seed = newDelivery('seed', 1, { route: 'seed', state: 'parked' });
  await fixture.store.write((tx) => tx.outbox.insert(seed));
  file = new Database(fixture.path);
  file.pragma('synchronous = OFF');
  const same = 'case_key, subject, stage, kind, attempts, due_at, approvals, accepted_at, updated_at';
  const copies = (count: number, values: string) => `
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO delivery (id, route, lane, position, sub, turn, state, ${same})
    SELECT ${values}, ${same} FROM n, delivery WHERE id = 'seed'`;
  const statements = [
    'BEGIN',
    copies(LANES, `'many' || i, 'many', 'lane' || i, 1 + i, 0, 1, 'queued'`),
    copies(
      LONG_LANE,
      `'long' || i, 'long', 'lane', 200000 + i, 0, iif(i = 1, 1, 0), iif(i = 1, 'parked', 'queued')`,
    ),
    "UPDATE counter SET value = 300000 WHERE name = 'position'",
    `INSERT INTO route_count VALUES ('many', ${LANES}), ('long', ${LONG_LANE})`,
    'COMMIT',
  ];
  file.exec(statements.join(';'));
  db = kyselyOn(file, { guarded: false });
}

beforeAll(fill);
afterAll(async () => {
  file.close();
  await fixture.end();
});

function planOf(query: Compilable): string {
  const { sql, parameters } = query.compile();
  const steps = file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[];
  return steps.map((step) => step.detail).join('; ');
}

describe('the plan of', () => {
  it('the first due ones of each route is a search per route, in order, and only what it found is sorted', () => {
    const engine = alone(() => 5);
    const plan = planOf(
      selectFirst({ db, engine }, { routes: ['many', 'long'], at: 5, each: 10, limit: 10 }),
    );
    expect(plan.split('; ')).toEqual([
      'SCAN asked VIRTUAL TABLE INDEX 1:',
      'SEARCH first USING INDEX sqlite_autoindex_delivery_1 (id=?)',
      'CORRELATED LIST SUBQUERY 1',
      'SEARCH delivery USING INDEX delivery_ready (route=? AND state=? AND due_at<?)',
      'USE TEMP B-TREE FOR ORDER BY',
    ]);
  });

  it('a claim of what was woken finds it by its id', () => {
    expect(planOf(selectAmong(db, ['many1', 'many2'], 5))).toMatch(
      /^SEARCH delivery USING INDEX sqlite_autoindex_delivery_1 \(id=\?\)/,
    );
  });

  it('passing the turn finds the first open one and the one with the turn by index', () => {
    const lane = { route: 'long', lane: 'lane' };
    expect(planOf(selectFirstOpen(db, lane))).toBe(
      'SEARCH delivery USING INDEX delivery_lane (route=? AND lane=?)',
    );
    expect(planOf(selectHolder(db, lane))).toBe(
      'SEARCH delivery USING INDEX delivery_head (route=? AND lane=?)',
    );
  });

  it('the question for something uncompared', () => {
    expect(planOf(selectUncompared(db, 'long', 'lane'))).toContain(
      'INDEX delivery_uncompared (route=? AND lane=?)',
    );
  });

  it('the books reads an index alone, not the rows', () => {
    expect(planOf(selectAccounting(db))).toContain('delivery USING COVERING INDEX delivery_count (route=?)');
  });

  it('the lists of a lane and of a case', () => {
    const lane = selectListed(db, { route: 'long', lane: 'lane', states: ['parked'] });
    expect(planOf(lane)).toContain('INDEX delivery_lane (route=? AND lane=?)');
    expect(planOf(selectListed(db, { caseKey: 'key' }))).toContain('INDEX delivery_case (case_key=?)');
  });
});

describe('the plan of the way back', () => {
  it('finds the case behind an employee and a day, and what is to be done with words, by index', () => {
    expect(planOf(selectLinked(db, 'absences', 'link'))).not.toContain('SCAN');
    expect(planOf(selectLeft(db))).toContain('INDEX acknowledgement_pending');
    expect(planOf(selectUnlinked(db))).toContain('INDEX ledger_unlinked');
    expect(planOf(selectReceipts(db, 5))).toContain('INDEX acknowledgement_due');
  });
});

describe('the plan of forgetting', () => {
  it('walks the candidates by index, in order', () => {
    expect(planOf(selectToForget(db, 5))).toBe('SEARCH ledger USING INDEX ledger_to_forget (updated_at<?)');
  });
});

/** Milliseconds for one delivery, from claim to settled, over `count` of them. */
async function timeDeliveries(store: Store, routes: readonly string[], count: number): Promise<number> {
  const began = process.hrtime.bigint();
  for (let n = 0; n < count; n += 1) {
    const [item] = await store.write((tx) => tx.outbox.claim({ routes, limit: 1, at: 10 }));
    if (!item) throw new Error('nothing to claim');
    await store.write(async (tx) => {
      await tx.outbox.markSending(item.id, 11);
      await tx.outbox.settle(item.id, { state: 'delivered', spent: true }, 12);
    });
  }
  return Number(process.hrtime.bigint() - began) / count / 1e6;
}

describe('with 100,000 open deliveries, 10,000 of them in one lane', () => {
  let small: SqliteFixture;
  let perDelivery: number;

  beforeAll(async () => {
    small = await openSqlite();
    await small.store.write(async (tx) => {
      for (let n = 0; n < 400; n += 1) await tx.outbox.insert(newDelivery(`d${n}`, 1));
    });
    await timeDeliveries(small.store, ['absences'], 100);
    perDelivery = await timeDeliveries(small.store, ['absences'], 300);
  });
  afterAll(() => small.end());

  // A walk over all of them, or over the long lane, would take fifty times as long; three times is noise.
  it('a delivery takes about as long as in an almost empty store, while the long lane is held', async () => {
    expect(await timeDeliveries(fixture.store, ['many', 'long'], 300)).toBeLessThan(3 * perDelivery);
    expect((await fixture.store.read((tx) => tx.outbox.get('long2')))?.state).toBe('queued');
  });

  it('and so does one of the long lane, once it is released', async () => {
    await fixture.store.write((tx) => tx.outbox.release('long1', [], 2));
    expect(await timeDeliveries(fixture.store, ['long'], 300)).toBeLessThan(3 * perDelivery);
    expect((await fixture.store.read((tx) => tx.outbox.get('long300')))?.state).toBe('delivered');
  });

  it('the books still balance', async () => {
    for (const { accepted, states } of await fixture.store.read((tx) => tx.outbox.accounting())) {
      expect(Object.values(states).reduce((total, count) => total + count, 0)).toBe(accepted);
    }
  });
});
