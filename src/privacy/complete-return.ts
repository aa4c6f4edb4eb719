// After the rebuild on the way back: is what was said still whole, and does it belong on this link? Freezes the result.
import type { ReturnObservation } from '../domain/return.js';
import { freeze, isForOtherLink } from './complete.js';
import type { Hold } from './leaf.js';
import type { GateFacts } from './options.js';
import type { Rebuilt } from './rebuild.js';
import type { RuleTable } from './rules.js';

type Group = Readonly<Record<string, unknown>>;

export interface CompletedReturn {
  readonly observation: ReturnObservation;
  readonly holds: readonly Hold[];
}

/** Without these nothing can be told of it. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  appointment: ['id', 'status', 'date', 'time'],
  advice: [],
  result: ['reference', 'scope', 'outcome'],
  document: ['kind'],
};

/** Needs `source` only to see which groups it had, and how much of them. */
export function completeReturn(
  { value, holds }: Rebuilt,
  source: ReturnObservation,
  facts: GateFacts,
  table: RuleTable,
): CompletedReturn {
  const missing = [...missingIn(value, source), ...lostPercentages(value, source)].filter(
    (path) => !holds.some((hold) => hold.path === path),
  );
  const found = [...holds, ...missing.map((path) => holdAt('HELD_INCOMPLETE', path, table))];
  if (isForOtherLink(value, facts)) found.push(holdAt('HELD_TEST_MESSAGE', 'message.test', table));
  return { observation: freeze(value) as ReturnObservation, holds: found };
}

const holdAt = (code: Hold['code'], path: string, table: RuleTable): Hold => ({
  code,
  path,
  rule: table.ruleOf(path).id,
});

function missingIn(value: Group, source: ReturnObservation): string[] {
  return Object.entries(NEEDED).flatMap(([group, names]) => {
    if (groupIn(source, group) === undefined) return [];
    const found = groupIn(value, group) ?? {};
    const empty = Object.keys(found).length === 0 ? [group] : [];
    const missing = names.filter((name) => (found[name] ?? '') === '');
    return names.length === 0 ? empty : missing.map((name) => `${group}.${name}`);
  });
}

/** An entry goes or stays as a whole: half of one would say something else. */
function lostPercentages(value: Group, source: ReturnObservation): string[] {
  const stated = listIn(groupIn(source, 'advice')?.percentages);
  const kept = listIn(groupIn(value, 'advice')?.percentages) as readonly Group[];
  const whole = kept.filter(({ from, percentage }) => from !== undefined && percentage !== undefined);
  return whole.length === stated.length ? [] : ['advice.percentages[].percentage'];
}

function groupIn(value: object, name: string): Group | undefined {
  const group = (value as Group)[name];
  return typeof group === 'object' && group !== null ? (group as Group) : undefined;
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
