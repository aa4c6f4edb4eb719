// The privacy gate: the only maker of Cleared<T>. Ledger, mapping, outbox, audit and targets take nothing else, so
// that unfiltered data does not compile into them.
import type { Observation } from '../domain/observation.js';
import type { ReturnObservation } from '../domain/return.js';
import type { ErrorCode } from '../errors.js';
import { complete } from './complete.js';
import { completeReturn } from './complete-return.js';
import type { Hold, Removal } from './leaf.js';
import type { Direction, GateFacts, GateOptions } from './options.js';
import { planOf } from './plan.js';
import { rebuild } from './rebuild.js';
import { type RuleTable, tableFor } from './rules.js';

export type { Hold, Removal } from './leaf.js';
export type { Direction, GateFacts, GateOptions } from './options.js';
export { DEFAULT_GATE_OPTIONS, WIDEST_GATE_OPTIONS } from './options.js';
export type { Carries } from './rules.js';
export { carriesOf } from './rules.js';

/** Exists for the compiler only. A private member is lost by spreading, so that `{ ...cleared, more }` is not cleared. */
declare class ClearedMark {
  private readonly cleared: true;
}

/** A value that passed the gate, or was derived from one that did. */
export type Cleared<T> = T & ClearedMark;

/** Computes something from cleared values only. `compute` must be pure: it may add constants, never other data. */
export function derive<A, B>(from: Cleared<A>, compute: (value: A) => B): Cleared<B> {
  return compute(from) as Cleared<B>;
}

/** What was sealed was cleared: the seal is authenticated, so an opened body is what it was. For store/seal.ts only. */
export function reopen<T>(opened: T): Cleared<T> {
  return opened as Cleared<T>;
}

/**
 * `observation` is what goes over; of a held one, what would go over if a person released it. It is the same whatever
 * was approved: approvals only decide between cleared and held.
 */
export type GateResult = Verdict<Cleared<Observation>>;

/** What was held on the way back is not in it: a release cannot bring it back, and nothing of it is ever kept. */
export type ReturnGateResult = Verdict<Cleared<ReturnObservation>>;

type Verdict<T> =
  | { readonly verdict: 'cleared'; readonly observation: T; readonly removed: readonly Removal[] }
  | {
      readonly verdict: 'held';
      readonly observation: T;
      readonly holds: readonly Hold[];
      readonly removed: readonly Removal[];
    };

export interface PrivacyGate {
  /** Pure; never throws. `approvals` are the codes of holds that a person has released for this observation. */
  clear(observation: Observation, facts: GateFacts, approvals?: readonly ErrorCode[]): GateResult;
  /** Decides again on what was held, with facts that were not at hand before; what was left out stays held. */
  reconsider(result: GateResult, facts: GateFacts): GateResult;
}

export interface ReturnGate {
  /** Pure; never throws. */
  clear(observation: ReturnObservation, facts: Pick<GateFacts, 'targetIsTest'>): ReturnGateResult;
}

/** Holds that no one can release: a release would not make the notification whole, or right for its target. */
const NEVER_APPROVED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'HELD_TEST_MESSAGE',
  'HELD_INCOMPLETE',
  'HELD_DIRECTION',
]);

export function isApprovable(code: ErrorCode): boolean {
  return !NEVER_APPROVED.has(code);
}

export function createGate(direction: Direction, options: GateOptions): PrivacyGate {
  const table = tableFor(direction, 'absences');
  const input = { plan: planOf(table), unlisted: table.unlisted.id, options };
  const notBuilt = unlessBuilt(table);

  function clear(source: Observation, facts: GateFacts, approvals: readonly ErrorCode[] = []): GateResult {
    const rebuilt = rebuild(source, { ...input, facts });
    const completed = complete(rebuilt, source, facts, table);
    const observation = completed.observation as Cleared<Observation>;
    const approved = new Set(approvals.filter(isApprovable));
    const holds = [...notBuilt, ...completed.holds].filter((hold) => !approved.has(hold.code));
    return resultOf(observation, holds, rebuilt.removed);
  }

  function reconsider(result: GateResult, facts: GateFacts): GateResult {
    if (result.verdict === 'cleared') return result;
    const again = clear(result.observation, facts);
    const stillKept = again.verdict === 'held' ? again.holds.filter((hold) => hold.kept) : [];
    const holds = [...result.holds.filter((hold) => !hold.kept), ...stillKept];
    return resultOf(again.observation, holds, [...result.removed, ...again.removed]);
  }

  return { clear, reconsider };
}

/** The gate of the way back. In a direction that carries something else, neither gate lets anything through. */
export function createReturnGate(direction: Direction, options: GateOptions): ReturnGate {
  const table = tableFor(direction, 'returns');
  const input = { plan: planOf(table), unlisted: table.unlisted.id, options };
  const notBuilt = unlessBuilt(table);
  return {
    // A target that knows no test messages makes them real: a person would go to an appointment that is none.
    clear(source, { targetIsTest = false }) {
      const facts: GateFacts = { targetIsTest, advisedPercentages: [] };
      const rebuilt = rebuild(source, { ...input, facts });
      const completed = completeReturn(rebuilt, source, facts, table);
      const observation = completed.observation as Cleared<ReturnObservation>;
      return resultOf(observation, [...notBuilt, ...completed.holds], rebuilt.removed);
    },
  };
}

function unlessBuilt({ carries, unlisted }: RuleTable): readonly Hold[] {
  return carries === null ? [{ code: 'HELD_DIRECTION', path: '', rule: unlisted.id }] : [];
}

function resultOf<T>(observation: T, holds: readonly Hold[], removed: readonly Removal[]): Verdict<T> {
  return holds.length === 0
    ? { verdict: 'cleared', observation, removed }
    : { verdict: 'held', observation, holds, removed };
}
