// The shape of `status --json`: scripts read it, so fields are added and not changed. Instants are ms UTC.
import type { ErrorCode } from '../errors.js';
import type { CheckpointState, ConnectionCounter, ConnectionNote, DeliveryState } from '../store/types.js';

export interface RouteStatus {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly accepted: number;
  readonly states: Readonly<Record<DeliveryState, number>>;
  readonly open: number;
  readonly oldestOpenAt: number | null;
  readonly lastDeliveryAt: number | null;
  /** Receipts that the receiver was asked for and has not given; null when none is waited for. */
  readonly receipts: { waiting: number; oldestAt: number; overdue: number } | null;
  readonly paused: {
    since: number;
    code: ErrorCode | null;
    reason: string | null;
    nextProbeAt: number | null;
  } | null;
}

export interface ConnectionStatus {
  readonly name: string;
  readonly connector: string;
  readonly party: string;
  readonly lastPollAt: number | null;
  readonly lastPollOk: boolean | null;
  readonly lastPollCode: ErrorCode | null;
  readonly lastPollDetail: string | null;
  /** Calls and the like, each in the latest period until now in which there were any. */
  readonly counters: readonly CounterStatus[];
  /** What the connection has to tell; `attention` needs a person. */
  readonly notes: readonly Omit<ConnectionNote, 'connection'>[];
  /** Since when polls wait for calls to spend, and why; null when the last one did not. Also among the notes. */
  readonly postponed: { readonly since: number; readonly reason: string } | null;
}

export interface CounterStatus extends Omit<ConnectionCounter, 'connection'> {
  /** Null when there is no limit; never below 0. */
  readonly left: number | null;
}

export interface Status {
  readonly instance: string;
  readonly at: number;
  /** Empty when nothing needs a person. */
  readonly attention: readonly string[];
  readonly routes: readonly RouteStatus[];
  readonly connections: readonly ConnectionStatus[];
  /** Cases whose receiver may not know what we observed, until a later delivery or `resend` clears them. */
  readonly diverged: readonly {
    route: string;
    caseId: string;
    code: ErrorCode;
    since: number;
    /** What the receiver said, without personal values; null when nothing is known. */
    reason: string | null;
  }[];
  readonly retention: { lastPurgeAt: number | null; lastPurgedBodies: number; oldestBodyAt: number | null };
  readonly cases: number;
  /** The file that proves that nobody cut off the end of the audit; `audit verify` walks the chain itself. */
  readonly auditCheckpoint: CheckpointState;
}
