// What the store keeps for the way back: what the receiver said of a delivery, what an arbodienst's appointments and
// advice were last, and the ways from its words to a case.
import type { PlainDate } from '../domain/people.js';
import type { ResultOutcome } from '../domain/return.js';
import type { ErrorCode } from '../errors.js';
import type { CaseState } from '../ledger/case-state.js';
import type { Cleared } from '../privacy/gate.js';

// --- acknowledgements ---------------------------------------------------------------------------------------------

/** The one report in a message of ours. */
export interface SentReport {
  /** Keyed hash of the case id alone, as in the ledger. */
  readonly caseReference: string;
  /** Our own number of the report within its case. */
  readonly sequence: number;
}

/** What a receiver says of a delivery: see ledger/acknowledge.ts for which of several counts. */
export interface Acknowledgement {
  readonly outcome: ResultOutcome;
  /** The receiver's own code. */
  readonly code?: string;
  /** Its words, past the scanner. */
  readonly detail?: string;
}

export interface KeptAcknowledgement extends Acknowledgement {
  /** When what counts came in. */
  readonly at: number;
}

export interface Acknowledged {
  /** What the receiver's word has become by it; null when it said as much, or more, before. */
  readonly news: 'confirmed' | 'rejected' | null;
  /** Whether the delivery itself changed its state by it. */
  readonly applied: boolean;
}

export interface ReceiptsDue {
  readonly route: string;
  /** Deliveries that arrived, whose receiver was asked for an acknowledgement, and gave none so far. */
  readonly waiting: number;
  /** When the oldest of them was delivered. */
  readonly oldestAt: number;
  /** By when the first of them should have been acknowledged. */
  readonly firstDueAt: number;
  /** How many of them are past their term. */
  readonly overdue: number;
}

// --- ways to a case -----------------------------------------------------------------------------------------------

/** By `caseId`; without it by `employeeId` and `firstDay` together. With `employerId` only cases of that employer. */
export interface CaseSought {
  readonly caseId?: string;
  readonly employeeId?: string;
  readonly firstDay?: PlainDate;
  readonly employerId?: string;
}

export interface FoundCase {
  readonly route: string;
  readonly caseKey: string;
  readonly state: Cleared<CaseState>;
  readonly diverged: ErrorCode | null;
}

// --- states of the way back ---------------------------------------------------------------------------------------

/** What was last told of an appointment, an advice and the like, under a key of its own. Gone after the term of cases. */
export interface ReturnReader {
  /** Null when there is none. Throws SEAL_BROKEN. */
  get<T>(route: string, key: string): Promise<Cleared<T> | null>;
}

export interface ReturnWriter extends ReturnReader {
  /** `caseKey` is the keyed hash of the absence case that it belongs to. */
  put<T>(route: string, key: string, caseKey: string, state: Cleared<T>, at: number): Promise<void>;
}
