// After the rebuild: is the observation still whole, and does it belong on this link? Fills the places that the types
// promise, so that a held observation can be stored and shown, and freezes the result.
import type { Observation } from '../domain/observation.js';
import type { Hold } from './leaf.js';
import type { GateFacts } from './options.js';
import { REQUIRED_FLAGS, REQUIRED_TEXTS } from './plan.js';
import type { Rebuilt } from './rebuild.js';
import type { RuleTable } from './rules.js';

export interface Completed {
  readonly observation: Observation;
  readonly holds: readonly Hold[];
}

type Group = Record<string, unknown>;

/** Needs `source` only to count what it had. */
export function complete(
  rebuilt: Rebuilt,
  source: Observation,
  facts: GateFacts,
  table: RuleTable,
): Completed {
  const { value } = rebuilt;
  const hold = (code: Hold['code'], path: string): Hold => ({ code, path, rule: table.ruleOf(path).id });
  const missing = REQUIRED_TEXTS.filter((path) => !fillText(value, path)).concat(
    REQUIRED_FLAGS.filter((path) => typeof parentOf(value, path)[nameOf(path)] !== 'boolean'),
  );
  const absence = parentOf(value, 'absence.percentages');
  absence.percentages ??= [];
  const lost = lengthOf(source?.absence?.percentages) !== lengthOf(absence.percentages);
  const holds = [...rebuilt.holds, ...missing.map((path) => hold('HELD_INCOMPLETE', path))];
  if (lost && absence.withdrawn !== true)
    holds.push(hold('HELD_INCOMPLETE', 'absence.percentages[].percentage'));
  if (isForOtherLink(value, facts)) holds.push(hold('HELD_TEST_MESSAGE', 'message.test'));
  return { observation: freeze(value) as unknown as Observation, holds };
}

/** A source that does not mark its messages, or a target that knows no test messages, makes no claim. */
export function isForOtherLink(value: Group, { targetIsTest }: GateFacts): boolean {
  const test = parentOf(value, 'message.test', false).test;
  return typeof test === 'boolean' && targetIsTest !== undefined && test !== targetIsTest;
}

function fillText(value: Group, path: string): boolean {
  const parent = parentOf(value, path);
  parent[nameOf(path)] ??= '';
  return parent[nameOf(path)] !== '';
}

const nameOf = (path: string): string => path.slice(path.indexOf('.') + 1);

function parentOf(value: Group, path: string, make = true): Group {
  const name = path.slice(0, path.indexOf('.'));
  const found = value[name] as Group | undefined;
  if (found) return found;
  const empty: Group = {};
  if (make) value[name] = empty;
  return empty;
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}
