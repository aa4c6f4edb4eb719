// The store as everybody else sees it: asynchronous throughout, no SQL, no driver. One contract suite
// (test/contract/store-contract.ts) is run by every implementation.
import type { Payload } from '../connector.js';
import type { Notification, NotificationKind } from '../domain/notification.js';
import type { Observation } from '../domain/observation.js';
import type { ReturnNotification, ReturnNotificationKind } from '../domain/return.js';
import type { ErrorCode } from '../errors.js';
import type { CaseState } from '../ledger/case-state.js';
import type { Cleared } from '../privacy/gate.js';
import type { Held, LeaseReader, LeaseWriter } from './types-leases.js';
import type { MemoryReader, MemoryWriter } from './types-memory.js';
import type {
  FirstLoadReader,
  FirstLoadWriter,
  OperationReader,
  OperationWriter,
} from './types-operation.js';
import type {
  Acknowledged,
  Acknowledgement,
  CaseSought,
  FoundCase,
  KeptAcknowledgement,
  ReceiptsDue,
  ReturnReader,
  ReturnWriter,
  SentReport,
} from './types-returns.js';

export type * from './types-leases.js';
export type * from './types-memory.js';
export { POSTPONED_NOTE } from './types-memory.js';
export type * from './types-operation.js';
export type * from './types-returns.js';

export interface Store {
  /**
   * Runs `unit` in a transaction and resolves once it is on disk. Units that wait at the same time share one commit
   * (group commit); a unit that throws is undone alone, and the others go on. A unit may run once only; it must not
   * start another `write`.
   */
  write<T>(unit: (tx: WriteTx) => Promise<T>): Promise<T>;
  read<T>(query: (tx: ReadTx) => Promise<T>): Promise<T>;
  /**
   * Takes a lease for as long as this process shows that it lives, in a unit of its own; null when another process holds
   * it. Where only one process may deliver from the store it is always given.
   */
  hold(name: string): Promise<Held | null>;
  /** Keyed hash (HMAC-SHA256, 32 hex digits) under a key of this store alone; stable over a change of master key. */
  hash(...parts: readonly string[]): string;
  close(): Promise<void>;
}

export interface ReadTx {
  readonly outbox: OutboxReader;
  readonly ledger: LedgerReader;
  readonly audit: AuditReader;
  readonly operation: OperationReader;
  readonly firstLoads: FirstLoadReader;
  readonly memory: MemoryReader;
  readonly leases: LeaseReader;
  readonly returns: ReturnReader;
}

export interface WriteTx {
  readonly outbox: OutboxWriter;
  readonly ledger: LedgerWriter;
  readonly audit: AuditWriter;
  readonly operation: OperationWriter;
  readonly firstLoads: FirstLoadWriter;
  readonly memory: MemoryWriter;
  readonly leases: LeaseWriter;
  readonly returns: ReturnWriter;
}

// --- outbox -------------------------------------------------------------------------------------------------------

export const DELIVERY_STATES = [
  'queued',
  'claimed',
  'sending',
  'delivered',
  'confirmed',
  'rejected',
  'parked',
  'discarded',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
export const FINAL_STATES = ['delivered', 'confirmed', 'rejected', 'discarded'] as const;

/**
 * How far the item came: `record` = unusable, nothing kept but its reference; `observation` = cleared but not yet
 * compared (held, or waiting behind a held one); `notification` = compared but not yet mapped; `payload` = ready.
 */
export const STAGES = ['record', 'observation', 'notification', 'payload'] as const;
export type Stage = (typeof STAGES)[number];

/** What goes the way back is at the stage `notification` too. */
export type DeliveryBody =
  | { readonly stage: 'observation'; readonly observation: Cleared<Observation> }
  | { readonly stage: 'notification'; readonly notification: Cleared<Notification> }
  | { readonly stage: 'return-notification'; readonly notification: Cleared<ReturnNotification> }
  | { readonly stage: 'payload'; readonly payload: Cleared<Payload> };

export type DeliveryKind = NotificationKind | ReturnNotificationKind;

export interface Delivery {
  /** Also the idempotency key and the message reference. */
  readonly id: string;
  readonly route: string;
  /** Keyed hash; deliveries of one lane go strictly in the order of (position, sub). */
  readonly lane: string;
  /** Keyed hash of the case on its route; null when the record could not be read so far. */
  readonly caseKey: string | null;
  /** Keyed hash of the employee; null when unknown. */
  readonly subject: string | null;
  readonly position: number;
  readonly sub: number;
  readonly stage: Stage;
  readonly kind: DeliveryKind | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly code: ErrorCode | null;
  /** Paths, rule ids and words without personal values, for a person. */
  readonly detail: string | null;
  /** Hold codes that a person has approved. */
  readonly approvals: readonly ErrorCode[];
  /** The source's own reference (file name, message reference); words that say so when its seal is broken. */
  readonly sourceReference: string;
  /** The report that its message holds; null for what is no report, and for what 0.2.0 accepted. */
  readonly report: SentReport | null;
  /** What the receiver said of it; null as long as it said nothing. */
  readonly acknowledgement: KeptAcknowledgement | null;
  readonly acceptedAt: number;
  /** When its state last changed; the receiver's acknowledgement has an instant of its own. */
  readonly updatedAt: number;
}

export interface NewDelivery {
  readonly id: string;
  readonly route: string;
  readonly lane: string;
  readonly caseKey: string | null;
  readonly subject: string | null;
  readonly kind: DeliveryKind | null;
  readonly sourceReference: string;
  /** Null only for stage `record`. */
  readonly body: DeliveryBody | null;
  readonly state: 'queued' | 'parked';
  readonly code?: ErrorCode;
  readonly detail?: string;
  readonly report?: SentReport;
  /** Takes the place of this item in its lane, after its other successors; used when a held observation is resumed. */
  readonly inPlaceOf?: { readonly position: number };
  readonly at: number;
}

/** The next state of a claimed or sending item. `spent` counts an attempt. */
export interface Settlement {
  readonly state: 'queued' | 'delivered' | 'confirmed' | 'rejected' | 'parked' | 'discarded';
  readonly spent: boolean;
  readonly nextAttemptAt?: number;
  /** Of one that arrived: by when the receiver should have acknowledged it. */
  readonly receiptDueAt?: number;
  readonly code?: ErrorCode;
  readonly detail?: string;
}

export interface DeliveryFilter {
  readonly route?: string;
  readonly states?: readonly DeliveryState[];
  readonly lane?: string;
  readonly caseKey?: string;
  readonly limit?: number;
}

export interface Accounting {
  readonly route: string;
  /** Counted separately when an item is accepted, so that the sum of the states can be held against it. */
  readonly accepted: number;
  readonly states: Readonly<Record<DeliveryState, number>>;
  readonly oldestOpenAt: number | null;
  readonly oldestParkedAt: number | null;
  readonly lastDeliveredAt: number | null;
}

export interface OutboxReader {
  get(id: string): Promise<Delivery | null>;
  /** Unseals; null when there is no body or it was removed after its term. Throws SEAL_BROKEN. */
  open(id: string): Promise<DeliveryBody | null>;
  /** In order of (position, sub). */
  list(filter: DeliveryFilter): Promise<Delivery[]>;
  /** Open items of the same route and lane behind this one. */
  countBehind(delivery: Delivery): Promise<number>;
  /** Is any item of the lane still uncompared (stage `observation`, not final)? */
  hasUncompared(route: string, lane: string): Promise<boolean>;
  /** One entry per route that ever accepted something. */
  accounting(): Promise<Accounting[]>;
  /** Ids of due heads of lanes of these routes, longest due first: what `claim` would take, without taking it. */
  due(options: { routes: readonly string[]; limit: number; at: number }): Promise<string[]>;
  /** Earliest `nextAttemptAt` among the queued heads of these routes, or null. */
  nextDueAt(routes: readonly string[]): Promise<number | null>;
  /** How many of these routes are claimed or sending, by whichever process. */
  underWay(routes: readonly string[]): Promise<number>;
  /** One entry per route that waits for an acknowledgement that was asked for, in order of the routes. */
  receiptsDue(at: number): Promise<ReceiptsDue[]>;
}

export interface OutboxWriter extends OutboxReader {
  insert(item: NewDelivery): Promise<void>;
  /**
   * Takes due heads of lanes of these routes: `queued` -> `claimed`, oldest first, at most one of a lane; with `ids` only
   * those of them. They are this opening's: another one that would take them further is refused with TAKEN_OVER.
   */
  claim(options: {
    routes: readonly string[];
    limit: number;
    at: number;
    ids?: readonly string[];
  }): Promise<Delivery[]>;
  /**
   * `claimed` -> `sending`; throws NOT_ALLOWED when it is not claimed. Commit before the first byte leaves. Throws
   * STORE_UNAVAILABLE when this process may soon count as dead to others, which would send the item too.
   */
  markSending(id: string, at: number): Promise<void>;
  /**
   * Never overwrites a final state: throws NOT_ALLOWED. What the receiver acknowledged before is applied at once: gives
   * the state in which the item is then.
   */
  settle(id: string, settlement: Settlement, at: number): Promise<DeliveryState>;
  /**
   * The word of whoever was sending the item before it was taken over: it arrived. `queued` -> `delivered` or `confirmed`,
   * and so does what is parked because nobody knows whether it arrived; gives null, and changes nothing, where somebody
   * is at it, or where it is final.
   */
  settleLate(id: string, settlement: Settlement, at: number): Promise<DeliveryState | null>;
  /**
   * The receiver's word on an item that was ready to be sent, in whatever order, however often: the weightiest counts.
   * `delivered` -> `confirmed` or `rejected`, `confirmed` -> `rejected`; so does what is parked because nobody knows
   * whether it arrived. What is still open waits for its settlement, `rejected` and `discarded` stay. Throws
   * NOT_FOUND, NOT_ALLOWED.
   */
  acknowledge(id: string, acknowledgement: Cleared<Acknowledgement>, at: number): Promise<Acknowledged>;
  /**
   * Applies what the receivers acknowledged before a replica of an older version settled it, which knows of none of this;
   * gives those deliveries as they are then.
   */
  takeUpWords(at: number): Promise<Delivery[]>;
  /** The item becomes a later stage of itself, in its own place of the lane. */
  advance(
    id: string,
    to: {
      body: DeliveryBody;
      kind: DeliveryKind;
      state: 'queued' | 'parked';
      code?: ErrorCode;
      detail?: string;
      report?: SentReport;
    },
    at: number,
  ): Promise<void>;
  /** `parked` -> `queued` with the approvals added; attempts start anew. Throws NOT_FOUND, NOT_ALLOWED. */
  release(id: string, approvals: readonly ErrorCode[], at: number): Promise<void>;
  /** `parked` -> `discarded`. Throws NOT_FOUND, NOT_ALLOWED. */
  discard(id: string, detail: string, at: number): Promise<void>;
  /** What is no question any more: as `discard`, also of a `queued` item that was not compared yet. */
  drop(id: string, detail: string, at: number): Promise<void>;
  /**
   * What nobody is at any more: `claimed` -> `queued`; gives the items found `sending`, whose outcome is unknown, and
   * which are this opening's from now on. Nobody is at what another process had that has died, nor at what this opening
   * itself claimed, but for the ids that it is `busy` with. With `routes` only what is on these; and of these, what is
   * queued does not wait for an instant that lies ahead only because the clock was set back.
   */
  recover(at: number, busy?: readonly string[], routes?: readonly string[]): Promise<Delivery[]>;
}

// --- ledger -------------------------------------------------------------------------------------------------------

export interface LedgerEntry {
  readonly state: Cleared<CaseState>;
  readonly diverged: ErrorCode | null;
}

export interface LedgerReader {
  get(route: string, caseKey: string): Promise<LedgerEntry | null>;
  /** All cases of a route under this case reference (keyed hash of the case id alone): one per employer. */
  find(route: string, caseReference: string): Promise<{ caseKey: string; entry: LedgerEntry }[]>;
  /**
   * Cases on any of these routes by what somebody else says of them: by case id, also a former one; without one, by
   * employee and first day. Several when the same fits cases of several employers or routes. Not found are cases that
   * were forgotten, and those of before 0.3.0 until the store was opened once.
   */
  findCase(routes: readonly string[], sought: CaseSought): Promise<FoundCase[]>;
  /** Cases whose receiver may not know what we observed. */
  diverged(): Promise<
    { route: string; caseKey: string; code: ErrorCode; since: number; state: Cleared<CaseState> }[]
  >;
  count(): Promise<number>;
}

export interface LedgerWriter extends LedgerReader {
  put(
    route: string,
    caseKey: string,
    caseReference: string,
    state: Cleared<CaseState>,
    at: number,
  ): Promise<void>;
  setDiverged(route: string, caseKey: string, code: ErrorCode | null, at: number): Promise<void>;
}

// --- audit --------------------------------------------------------------------------------------------------------

/** What the audit may hold: ids, codes, field paths, rule ids, counts, keyed hashes. Never values. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface AuditEntry {
  readonly at: number;
  /** `daemon`, or the account that ran a command. */
  readonly actor: string;
  /** What was done: observed, held, queued, sending, delivered, rejected, parked, released, opened, ... */
  readonly action: string;
  readonly route?: string;
  readonly connection?: string;
  readonly deliveryId?: string;
  readonly caseKey?: string;
  readonly subject?: string;
  readonly code?: string;
  readonly details?: AuditDetails;
}

export interface AuditRow extends AuditEntry {
  readonly row: number;
  /** SHA-256 over the previous row's hash and this row's canonical JSON, hex. */
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly whole: true; readonly rows: number; readonly head: string }
  | { readonly whole: false; readonly rows: number; readonly badRow: number; readonly reason: string };

/**
 * How the checkpoint file fits the chain. `behind`: the chain no longer holds the row that the file knows, so that its
 * end was cut off or written anew. Only `well` is as it should be.
 */
export type CheckpointState = 'well' | 'missing' | 'behind' | 'unreadable';

export interface AuditReader {
  /** Walks the chain and holds its end against the checkpoint file. */
  verify(): Promise<AuditVerdict>;
  /** Holds the checkpoint file against the one row that it names; the chain is not walked. */
  checkpointState(): Promise<CheckpointState>;
  /** Rows with `from <= at < to`, in order. */
  export(range: { from?: number; to?: number }): AsyncIterable<AuditRow>;
  /** Rows that concern one delivery, in order. */
  ofDelivery(deliveryId: string): Promise<AuditRow[]>;
}

export interface AuditWriter extends AuditReader {
  append(entry: AuditEntry): Promise<void>;
}
