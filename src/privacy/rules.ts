// The rules of a direction: every field of the domain has exactly one, and what has none does not leave.
// The tables follow section 2 of the rule book (dutch-rules.md) row by row; rule ids are stable, others script on them.
import { FIELDS, type Field, withoutIndexes } from '../domain/fields.js';
import { RETURN_FIELDS } from '../domain/return-fields.js';
import type { Direction } from './options.js';
import type { Rule } from './rule.js';
import { RETURN_RULES, RETURN_UNLISTED } from './rules-arbodienst-to-employer.js';
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

/** What goes over in a direction: absences, or what an arbodienst says on the way back. */
export type Carries = 'absences' | 'returns';

export interface RuleTable {
  /** Null when nothing goes over. */
  readonly carries: Carries | null;
  /** The catalogue of what it carries. */
  readonly fields: readonly Field[];
  readonly rules: readonly Rule[];
  /** The rule for what no other rule names. */
  readonly unlisted: Rule;
  readonly ruleOf: (path: string) => Rule;
}

function table(carries: Carries | null, rules: readonly Rule[], unlisted: Rule): RuleTable {
  const byPath = new Map(rules.flatMap((rule) => rule.paths.map((path) => [path, rule] as const)));
  const fields = carries === 'returns' ? RETURN_FIELDS : FIELDS;
  return { carries, fields, rules, unlisted, ruleOf: (path) => byPath.get(withoutIndexes(path)) ?? unlisted };
}

const TABLES: ReadonlyMap<string, RuleTable> = new Map([
  [
    'employer>arbodienst',
    table('absences', [...EMPLOYEE_RULES, ...EMPLOYMENT_RULES, ...ABSENCE_RULES, UNLISTED], UNLISTED),
  ],
  ['arbodienst>employer', table('returns', [...RETURN_RULES, RETURN_UNLISTED], RETURN_UNLISTED)],
]);

const NOTHING = table(null, [NOT_BUILT], NOT_BUILT);

/** Null for a direction without a table: nothing passes there. */
export function carriesOf(direction: Direction): Carries | null {
  return tableOf(direction).carries;
}

/** The same for what is carried alone: in a direction that carries the other nothing passes either. */
export function tableFor(direction: Direction, carries: Carries): RuleTable {
  const table = tableOf(direction);
  return table.carries === carries ? table : NOTHING;
}

/** The table of a direction; one that drops everything when the direction is not built. */
export function tableOf(direction: Direction): RuleTable {
  return TABLES.get(`${direction.from}>${direction.to}`) ?? NOTHING;
}
