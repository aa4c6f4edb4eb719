// From the outcome of one attempt to the next state of the delivery. A pure table: nothing is decided by the text of
// an error, and nothing here touches a store.
import { CodedError, RetryableError } from '../errors.js';
import type { Settlement } from '../store/types.js';
import { type BackoffOptions, backoffMs } from './backoff.js';

export type Outcome =
  | { readonly kind: 'delivered'; readonly reference: string | null }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface Circumstances {
  /** Attempts spent before this one. */
  readonly attempts: number;
  readonly now: number;
  readonly random: number;
  readonly backoff: BackoffOptions;
  /** What the target says after an unknown outcome; `cannot-tell` when it cannot be asked. */
  readonly lookup: 'present' | 'absent' | 'cannot-tell';
  readonly idempotent: boolean;
}

export interface Settled {
  readonly settlement: Settlement;
  /** The route as a whole stops until its connection works again. */
  readonly pausesRoute: boolean;
}

/**
 * | outcome         | next state | attempt spent | besides |
 * |---|---|---|---|
 * | delivered       | delivered | yes | |
 * | retryable       | queued, later | yes | waits as long as the target asked, else the back-off |
 * | unknown outcome | delivered when the target has it; queued when it has not, or when twice counts once; else parked | yes | |
 * | rejected        | rejected | yes | the case has diverged |
 * | needs a human   | parked | yes | |
 * | route           | queued | no | the route pauses |
 * | anything else   | parked as a bug | yes | |
 */
export function settle(outcome: Outcome, circumstances: Circumstances): Settled {
  if (outcome.kind === 'delivered') {
    return goesOn({
      state: 'delivered',
      spent: true,
      ...(outcome.reference && { detail: `receipt ${outcome.reference}` }),
    });
  }
  const { error } = outcome;
  if (!(error instanceof CodedError)) return goesOn({ state: 'parked', spent: true, code: 'BUG' });
  const told = { code: error.code, detail: detailOf(error) };
  switch (error.kind) {
    case 'retryable':
      return goesOn({
        state: 'queued',
        spent: true,
        nextAttemptAt: nextAttemptAt(error, circumstances),
        ...told,
      });
    case 'unknown-outcome':
      return goesOn(afterUnknown(circumstances, told));
    case 'rejected':
      return goesOn({ state: 'rejected', spent: true, ...told });
    case 'route':
      return { settlement: { state: 'queued', spent: false, ...told }, pausesRoute: true };
    default:
      return goesOn({ state: 'parked', spent: true, ...told });
  }
}

function goesOn(settlement: Settlement): Settled {
  return { settlement, pausesRoute: false };
}

function afterUnknown(circumstances: Circumstances, told: Pick<Settlement, 'code' | 'detail'>): Settlement {
  if (circumstances.lookup === 'present') return { state: 'delivered', spent: true };
  if (circumstances.lookup === 'absent' || circumstances.idempotent) {
    return { state: 'queued', spent: true, nextAttemptAt: circumstances.now + wait(circumstances), ...told };
  }
  return { state: 'parked', spent: true, ...told };
}

function nextAttemptAt(error: CodedError, circumstances: Circumstances): number {
  const asked = error instanceof RetryableError ? error.retryAfterMs : undefined;
  return circumstances.now + (asked ?? wait(circumstances));
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
