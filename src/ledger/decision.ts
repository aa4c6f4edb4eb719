// What comparing can end in, in plain values; compare.ts alone turns it into cleared ones.
import type { Notification } from '../domain/notification.js';
import type { Absence } from '../domain/observation.js';
import type { PlainDate } from '../domain/people.js';
import type { ErrorCode } from '../errors.js';
import type { CaseState } from './case-state.js';

/** A reason to wait for a person. */
export type HeldCode = Extract<ErrorCode, `HELD_${string}`>;

export const SILENT_OUTCOMES = [
  'unchanged',
  'out-of-date',
  'nothing-to-withdraw',
  'recovered-employee',
] as const;
export type SilentOutcome = (typeof SILENT_OUTCOMES)[number];

export interface Told {
  readonly outcome: 'told';
  /** At least one, in the order in which the receiver must get them. */
  readonly notifications: readonly Notification[];
  readonly next: CaseState;
}

export interface Silent {
  readonly outcome: SilentOutcome;
  /** Null when the state stays as it is. */
  readonly next: CaseState | null;
}

export interface Held {
  readonly outcome: 'held';
  readonly code: HeldCode;
}

export type Decision = Told | Silent | Held;

export interface Allowed {
  /** Hold codes that a person approved for this observation. */
  readonly approvals: readonly ErrorCode[];
  readonly recoveredBefore?: PlainDate;
}

/** Dates that contradict each other stay wrong, whoever approves them. */
const NEVER_RELEASED: readonly ErrorCode[] = ['HELD_RECOVERY_BEFORE_FIRST_DAY', 'HELD_RECOVERY_WITHOUT_DATE'];

export function isReleasable(code: ErrorCode): boolean {
  return !NEVER_RELEASED.includes(code);
}

export function held(code: HeldCode): Held {
  return { outcome: 'held', code };
}

export function isWithdrawal(absence: Absence): boolean {
  return absence.withdrawn || absence.processing === 'removed';
}

/** A source that shows states does not say why a case is gone: withdrawn, moved elsewhere, or lost from its answer. */
export function hasDisappeared({ withdrawn, wholeCourse }: Absence): boolean {
  return withdrawn && wholeCourse === true;
}
