// Whether the receiver may know another state of a case than we observed, once its words on single reports come in late:
// the refusal of an early report after a later one was sent, or the other way round. Pure.
import type { ErrorCode } from '../errors.js';

/** One report of the case that is settled. */
export interface SettledReport {
  readonly state: 'delivered' | 'confirmed' | 'rejected' | 'discarded';
  readonly code: ErrorCode | null;
  readonly acceptedAt: number;
  /** When the receiver refused it in words of its own; null when it did not. */
  readonly refusedAt: number | null;
}

/** Discarded without any loss to the receiver. */
const NO_LOSS: readonly (ErrorCode | null)[] = [
  'SUPERSEDED',
  'HELD_DISAPPEARED',
  'HELD_RECOVERY_WITHOUT_SICKNESS',
  'HELD_TEST_MESSAGE',
];

/**
 * Of the reports of a case, oldest first. The last one counts. One that merely arrived, as a file does that nobody has
 * read, makes up for what was lost before it; but for a refusal in words only when it was accepted after that came in.
 */
export function divergenceOf(reports: readonly SettledReport[]): ErrorCode | null {
  let arrived = Number.NEGATIVE_INFINITY;
  for (const { state, code, acceptedAt, refusedAt } of reports.toReversed()) {
    if (state === 'confirmed' && code === null) return null;
    if (state === 'delivered' && code === null) arrived = Math.max(arrived, acceptedAt);
    else if (state === 'rejected' && refusedAt !== null) {
      if (arrived < refusedAt) return 'TARGET_REJECTED';
    } else if (arrived === Number.NEGATIVE_INFINITY) {
      const lost = lossOf(state, code);
      if (lost) return lost;
    }
  }
  return null;
}

function lossOf(state: SettledReport['state'], code: ErrorCode | null): ErrorCode | null {
  if (state === 'rejected') return 'TARGET_REJECTED';
  if (state !== 'discarded') return code;
  return NO_LOSS.includes(code) ? null : 'DISCARDED';
}
