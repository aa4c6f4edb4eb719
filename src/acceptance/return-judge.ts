// What one record of the way back is worth before the transaction: cleared by the gate, left out without a trace, or
// unusable. Nothing that waits for a person is kept here: it is parked by its reference and code, as what cannot be read.
import type { DecodedRecord, ReturnKind } from '../connector.js';
import type { ReturnObservation } from '../domain/return.js';
import type { Problem } from '../errors.js';
import type { Mapping } from '../mapping/types.js';
import type { Cleared, Removal } from '../privacy/gate.js';
import type { ReturnRoute } from '../route.js';

/** Why nothing was told, and nothing kept but the count. */
export const LEFT_OUT = {
  NO_CASE: 'it belongs to no absence case of this route, so that the employer may not know of it',
  ANONYMOUS: 'the employer may not know of this appointment',
  NOT_TAKEN: 'the receiver does not take this kind of notification',
} as const;
export type LeftOut = keyof typeof LEFT_OUT;

export interface ClearedReturn {
  readonly kind: ReturnKind;
  readonly observation: Cleared<ReturnObservation>;
  readonly removed: readonly Removal[];
}

export type JudgedReturn =
  | { readonly outcome: 'cleared'; readonly cleared: ClearedReturn }
  | { readonly outcome: 'left-out'; readonly why: LeftOut }
  | Unusable;

export interface Unusable {
  readonly outcome: 'unusable';
  readonly problems: readonly Problem[];
  /** Of what may be told of known cases only, so that of any other not even this much is kept. */
  readonly tie?: Tie;
}

/** Of whom and of which case a record is. */
export type Tie = Omit<ReturnObservation, 'appointment' | 'advice' | 'result' | 'document'>;

/** Whose record it is counts before anything that is wrong with it. */
export function judgeReturn(decoded: DecodedRecord, route: ReturnRoute): JudgedReturn {
  const { kind = 'absence', path } = decoded;
  const mapping = kind === 'absence' || kind === 'medical-file' ? undefined : route.mappings.in[kind];
  if (kind === 'absence' || kind === 'medical-file' || !mapping) return unusable(notCarried(decoded));
  const mapped = mapping.apply(decoded.record);
  const output = mapped.ok ? mapped.output : mapping.glimpse(decoded.record);
  const observation = onlyOf(kind, output as unknown as ReturnObservation);
  const unmapped = mapped.ok ? [] : mapped.problems.map((found) => atPlace(path, found));
  const problems = [...decoded.problems, ...unmapped];
  const why = kind === 'result' ? null : whyLeftOut(observation, problems);
  if (why) return { outcome: 'left-out', why };
  const tie = kind === 'result' ? undefined : tieOf(observation);
  if (problems.length > 0) return unusable(problems, tie);
  const gated = route.gate.clear(observation, route.facts);
  const holds = gated.verdict === 'held' ? gated.holds : [];
  if (holds.length > 0)
    return unusable(
      holds.map((hold) => atPlace(path, hold)),
      tie,
    );
  if (!gated.observation[kind]) return unusable([{ code: 'HELD_INCOMPLETE', path: `${path} ${kind}` }], tie);
  return { outcome: 'cleared', cleared: { kind, observation: gated.observation, removed: gated.removed } };
}

function notCarried({ kind, path, problems }: DecodedRecord): readonly Problem[] {
  if (problems.length > 0) return problems;
  return [{ code: kind === 'medical-file' ? 'HELD_MEDICAL_FILE' : 'KIND_NOT_CARRIED', path }];
}

/** A record says one thing: what it holds of another kind is not looked at. */
function onlyOf(
  kind: ReturnKind,
  { appointment, advice, result, document, ...about }: ReturnObservation,
): ReturnObservation {
  const said = { appointment, advice, result, document }[kind];
  return said === undefined ? about : { ...about, [kind]: said };
}

function tieOf({ appointment, advice, result, document, ...tie }: ReturnObservation): Tie {
  return tie;
}

/** Asked before anything else is looked at: such a record must not even be parked (dutch-rules.md P-31, P-42). */
function whyLeftOut(
  { appointment, absence, employee }: ReturnObservation,
  problems: readonly Problem[],
): LeftOut | null {
  // Where the source says anything of it at all, only a plain no will do.
  const isUnclear = problems.some(({ path }) => path.endsWith('appointment.anonymous'));
  if (isUnclear || (appointment?.anonymous ?? false) !== false) return 'ANONYMOUS';
  const isTied = absence?.caseId || (absence?.firstDay && employee?.id);
  return isTied ? null : 'NO_CASE';
}

function unusable(problems: readonly Problem[], tie?: Tie): Unusable {
  return { outcome: 'unusable', problems, ...(tie && { tie }) };
}

const atPlace = (path: string, { code, path: field, ...rest }: Problem): Problem => ({
  code,
  path: `${path} ${field}`.trim(),
  ...(rest.detail !== undefined && { detail: rest.detail }),
});

/** The in-mappings of a route on the way back, and its out-mappings. */
export function mappingsOf({ mappings }: ReturnRoute): Mapping[] {
  return [...Object.values(mappings.in), ...Object.values(mappings.out)];
}
