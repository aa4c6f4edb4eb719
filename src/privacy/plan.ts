// The shape of an observation as the direction's field catalogue gives it, with each field's rule: the allow-list that
// the gate rebuilds from. Made once per gate.
import { isPlainDate, isPlainTime } from '../domain/dates.js';
import type { Field, FieldType } from '../domain/fields.js';
import type { LeafValue } from './leaf.js';
import type { Rule } from './rule.js';
import type { RuleTable } from './rules.js';
import { type Hit, scanNumbers, scanReachable, scanText } from './scanner.js';

export interface LeafPlan {
  readonly kind: 'leaf';
  readonly field: Field;
  readonly rule: Rule;
  readonly scan: ((text: string) => readonly Hit[]) | undefined;
}
export interface GroupPlan {
  readonly kind: 'group';
  readonly members: ReadonlyMap<string, Plan>;
}
export interface ListPlan {
  readonly kind: 'list';
  readonly item: GroupPlan;
}
export type Plan = LeafPlan | GroupPlan | ListPlan;

/** Fields of a notification that no observation has; what the way back numbers is the last of them. */
export const NOTIFICATION_ONLY: readonly string[] = ['kind', 'absence.percentage', 'sequence'];

/** Fields without which no notification can be made; kept in place, empty, when their value is missing. */
export const REQUIRED_TEXTS: readonly string[] = [
  'employer.id',
  'employee.id',
  'employment.id',
  'absence.caseId',
  'absence.firstDay',
];
export const REQUIRED_FLAGS: readonly string[] = ['absence.withdrawn', 'absence.ended'];

/** Written by hand, and a place for more than it asks. Names of nursing places are scanned by their own rule. */
const TEXTS =
  /^employment\.(jobName|unitName|parentUnitName|workplaceName|costCentres\[\]\.(name|parentName))$|^employee\.foreignAddresses\[\]\.location$/;
/** People, places and organisations may bear any name: only numbers are looked for. */
const NAMES =
  /\.(lastName|initials|prefix|calledName|town|street|region|countryName|houseNumberSuffix)$|^employer\.name$/;
/** Codes are the employer's own and may be all digits; words have no place in them. */
const REACHABLE = /communications\[\]\.value$|^employment\.(unitCode|parentUnitCode)$/;

/** How the text of a field is scanned before it passes, in words; undefined when it is not. */
export function scanOf(path: string): 'words and numbers' | 'numbers' | 'words unless a number' | undefined {
  if (TEXTS.test(path)) return 'words and numbers';
  if (NAMES.test(path)) return 'numbers';
  return REACHABLE.test(path) ? 'words unless a number' : undefined;
}

const SCANNERS = {
  'words and numbers': scanText,
  numbers: scanNumbers,
  'words unless a number': scanReachable,
} as const;

export function planOf(table: RuleTable): GroupPlan {
  const root: GroupPlan = { kind: 'group', members: new Map() };
  for (const field of table.fields) {
    if (NOTIFICATION_ONLY.includes(field.path)) continue;
    const mode = scanOf(field.path);
    place(root, field.path.split('.'), {
      kind: 'leaf',
      field,
      rule: table.ruleOf(field.path),
      scan: mode && SCANNERS[mode],
    });
  }
  return root;
}

function place(group: GroupPlan, path: readonly string[], leaf: LeafPlan): void {
  const [step = '', ...rest] = path;
  const members = group.members as Map<string, Plan>;
  if (rest.length === 0) {
    members.set(step, leaf);
    return;
  }
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  const empty: GroupPlan = { kind: 'group', members: new Map() };
  const next = members.get(name) ?? (isList ? { kind: 'list', item: empty } : empty);
  members.set(name, next);
  if (next.kind !== 'leaf') place(next.kind === 'list' ? next.item : next, rest, leaf);
}

const CODE = /^[\p{L}\p{N}._+-]{1,40}$/u;
const DECIMAL = /^\d{1,6}(\.\d{1,2})?$/;

const isText = (value: unknown): value is string => typeof value === 'string';

const FORMS: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  text: isText,
  code: (value) => isText(value) && CODE.test(value),
  date: (value) => isText(value) && isPlainDate(value),
  time: (value) => isText(value) && isPlainTime(value),
  percentage: (value) => isText(value) && DECIMAL.test(value),
  hours: (value) => isText(value) && DECIMAL.test(value),
  integer: (value) => Number.isSafeInteger(value) || (isText(value) && /^\d{1,9}$/.test(value)),
  boolean: (value) => typeof value === 'boolean',
};

/** A date, a code or a number that does not have its form may be text in disguise. */
export function hasForm(value: unknown, type: FieldType): value is LeafValue {
  return FORMS[type](value);
}
