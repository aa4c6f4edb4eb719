// The tables of the PostgreSQL store, as numbered migrations, in step with those of SQLite (schema.ts): the same number
// means the same tables and columns. Append only.
//
// Replicas of the version before go on while a new one migrates. So a migration only adds: tables, indexes, columns that
// may be empty or have a default. What takes something away comes a version later, when nobody uses it any more, and
// raises `works_from`: the oldest version of the product's tables that can still work with the store. A product opens
// every store that is no newer than it knows, and a newer one as long as `works_from` allows.
import { type Kysely, sql } from 'kysely';
import { CodedError } from '../errors.js';
import type { Tables } from './database.js';

/** Text is compared by its bytes, as SQLite does, whatever the language of the database. */
const TEXT = 'TEXT COLLATE "C"';

const OUTBOX = `
  CREATE TABLE delivery (
    id ${TEXT} PRIMARY KEY,
    route ${TEXT} NOT NULL,
    lane ${TEXT} NOT NULL,
    case_key ${TEXT},
    subject ${TEXT},
    position BIGINT NOT NULL,
    sub INTEGER NOT NULL,
    turn INTEGER CHECK (turn IN (0, 1)),
    stage ${TEXT} NOT NULL CHECK (stage IN ('record', 'observation', 'notification', 'payload')),
    kind ${TEXT},
    state ${TEXT} NOT NULL CHECK (state IN
      ('queued', 'claimed', 'sending', 'delivered', 'confirmed', 'rejected', 'parked', 'discarded')),
    attempts INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    code ${TEXT},
    detail ${TEXT},
    owner ${TEXT},
    approvals ${TEXT} NOT NULL,
    accepted_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((turn IS NULL) = (state IN ('delivered', 'confirmed', 'rejected', 'discarded'))),
    CHECK (state NOT IN ('claimed', 'sending') OR turn = 1)
  ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
  CREATE UNIQUE INDEX delivery_order ON delivery (position, sub);
  CREATE INDEX delivery_lane ON delivery (route, lane, position, sub) WHERE turn IS NOT NULL;
  CREATE UNIQUE INDEX delivery_head ON delivery (route, lane) WHERE turn = 1;
  CREATE INDEX delivery_ready ON delivery (route, state, due_at, position, sub) WHERE turn = 1;
  CREATE INDEX delivery_uncompared ON delivery (route, lane) WHERE turn IS NOT NULL AND stage = 'observation';
  CREATE INDEX delivery_count ON delivery (route, state, accepted_at, updated_at);
  CREATE INDEX delivery_case ON delivery (case_key, position, sub) WHERE case_key IS NOT NULL;
  CREATE INDEX delivery_owned ON delivery (state, owner) WHERE owner IS NOT NULL;
  CREATE FUNCTION verzuimbrug_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
  CREATE TRIGGER delivery_final BEFORE UPDATE ON delivery FOR EACH ROW
    WHEN (OLD.state IN ('delivered', 'confirmed', 'rejected', 'discarded'))
    EXECUTE FUNCTION verzuimbrug_refuse('a final delivery is never overwritten');
  CREATE TRIGGER delivery_kept BEFORE DELETE OR TRUNCATE ON delivery
    EXECUTE FUNCTION verzuimbrug_refuse('a delivery is never deleted');

  CREATE TABLE delivery_content (
    delivery_id ${TEXT} PRIMARY KEY REFERENCES delivery (id),
    body BYTEA,
    source_reference BYTEA NOT NULL,
    accepted_at BIGINT NOT NULL,
    settled_at BIGINT
  );
  CREATE INDEX delivery_content_settled ON delivery_content (settled_at) WHERE settled_at IS NOT NULL;
  CREATE INDEX delivery_content_accepted ON delivery_content (accepted_at);

  CREATE TABLE route_count (route ${TEXT} PRIMARY KEY, accepted BIGINT NOT NULL) WITH (fillfactor = 50);
  CREATE TABLE counter (name ${TEXT} PRIMARY KEY, value BIGINT NOT NULL) WITH (fillfactor = 50);
  INSERT INTO counter (name, value) VALUES ('position', 0);
`;

const LEDGER = `
  CREATE TABLE ledger (
    route ${TEXT} NOT NULL,
    case_key ${TEXT} NOT NULL,
    case_reference ${TEXT} NOT NULL,
    state BYTEA NOT NULL,
    diverged ${TEXT},
    diverged_since BIGINT,
    updated_at BIGINT NOT NULL,
    to_forget INTEGER NOT NULL DEFAULT 1 CHECK (to_forget IN (0, 1)),
    PRIMARY KEY (route, case_key)
  );
  CREATE INDEX ledger_reference ON ledger (route, case_reference);
  CREATE INDEX ledger_diverged ON ledger (diverged_since) WHERE diverged IS NOT NULL;
  CREATE INDEX ledger_to_forget ON ledger (updated_at) WHERE to_forget = 1 AND diverged IS NULL;
  CREATE INDEX ledger_case ON ledger (case_key);
`;

const AUDIT = `
  CREATE TABLE audit (
    "row" BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor ${TEXT} NOT NULL,
    action ${TEXT} NOT NULL,
    route ${TEXT},
    connection ${TEXT},
    delivery_id ${TEXT},
    case_key ${TEXT},
    subject ${TEXT},
    code ${TEXT},
    details ${TEXT},
    hash ${TEXT} NOT NULL
  );
  CREATE INDEX audit_at ON audit (at, "row");
  CREATE INDEX audit_delivery ON audit (delivery_id, "row") WHERE delivery_id IS NOT NULL;
  CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    EXECUTE FUNCTION verzuimbrug_refuse('the audit is append-only');
`;

const OPERATION = `
  CREATE TABLE source_cursor (connection ${TEXT} PRIMARY KEY, cursor ${TEXT});
  CREATE TABLE seen (
    connection ${TEXT} NOT NULL,
    key ${TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (connection, key)
  );
  CREATE INDEX seen_at ON seen (at);
  CREATE TABLE connection_state (
    connection ${TEXT} PRIMARY KEY,
    last_poll_at BIGINT,
    last_poll_ok INTEGER,
    last_poll_code ${TEXT},
    last_poll_detail ${TEXT}
  );
  CREATE TABLE route_state (
    route ${TEXT} PRIMARY KEY,
    paused_at BIGINT,
    paused_code ${TEXT},
    paused_detail ${TEXT},
    next_probe_at BIGINT
  );
  CREATE TABLE secret (name ${TEXT} PRIMARY KEY, value BYTEA NOT NULL);
  CREATE TABLE seal_key (id ${TEXT} PRIMARY KEY, proof BYTEA NOT NULL, first_used_at BIGINT NOT NULL);
`;

const MEMORY = `
  CREATE TABLE connection_memory (
    connection ${TEXT} NOT NULL,
    name ${TEXT} NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (connection, name)
  );
  CREATE TABLE connection_counter (
    connection ${TEXT} NOT NULL,
    name ${TEXT} NOT NULL,
    period ${TEXT} NOT NULL,
    counted BIGINT NOT NULL,
    allowed BIGINT,
    PRIMARY KEY (connection, name, period)
  );
  CREATE TABLE connection_note (
    connection ${TEXT} NOT NULL,
    name ${TEXT} NOT NULL,
    level ${TEXT} NOT NULL CHECK (level IN ('attention', 'notice')),
    text ${TEXT} NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (connection, name)
  );
  CREATE TABLE first_load (
    route ${TEXT} NOT NULL,
    connection ${TEXT} NOT NULL,
    started_day ${TEXT} NOT NULL,
    completed_at BIGINT,
    PRIMARY KEY (route, connection)
  );
`;

/** `writer` is PostgreSQL's own: see postgres-writer.ts. */
const LEASES = `
  CREATE TABLE lease (
    name ${TEXT} PRIMARY KEY,
    owner ${TEXT} NOT NULL,
    fence BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
  ) WITH (fillfactor = 50);
  CREATE TABLE writer (owner ${TEXT} PRIMARY KEY, groups BIGINT NOT NULL) WITH (fillfactor = 50);
`;

/**
 * See schema.ts. That a delivery which arrived may still climb forbids less than before: what a replica of version 4 does
 * is allowed as it was.
 */
const WAY_BACK = `
  ALTER TABLE delivery ADD COLUMN case_reference ${TEXT};
  ALTER TABLE delivery ADD COLUMN sequence INTEGER;
  CREATE TABLE acknowledgement (
    delivery_id ${TEXT} PRIMARY KEY REFERENCES delivery (id),
    route ${TEXT} NOT NULL,
    asked_at BIGINT,
    due_at BIGINT,
    outcome ${TEXT} CHECK (outcome IN ('received', 'processed', 'processed-with-remark', 'refused')),
    words BYTEA,
    at BIGINT,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1))
  );
  CREATE INDEX acknowledgement_due ON acknowledgement (route, due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX acknowledgement_pending ON acknowledgement (delivery_id) WHERE pending = 1;
  CREATE INDEX acknowledgement_words ON acknowledgement (at) WHERE words IS NOT NULL;
  CREATE FUNCTION verzuimbrug_climb() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state IN ('rejected', 'discarded')
        OR (OLD.state = 'delivered' AND NEW.state NOT IN ('confirmed', 'rejected'))
        OR (OLD.state = 'confirmed' AND NEW.state <> 'rejected')
        OR NOT EXISTS (SELECT 1 FROM acknowledgement WHERE delivery_id = OLD.id AND outcome IS NOT NULL)
      THEN RAISE EXCEPTION 'a final delivery is never overwritten'; END IF;
      RETURN NEW;
    END $$;
  DROP TRIGGER delivery_final ON delivery;
  CREATE TRIGGER delivery_final BEFORE UPDATE ON delivery FOR EACH ROW
    WHEN (OLD.state IN ('delivered', 'confirmed', 'rejected', 'discarded'))
    EXECUTE FUNCTION verzuimbrug_climb();

  ALTER TABLE ledger ADD COLUMN linked INTEGER NOT NULL DEFAULT 0 CHECK (linked IN (0, 1));
  CREATE INDEX ledger_unlinked ON ledger (route, case_key) WHERE linked = 0;
  CREATE TABLE case_link (
    route ${TEXT} NOT NULL,
    link ${TEXT} NOT NULL,
    case_key ${TEXT} NOT NULL,
    PRIMARY KEY (route, link, case_key)
  );
  CREATE INDEX case_link_case ON case_link (route, case_key);
  CREATE TABLE return_state (
    route ${TEXT} NOT NULL,
    key ${TEXT} NOT NULL,
    case_key ${TEXT} NOT NULL,
    state BYTEA NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (route, key)
  );
  CREATE INDEX return_state_updated ON return_state (updated_at);
`;

const VERSION = `
  CREATE TABLE store_version (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    works_from INTEGER NOT NULL
  );
  INSERT INTO store_version VALUES (1, 0, 0);
`;

export interface Migration {
  /** The version that it makes. */
  readonly version: number;
  /** The oldest version of the product that can still work with what it makes. */
  readonly worksFrom: number;
  readonly sql: string;
}

/** The first makes what SQLite reached in its first four. */
export const POSTGRES_MIGRATIONS: readonly Migration[] = [
  { version: 4, worksFrom: 4, sql: VERSION + OUTBOX + LEDGER + AUDIT + OPERATION + MEMORY + LEASES },
  { version: 5, worksFrom: 4, sql: WAY_BACK },
];

type AnyDb = Kysely<Tables>;

/** 0 for a database without tables. Throws STORE_VERSION for one of somebody else, or too new for this product. */
export async function postgresVersion(db: AnyDb, known = knownVersion()): Promise<number> {
  const tables = await sql<{ name: string }>`select c.relname as name from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm')`.execute(db);
  if (tables.rows.length === 0) return 0;
  if (!tables.rows.some(({ name }) => name === 'store_version')) {
    throw new CodedError('STORE_VERSION', [], {
      detail: 'It is a database of something else: correct store.url.',
    });
  }
  const found = await sql<{ version: number; works_from: number }>`
    select version, works_from from store_version`.execute(db);
  const { version, works_from } = found.rows[0] ?? { version: 0, works_from: 0 };
  if (works_from > known) {
    throw new CodedError('STORE_VERSION', [], {
      detail: `It is at version ${version}, which needs a product that knows ${works_from}, and this one knows ${known}: run the newer product.`,
    });
  }
  return version;
}

export function knownVersion(migrations = POSTGRES_MIGRATIONS): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Brings the store to the newest version, within the caller's transaction; true when it was empty before. */
export async function migratePostgres(db: AnyDb, migrations = POSTGRES_MIGRATIONS): Promise<boolean> {
  const before = await postgresVersion(db, knownVersion(migrations));
  await sql.raw('SET LOCAL statement_timeout = 0').execute(db);
  for (const { version, worksFrom, sql: text } of migrations) {
    if (version <= before) continue;
    await sql.raw(text).execute(db);
    await sql`update store_version set version = ${version}, works_from = ${worksFrom}`.execute(db);
  }
  return before === 0;
}
