// The tables as Kysely sees them. Instants are milliseconds UTC in whole numbers, ids are text, booleans are 0 or 1,
// sealed values are bytes: types that SQLite and PostgreSQL share.
import type { ColumnType, Kysely } from 'kysely';
import type { ResultOutcome } from '../domain/return.js';
import type { ErrorCode } from '../errors.js';
import type { DeliveryKind, DeliveryState, Stage } from './types.js';

export interface DeliveryTable {
  readonly id: string;
  readonly route: string;
  readonly lane: string;
  readonly case_key: string | null;
  readonly subject: string | null;
  readonly position: number;
  readonly sub: number;
  /** Null once final; 1 for the one item of the lane whose turn it is; 0 for those behind it. See lanes.ts. */
  readonly turn: number | null;
  readonly stage: Stage;
  readonly kind: DeliveryKind | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** From when a queued item may be claimed; the acceptance time when there is nothing to wait for. */
  readonly due_at: number;
  readonly next_attempt_at: number | null;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  /** Who is at it, while it is claimed or sending; see engine.ts. */
  readonly owner: string | null;
  /** JSON list of error codes. */
  readonly approvals: string;
  /** Keyed hash of the case id in its report, and the report's number; null where there is none. */
  readonly case_reference: string | null;
  readonly sequence: number | null;
  readonly accepted_at: number;
  readonly updated_at: number;
}

/** What the receiver of a delivery said of it, or is to say. */
export interface AcknowledgementTable {
  readonly delivery_id: string;
  readonly route: string;
  /** When it was asked for, and by when it should come; `due_at` is null once one came. */
  readonly asked_at: number | null;
  readonly due_at: number | null;
  readonly outcome: ResultOutcome | null;
  /** Sealed: outcome, the receiver's code and its text. Null after their term. */
  readonly words: Uint8Array | null;
  /** When what counts came in. */
  readonly at: number | null;
  /** 1 while it has not taken effect, because the delivery is not settled. */
  readonly pending: number;
}

/** A keyed hash of something by which others know a case. */
export interface CaseLinkTable {
  readonly route: string;
  readonly link: string;
  readonly case_key: string;
}

export interface ReturnStateTable {
  readonly route: string;
  readonly key: string;
  readonly case_key: string;
  /** Sealed. */
  readonly state: Uint8Array;
  readonly updated_at: number;
}

/**
 * What is personal of a delivery, apart from it: the rows that stay for good are small, and a purge is a plain delete.
 * A source's reference is in here too, because a file name may name a person.
 */
export interface DeliveryContentTable {
  readonly delivery_id: string;
  /** Sealed; null for stage `record`. */
  readonly body: Uint8Array | null;
  /** Sealed. */
  readonly source_reference: Uint8Array;
  readonly accepted_at: number;
  /** When the delivery became final; null while it is open. */
  readonly settled_at: number | null;
}

export interface RouteCountTable {
  readonly route: string;
  readonly accepted: number;
}

export interface CounterTable {
  readonly name: string;
  readonly value: number;
}

export interface LedgerTable {
  readonly route: string;
  readonly case_key: string;
  readonly case_reference: string;
  readonly state: Uint8Array;
  readonly diverged: ErrorCode | null;
  readonly diverged_since: number | null;
  readonly updated_at: number;
  /** 1 for a case that has ended and still holds its people; or whose end is not known, see schema.ts. */
  readonly to_forget: number;
  /** 0 where an older version wrote it, without links. */
  readonly linked: number;
}

type WriteOnce<T> = ColumnType<T, T, never>;

export interface AuditTable {
  readonly row: WriteOnce<number>;
  readonly at: WriteOnce<number>;
  readonly actor: WriteOnce<string>;
  readonly action: WriteOnce<string>;
  readonly route: WriteOnce<string | null>;
  readonly connection: WriteOnce<string | null>;
  readonly delivery_id: WriteOnce<string | null>;
  readonly case_key: WriteOnce<string | null>;
  readonly subject: WriteOnce<string | null>;
  readonly code: WriteOnce<string | null>;
  /** JSON object. */
  readonly details: WriteOnce<string | null>;
  readonly hash: WriteOnce<string>;
}

export interface SourceCursorTable {
  readonly connection: string;
  readonly cursor: string | null;
}

export interface SeenTable {
  readonly connection: string;
  readonly key: string;
  readonly at: number;
}

export interface ConnectionStateTable {
  readonly connection: string;
  readonly last_poll_at: number | null;
  readonly last_poll_ok: number | null;
  readonly last_poll_code: ErrorCode | null;
  readonly last_poll_detail: string | null;
}

export interface RouteStateTable {
  readonly route: string;
  readonly paused_at: number | null;
  readonly paused_code: ErrorCode | null;
  readonly paused_detail: string | null;
  readonly next_probe_at: number | null;
}

/** Secrets of the store itself, sealed. */
export interface SecretTable {
  readonly name: string;
  readonly value: Uint8Array;
}

/** Every master key under which something may be sealed, each with a known value that proves it. */
export interface SealKeyTable {
  readonly id: string;
  readonly proof: Uint8Array;
  readonly first_used_at: number;
}

export interface ConnectionMemoryTable {
  readonly connection: string;
  readonly name: string;
  /** Sealed. */
  readonly value: Uint8Array;
}

export interface ConnectionCounterTable {
  readonly connection: string;
  readonly name: string;
  readonly period: string;
  readonly counted: number;
  /** The limit that is shown beside it. */
  readonly allowed: number | null;
}

export interface ConnectionNoteTable {
  readonly connection: string;
  readonly name: string;
  readonly level: 'attention' | 'notice';
  readonly text: string;
  readonly since: number;
}

export interface FirstLoadTable {
  readonly route: string;
  readonly connection: string;
  readonly started_day: string;
  readonly completed_at: number | null;
}

export interface LeaseTable {
  readonly name: string;
  readonly owner: string;
  readonly fence: number;
  /** By the clock of the engine; 0 when it was given back. */
  readonly expires_at: number;
}

export interface Tables {
  readonly delivery: DeliveryTable;
  readonly delivery_content: DeliveryContentTable;
  readonly route_count: RouteCountTable;
  readonly counter: CounterTable;
  readonly ledger: LedgerTable;
  readonly audit: AuditTable;
  readonly source_cursor: SourceCursorTable;
  readonly seen: SeenTable;
  readonly connection_state: ConnectionStateTable;
  readonly route_state: RouteStateTable;
  readonly secret: SecretTable;
  readonly seal_key: SealKeyTable;
  readonly connection_memory: ConnectionMemoryTable;
  readonly connection_counter: ConnectionCounterTable;
  readonly connection_note: ConnectionNoteTable;
  readonly first_load: FirstLoadTable;
  readonly lease: LeaseTable;
  readonly acknowledgement: AcknowledgementTable;
  readonly case_link: CaseLinkTable;
  readonly return_state: ReturnStateTable;
}

export type Db = Kysely<Tables>;
