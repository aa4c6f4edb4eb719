// From the outcome of one attempt to the next state of the delivery. A pure table: nothing is decided by the text of
// an error, and nothing here touches a store.
import type { Receipt } from '../connector.js';
import { CodedError, PostponedError, RetryableError } from '../errors.js';
import type { Settlement } from '../store/types.js';
import { type BackoffOptions, backoffMs } from './backoff.js';
import type { Shown } from './rest.js';

export type Outcome =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface Circumstances {
  /** Attempts spent before this one. */
  readonly attempts: number;
  readonly now: number;
  readonly random: number;
  readonly backoff: BackoffOptions;
  /** What the target says after an unknown outcome; `cannot-tell` when it cannot be asked, `nothing` when that failed. */
  readonly lookup: 'present' | 'absent' | 'cannot-tell' | 'nothing';
  readonly idempotent: boolean;
}

export interface Settled {
  readonly settlement: Settlement;
  /** What it shows of the connection as a whole. */
  readonly shows: Shown;
  /** How long the target asked to be left alone. */
  readonly askedMs?: number;
  /** What the target told of a delivery that arrived, for the audit. */
  readonly told?: Pick<Receipt, 'remarks' | 'differences'>;
}

/**
 * | outcome         | next state | attempt spent | besides |
 * |---|---|---|---|
 * | delivered       | confirmed when it was read back the same, else delivered | yes | read back differently: the case has diverged |
 * | retryable       | queued, later | yes | waits as long as the target asked, but no less than the back-off up to five minutes |
 * | postponed       | queued, later | no | a budget of calls is spent for now |
 * | unknown outcome | delivered when the target has it; queued when it has not, when it did not answer, or when twice counts once; else parked | yes | a target that can be asked is asked again before the next attempt |
 * | rejected        | rejected | yes | the case has diverged |
 * | needs a human   | parked | yes | |
 * | route           | queued | no | the connection rests at once |
 *
 * A connection works when something arrived or was rejected for what it is; retryable and unknown outcomes count as its
 * failures, and several in a row let it rest (rest.ts). Anything else shows nothing of it.
 * | anything else   | parked as a bug | yes | |
 */
export function settle(outcome: Outcome, circumstances: Circumstances): Settled {
  if (outcome.kind === 'delivered') return delivered(outcome.receipt, circumstances.now);
  const { error } = outcome;
  if (!(error instanceof CodedError)) return shows(null, { state: 'parked', spent: true, code: 'BUG' });
  const told = { code: error.code, detail: detailOf(error) };
  switch (error.kind) {
    case 'retryable':
      return retried(error, { ...told, nextAttemptAt: nextAttemptAt(error, circumstances) });
    case 'unknown-outcome':
      return shows('fails', afterUnknown(circumstances, told));
    case 'rejected':
      return shows('works', { state: 'rejected', spent: true, ...told });
    case 'route':
      return shows('refuses', { state: 'queued', spent: false, ...told });
    default:
      return shows(null, { state: 'parked', spent: true, ...told });
  }
}

function shows(shown: Shown, settlement: Settlement): Settled {
  return { settlement, shows: shown };
}

/** A budget of our own that is spent says nothing of the connection. */
function retried(error: CodedError, told: Omit<Settlement, 'state' | 'spent'>): Settled {
  if (error instanceof PostponedError) return shows(null, { state: 'queued', spent: false, ...told });
  const askedMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
  const settlement = { state: 'queued', spent: true, ...told } as const;
  return { ...shows('fails', settlement), ...(askedMs !== undefined && { askedMs }) };
}

function delivered({ reference, differences, receiptDueInMs, remarks = [] }: Receipt, now: number): Settled {
  const differs = differences?.length
    ? [`the receiver shows something else at: ${differences.join(', ')}`]
    : [];
  const words = [...(reference ? [`receipt ${reference}`] : []), ...remarks, ...differs];
  const settlement: Settlement = {
    state: differences?.length === 0 ? 'confirmed' : 'delivered',
    spent: true,
    ...(differs.length > 0 && { code: 'TARGET_DIFFERS' as const }),
    ...(words.length > 0 && { detail: words.join('; ') }),
    ...(receiptDueInMs !== undefined && { receiptDueAt: now + receiptDueInMs }),
  };
  const told = { ...(remarks.length > 0 && { remarks }), ...(differs.length > 0 && { differences }) };
  return { ...shows('works', settlement), told };
}

function afterUnknown(circumstances: Circumstances, told: Pick<Settlement, 'code' | 'detail'>): Settlement {
  if (circumstances.lookup === 'present') return { state: 'delivered', spent: true };
  const { lookup, idempotent } = circumstances;
  if (lookup === 'absent' || lookup === 'nothing' || idempotent) {
    return { state: 'queued', spent: true, nextAttemptAt: circumstances.now + wait(circumstances), ...told };
  }
  return { state: 'parked', spent: true, ...told };
}

/** A receiver that asks for less cannot make us ask without end: `Retry-After: 0`, or a date that is past here. */
const MOST_PATIENCE_MS = 300_000;

function nextAttemptAt(error: CodedError, circumstances: Circumstances): number {
  const { now } = circumstances;
  if (error instanceof PostponedError) return now + error.retryAfterMs;
  const own = wait(circumstances);
  const asked = error instanceof RetryableError ? error.retryAfterMs : undefined;
  return now + (asked === undefined ? own : Math.max(asked, Math.min(own, MOST_PATIENCE_MS)));
}

function wait(circumstances: Circumstances): number {
  return backoffMs(circumstances.attempts + 1, circumstances.backoff, circumstances.random);
}

function detailOf(error: CodedError): string {
  const places = error.problems.map((problem) =>
    problem.detail ? `${problem.path}: ${problem.detail}` : problem.path,
  );
  return [error.message, ...places].join(' ');
}
