// The rules of a direction: every field of the domain has exactly one, and what has none does not leave.
// The tables follow section 2 of the rule book (dutch-rules.md) row by row; rule ids are stable, others script on them.
import { withoutIndexes } from '../domain/fields.js';
import type { Direction } from './options.js';
import type { Rule } from './rule.js';
import { ABSENCE_RULES } from './rules-employer-to-arbodienst-absence.js';
import { EMPLOYEE_RULES } from './rules-employer-to-arbodienst-employee.js';
import { EMPLOYMENT_RULES } from './rules-employer-to-arbodienst-employment.js';

/** Deny by default: fields that no row names, fields that nobody knows, values that are not what their field holds. */
const UNLISTED: Rule = {
  id: 'EA-99',
  paths: [
    'administrationOffice.name',
    'administrationOffice.chamberOfCommerceNumber',
    'administrationOffice.establishmentNumber',
    'employment.kind',
    'employment.agencyPhase',
    'employment.variableHours',
    'employment.distributionCode',
  ],
  verdict: 'drop',
  what: 'Everything that is on no list, and any value that does not have the form of its field',
  why: 'Only what the arbodienst needs goes over. What no row of the rule book names has no stated purpose.',
  source: 'dutch-rules.md section 1.3 P-20 [P] S17; section 4, first line [K]; fields without a row [D]',
  sure: ['P', 'K', 'D'],
};

/** The rule of a direction for which no table is built. */
export const NOT_BUILT: Rule = {
  id: 'NB-00',
  paths: [],
  verdict: 'drop',
  what: 'Everything',
  why: 'No table is built for this direction, so nothing passes.',
  source: 'design decision: deny by default',
  sure: ['D'],
};

export interface RuleTable {
  readonly rules: readonly Rule[];
  /** The rule for what no other rule names. */
  readonly unlisted: Rule;
  readonly ruleOf: (path: string) => Rule;
}

function table(rules: readonly Rule[], unlisted: Rule): RuleTable {
  const byPath = new Map(rules.flatMap((rule) => rule.paths.map((path) => [path, rule] as const)));
  return { rules, unlisted, ruleOf: (path) => byPath.get(withoutIndexes(path)) ?? unlisted };
}

const TABLES: ReadonlyMap<string, RuleTable> = new Map([
  [
    'employer>arbodienst',
    table([...EMPLOYEE_RULES, ...EMPLOYMENT_RULES, ...ABSENCE_RULES, UNLISTED], UNLISTED),
  ],
]);

const NOTHING = table([NOT_BUILT], NOT_BUILT);

export function isBuilt(direction: Direction): boolean {
  return TABLES.has(`${direction.from}>${direction.to}`);
}

/** The table of a direction; one that drops everything when the direction is not built. */
export function tableOf(direction: Direction): RuleTable {
  return TABLES.get(`${direction.from}>${direction.to}`) ?? NOTHING;
}
