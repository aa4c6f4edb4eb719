// Fills a store with deliveries that wait, each of a case of its own. The first thousands are real; the rest of a large
// backlog are copies of one row, whose sealed content opens nowhere: they stand behind the real ones, and a measurement
// ends before it comes to them.
import Database from 'better-sqlite3';
import { systemClock } from '../src/clock.js';
import type { Payload } from '../src/connector.js';
import { openStore } from '../src/main.js';
import { type Cleared, reopen } from '../src/privacy/gate.js';
import type { NewDelivery } from '../src/store/types.js';
import { serverOf, sqlitePath } from '../src/store-place.js';
import type { PostgresFixture } from '../test/support/postgres.js';
import { sickReports } from './messages.js';
import type { Site } from './site.js';

/** So many can be delivered. */
export const REAL = 5_000;
const PER_UNIT = 500;

/** `waiting` deliveries in all, due since now. */
export async function fill(site: Site, waiting: number, postgres: PostgresFixture): Promise<void> {
  const real = Math.min(waiting, REAL);
  const body = Buffer.from(sickReports(1)[0] ?? []).toString();
  const store = await openStore(site.loaded, systemClock);
  for (let first = 0; first < real; first += PER_UNIT) {
    await store.write(async (tx) => {
      for (let number = first; number < Math.min(real, first + PER_UNIT); number += 1)
        await tx.outbox.insert(deliveryOf(number, body));
    });
  }
  await store.close();
  if (waiting > real) await copies(site, { from: real, count: waiting - real, postgres });
}

function deliveryOf(number: number, message: string): NewDelivery {
  // The receiver tells messages apart by this mark.
  const marked = message.replace('</', `<!-- MARK-${number} --></`);
  const payload: Cleared<Payload> = reopen({ contentType: 'application/xml', body: marked });
  return {
    ...{ id: systemClock.id(), route: 'absences', lane: `lane-${number}`, caseKey: null, subject: null },
    ...{ kind: 'SickReport', sourceReference: 'bench', state: 'queued', at: systemClock.now() },
    body: { stage: 'payload', payload },
  };
}

interface Copies {
  readonly from: number;
  readonly count: number;
  readonly postgres: PostgresFixture;
}

async function copies({ loaded }: Site, { from, count, postgres }: Copies): Promise<void> {
  const { store } = loaded.config;
  if (store.url.startsWith('sqlite:')) {
    const file = new Database(sqlitePath(loaded));
    file.pragma('synchronous = OFF');
    file.exec(copySql(NUMBERS_OF_SQLITE(count), from));
    file.close();
    return;
  }
  const client = await postgres.connect(serverOf(store, loaded.resolvePath));
  await client.query(copySql(`generate_series(1, ${count}) AS numbers (n)`, from));
  await client.query('ANALYZE');
  await client.end();
}

const NUMBERS_OF_SQLITE = (count: number) =>
  `(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}) SELECT n FROM numbers) AS numbers`;

/** The first row once more per number, in a lane of its own, behind all that are there. */
const copySql = (numbers: string, from: number) => `
  BEGIN;
  INSERT INTO delivery (id, route, lane, position, sub, turn, stage, kind, state, attempts, due_at, approvals,
      accepted_at, updated_at)
    SELECT 'copy-' || n, route, 'copy-' || n, ${from} + n, 0, 1, stage, kind, state, 0, last_due + 1000, approvals,
      accepted_at, updated_at
    FROM ${numbers}, (SELECT * FROM delivery ORDER BY position LIMIT 1) AS one,
      (SELECT MAX(due_at) AS last_due FROM delivery) AS others;
  INSERT INTO delivery_content (delivery_id, body, source_reference, accepted_at)
    SELECT 'copy-' || n, body, source_reference, accepted_at
    FROM ${numbers}, (SELECT * FROM delivery_content ORDER BY accepted_at LIMIT 1) AS one;
  UPDATE route_count SET accepted = accepted + (SELECT COUNT(*) FROM ${numbers});
  UPDATE counter SET value = value + (SELECT COUNT(*) FROM ${numbers}) WHERE name = 'position';
  COMMIT;
`;
