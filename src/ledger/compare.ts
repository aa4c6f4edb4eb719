// Compares an observation with the ledger: what has to be told, and the state from now on. Pure; the meaning of every
// case is the decision table in README.md beside this file. Whatever comes out was derived from cleared values.
import { isDeepStrictEqual } from 'node:util';
import type { Notification } from '../domain/notification.js';
import type { Observation } from '../domain/observation.js';
import type { PlainDate } from '../domain/people.js';
import { ERRORS, type ErrorCode } from '../errors.js';
import { type Cleared, derive } from '../privacy/gate.js';
import type { CaseState } from './case-state.js';
import { type Mark, markOf, withMark } from './content.js';
import type { Allowed, Decision, HeldCode, SilentOutcome } from './decision.js';
import { firstReport } from './first-report.js';
import { reportOnKnown } from './known-case.js';
import { isLate, reportLate } from './late-report.js';
import { forgetAgain, recall } from './recall.js';

export type { HeldCode, SilentOutcome } from './decision.js';
export { type Resent, resendAll } from './resend.js';

export type CompareResult =
  | {
      readonly outcome: 'told';
      /** At least one, in the order in which the receiver must get them. */
      readonly notifications: readonly Cleared<Notification>[];
      readonly next: Cleared<CaseState>;
    }
  | {
      readonly outcome: SilentOutcome;
      /** Null when the state stays as it is. */
      readonly next: Cleared<CaseState> | null;
    }
  | { readonly outcome: 'held'; readonly code: HeldCode; readonly reason: string };

export interface CompareOptions {
  /**
   * A whole course that ended before this day and was never reported on the route is recorded and not told: the day of
   * the first load of a source that shows states. Without it every such case is told in full.
   */
  readonly recoveredBefore?: PlainDate;
}

/**
 * `state` is the ledger's of this case, found by its id or by the former id that the observation states; null when
 * there is none. `approvals` are the hold codes that a person approved for this observation.
 */
export function compare(
  state: Cleared<CaseState> | null,
  observation: Cleared<Observation>,
  approvals: readonly ErrorCode[] = [],
  options: CompareOptions = {},
): CompareResult {
  const decision = decide(state, observation, { approvals, ...options });
  const cleared = <T>(value: T): Cleared<T> => derive(observation, () => value);
  if (decision.outcome === 'held') {
    return { outcome: 'held', code: decision.code, reason: ERRORS[decision.code].text };
  }
  if (decision.outcome === 'told') {
    const { outcome, notifications, next } = decision;
    return { outcome, notifications: notifications.map(cleared), next: cleared(next) };
  }
  return { outcome: decision.outcome, next: decision.next && cleared(decision.next) };
}

function decide(state: CaseState | null, observation: Observation, allowed: Allowed): Decision {
  const mark = observation.absence.sequence === undefined ? null : markOf(observation);
  const known = state && recall(state, observation);
  if (mark === null) {
    const decision = forgetAgain(state, report(known, observation, allowed));
    return accepted(state, observation, decision);
  }
  if (state !== null && isReplay(state, mark)) {
    return { outcome: state.seen.at(-1) === mark.message ? 'unchanged' : 'out-of-date', next: null };
  }
  const decision =
    known !== null && isLate(known, observation)
      ? reportLate(known, { observation, mark, allowed })
      : report(known, observation, allowed);
  return accepted(state, observation, forgetAgain(state, decision), mark);
}

function report(state: CaseState | null, observation: Observation, allowed: Allowed): Decision {
  if (state === null) return firstReport(observation, allowed);
  const isUntold = state.notified === 0 && !state.withdrawn;
  if (isUntold) return firstReport(observation, allowed, state);
  return reportOnKnown(state, observation, allowed);
}

/**
 * The very message came before. Only a message with a reference is known again: without one, data that changed and
 * changed back look the same as a resend, and then the last word counts.
 */
function isReplay({ seen }: CaseState, mark: Mark): boolean {
  return mark.message !== mark.content && seen.includes(mark.message);
}

/** Every observation that counted leaves its number and its mark, also when nothing was told. */
function accepted(
  state: CaseState | null,
  observation: Observation,
  decision: Decision,
  mark: Mark | null = null,
): Decision {
  if (decision.outcome === 'held' || decision.outcome === 'out-of-date') return decision;
  const after = decision.next ?? state;
  if (after === null) return decision;
  const next =
    mark === null ? after : { ...after, ...numberOf(state, observation), seen: withMark(after.seen, mark) };
  if (decision.outcome === 'told') return { ...decision, next };
  return { ...decision, next: isDeepStrictEqual(next, state) ? null : next };
}

/** The highest number so far; a case that the source renumbered counts anew. */
function numberOf(state: CaseState | null, { absence }: Observation): Pick<CaseState, 'sequence'> {
  const { sequence } = absence;
  if (sequence === undefined) return {};
  if (state?.sequence === undefined || absence.previousCaseId === state.caseId) return { sequence };
  return { sequence: Math.max(sequence, state.sequence) };
}
