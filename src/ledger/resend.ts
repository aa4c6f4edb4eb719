// The present state of a case told anew, as if the receiver knew nothing of it; the numbers of the case go on.

import type { Notification } from '../domain/notification.js';
import { CodedError } from '../errors.js';
import { type Cleared, derive } from '../privacy/gate.js';
import type { CaseState } from './case-state.js';
import { beyond, steps, union } from './course.js';
import type { Told } from './decision.js';
import { account } from './first-report.js';
import { tell } from './tell.js';

export interface Resent {
  /** Empty when the case is withdrawn: there is nothing that the receiver should know. */
  readonly notifications: readonly Cleared<Notification>[];
  readonly next: Cleared<CaseState>;
}

/**
 * SickReport, an AbsenceChange for each later percentage, and the Recovery when the case has ended. Throws
 * NOT_ALLOWED for a case that was forgotten: who it is about is no longer known.
 */
export function resendAll(state: Cleared<CaseState>): Resent {
  if (state.withdrawn) return { notifications: [], next: state };
  if (state.forgotten) {
    const detail = 'The case ended so long ago that the ledger no longer knows who it is about.';
    throw new CodedError('NOT_ALLOWED', [], { detail });
  }
  const { notifications, next } = retell(state);
  return {
    notifications: notifications.map((notification) => derive(state, () => notification)),
    next: derive(state, () => next),
  };
}

function retell(state: CaseState): Told {
  const { unsaid: former, ...rest } = state;
  const percentages = steps(state.percentages);
  const unsaid = beyond(union(state.percentages, former ?? []), percentages);
  const next = { ...rest, percentages, ...(unsaid.length > 0 && { unsaid }) };
  return tell(next, account(next), { state: null });
}
