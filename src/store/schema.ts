// The tables of the SQLite store, as numbered migrations. Append only: a migration that was released never changes.
// `user_version` of the file says how far it came; all missing ones run in the transaction of the caller.
import { CodedError } from '../errors.js';

/** The few calls of the driver that a migration needs. */
export interface MigratedFile {
  exec(sql: string): unknown;
  pragma(source: string, options: { simple: true }): unknown;
  prepare(sql: string): { all(): unknown[] };
}

const OUTBOX = `
  CREATE TABLE delivery (
    id TEXT PRIMARY KEY NOT NULL,
    route TEXT NOT NULL,
    lane TEXT NOT NULL,
    case_key TEXT,
    subject TEXT,
    position INTEGER NOT NULL,
    sub INTEGER NOT NULL,
    turn INTEGER CHECK (turn IN (0, 1)),
    stage TEXT NOT NULL CHECK (stage IN ('record', 'observation', 'notification', 'payload')),
    kind TEXT,
    state TEXT NOT NULL CHECK (state IN
      ('queued', 'claimed', 'sending', 'delivered', 'confirmed', 'rejected', 'parked', 'discarded')),
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    next_attempt_at INTEGER,
    code TEXT,
    detail TEXT,
    approvals TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((turn IS NULL) = (state IN ('delivered', 'confirmed', 'rejected', 'discarded'))),
    CHECK (state NOT IN ('claimed', 'sending') OR turn = 1)
  ) STRICT;
  CREATE UNIQUE INDEX delivery_order ON delivery (position, sub);
  CREATE INDEX delivery_lane ON delivery (route, lane, position, sub) WHERE turn IS NOT NULL;
  CREATE UNIQUE INDEX delivery_head ON delivery (route, lane) WHERE turn = 1;
  CREATE INDEX delivery_ready ON delivery (route, state, due_at, position, sub) WHERE turn = 1;
  CREATE INDEX delivery_uncompared ON delivery (route, lane) WHERE turn IS NOT NULL AND stage = 'observation';
  CREATE INDEX delivery_count ON delivery (route, state, accepted_at, updated_at);
  CREATE INDEX delivery_case ON delivery (case_key, position, sub) WHERE case_key IS NOT NULL;
  CREATE TRIGGER delivery_final BEFORE UPDATE ON delivery
    WHEN OLD.state IN ('delivered', 'confirmed', 'rejected', 'discarded')
    BEGIN SELECT RAISE(ABORT, 'a final delivery is never overwritten'); END;
  CREATE TRIGGER delivery_kept BEFORE DELETE ON delivery
    BEGIN SELECT RAISE(ABORT, 'a delivery is never deleted'); END;

  CREATE TABLE delivery_content (
    delivery_id TEXT PRIMARY KEY NOT NULL REFERENCES delivery (id),
    body BLOB,
    source_reference BLOB NOT NULL,
    accepted_at INTEGER NOT NULL,
    settled_at INTEGER
  ) STRICT;
  CREATE INDEX delivery_content_settled ON delivery_content (settled_at) WHERE settled_at IS NOT NULL;
  CREATE INDEX delivery_content_accepted ON delivery_content (accepted_at);

  CREATE TABLE route_count (route TEXT PRIMARY KEY NOT NULL, accepted INTEGER NOT NULL) STRICT;
  CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT;
  INSERT INTO counter (name, value) VALUES ('position', 0);
`;

const LEDGER = `
  CREATE TABLE ledger (
    route TEXT NOT NULL,
    case_key TEXT NOT NULL,
    case_reference TEXT NOT NULL,
    state BLOB NOT NULL,
    diverged TEXT,
    diverged_since INTEGER,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (route, case_key)
  ) STRICT;
  CREATE INDEX ledger_reference ON ledger (route, case_reference);
  CREATE INDEX ledger_diverged ON ledger (diverged_since) WHERE diverged IS NOT NULL;
`;

const AUDIT = `
  CREATE TABLE audit (
    row INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    route TEXT,
    connection TEXT,
    delivery_id TEXT,
    case_key TEXT,
    subject TEXT,
    code TEXT,
    details TEXT,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_at ON audit (at, row);
  CREATE INDEX audit_delivery ON audit (delivery_id, row) WHERE delivery_id IS NOT NULL;
  CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
`;

const OPERATION = `
  CREATE TABLE source_cursor (connection TEXT PRIMARY KEY NOT NULL, cursor TEXT) STRICT;
  CREATE TABLE seen (
    connection TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (connection, key)
  ) STRICT;
  CREATE INDEX seen_at ON seen (at);
  CREATE TABLE connection_state (
    connection TEXT PRIMARY KEY NOT NULL,
    last_poll_at INTEGER,
    last_poll_ok INTEGER,
    last_poll_code TEXT,
    last_poll_detail TEXT
  ) STRICT;
  CREATE TABLE route_state (
    route TEXT PRIMARY KEY NOT NULL,
    paused_at INTEGER,
    paused_code TEXT,
    paused_detail TEXT,
    next_probe_at INTEGER
  ) STRICT;
  CREATE TABLE secret (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT;
  CREATE TABLE seal_key (
    id TEXT PRIMARY KEY NOT NULL,
    proof BLOB NOT NULL,
    first_used_at INTEGER NOT NULL
  ) STRICT;
`;

/** What a first version wrote counts as ended until the purge has opened it: a migration cannot. */
const FORGET = `
  ALTER TABLE ledger ADD COLUMN to_forget INTEGER NOT NULL DEFAULT 1 CHECK (to_forget IN (0, 1));
  CREATE INDEX ledger_to_forget ON ledger (updated_at) WHERE to_forget = 1 AND diverged IS NULL;
`;

/**
 * What connections keep, and first loads per route. A store of version 2 knows of no first load, although its routes
 * had one: each connection is loaded whole once more, of which nothing is told, because it was taken in before.
 */
const MEMORY = `
  CREATE TABLE connection_memory (
    connection TEXT NOT NULL,
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (connection, name)
  ) STRICT;
  CREATE TABLE connection_counter (
    connection TEXT NOT NULL,
    name TEXT NOT NULL,
    period TEXT NOT NULL,
    counted INTEGER NOT NULL,
    allowed INTEGER,
    PRIMARY KEY (connection, name, period)
  ) STRICT;
  CREATE TABLE connection_note (
    connection TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('attention', 'notice')),
    text TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (connection, name)
  ) STRICT;
  CREATE TABLE first_load (
    route TEXT NOT NULL,
    connection TEXT NOT NULL,
    started_day TEXT NOT NULL,
    completed_at INTEGER,
    PRIMARY KEY (route, connection)
  ) STRICT;
`;

/** Who is at what is under way, and leases. What a version 3 had under way was its own alone, and is abandoned. */
const LEASES = `
  ALTER TABLE delivery ADD COLUMN owner TEXT;
  UPDATE delivery SET owner = 'an earlier version' WHERE turn = 1 AND state IN ('claimed', 'sending');
  CREATE INDEX delivery_owned ON delivery (state, owner) WHERE owner IS NOT NULL;
  CREATE TABLE lease (
    name TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
`;

/**
 * The way back: the receivers' words, ways to a case, what was told. A case of version 4 gets its links when the store is
 * opened. A delivery that arrived may still climb, to `confirmed` and to `rejected`, once its receiver said so.
 */
const WAY_BACK = `
  ALTER TABLE delivery ADD COLUMN case_reference TEXT;
  ALTER TABLE delivery ADD COLUMN sequence INTEGER;
  CREATE TABLE acknowledgement (
    delivery_id TEXT PRIMARY KEY NOT NULL REFERENCES delivery (id),
    route TEXT NOT NULL,
    asked_at INTEGER,
    due_at INTEGER,
    outcome TEXT CHECK (outcome IN ('received', 'processed', 'processed-with-remark', 'refused')),
    words BLOB,
    at INTEGER,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1))
  ) STRICT;
  CREATE INDEX acknowledgement_due ON acknowledgement (route, due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX acknowledgement_pending ON acknowledgement (delivery_id) WHERE pending = 1;
  CREATE INDEX acknowledgement_words ON acknowledgement (at) WHERE words IS NOT NULL;
  DROP TRIGGER delivery_final;
  CREATE TRIGGER delivery_final BEFORE UPDATE ON delivery
    WHEN OLD.state IN ('rejected', 'discarded')
      OR (OLD.state = 'delivered' AND NEW.state NOT IN ('confirmed', 'rejected'))
      OR (OLD.state = 'confirmed' AND NEW.state <> 'rejected')
      OR (OLD.state IN ('delivered', 'confirmed') AND NOT EXISTS
        (SELECT 1 FROM acknowledgement WHERE delivery_id = OLD.id AND outcome IS NOT NULL))
    BEGIN SELECT RAISE(ABORT, 'a final delivery is never overwritten'); END;

  ALTER TABLE ledger ADD COLUMN linked INTEGER NOT NULL DEFAULT 0 CHECK (linked IN (0, 1));
  CREATE INDEX ledger_unlinked ON ledger (route, case_key) WHERE linked = 0;
  CREATE TABLE case_link (
    route TEXT NOT NULL,
    link TEXT NOT NULL,
    case_key TEXT NOT NULL,
    PRIMARY KEY (route, link, case_key)
  ) STRICT;
  CREATE INDEX case_link_case ON case_link (route, case_key);
  CREATE TABLE return_state (
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    case_key TEXT NOT NULL,
    state BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (route, key)
  ) STRICT;
  CREATE INDEX return_state_updated ON return_state (updated_at);
`;

/** Number n of this list makes version n + 1 out of version n. */
export const MIGRATIONS: readonly string[] = [
  OUTBOX + LEDGER + AUDIT + OPERATION,
  FORGET,
  MEMORY,
  LEASES,
  WAY_BACK,
];

/** 0 for a file without tables. Throws STORE_VERSION for a newer version, or for somebody else's database. */
export function storeVersion(file: MigratedFile): number {
  const version = Number(file.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new CodedError('STORE_VERSION', [], {
      detail: `It is at version ${version} and this product knows ${MIGRATIONS.length}: run the newer product.`,
    });
  }
  if (version === 0 && file.prepare('SELECT name FROM sqlite_master LIMIT 1').all().length > 0) {
    throw new CodedError('STORE_VERSION', [], {
      detail: 'It is a database of something else: correct store.url.',
    });
  }
  return version;
}

/** Brings the file to the newest version, within the caller's transaction; true when it was empty before. */
export function migrate(file: MigratedFile): boolean {
  const version = storeVersion(file);
  for (const migration of MIGRATIONS.slice(version)) file.exec(migration);
  if (version < MIGRATIONS.length) file.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  return version === 0;
}
