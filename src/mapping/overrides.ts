// The overrides of a route: single target fields that it maps otherwise than the mapping file, in the same language.
// `null` leaves a field out. A field inside a list, such as `employee.addresses[].town`, is replaced within the
// list's `each` rules.
import { locateValue, type Place, type Report } from './located.js';
import { parseRule } from './parse.js';
import { isListPath, isPath } from './paths.js';
import type { FieldRule, ListRule } from './rule.js';

export interface Overrides {
  readonly rules: Readonly<Record<string, unknown>>;
  /** Path of the overrides in the configuration. */
  readonly place: string;
}

export function withOverrides(
  fields: readonly FieldRule[],
  overrides: Overrides,
  report: Report,
): readonly FieldRule[] {
  return Object.entries(overrides.rules).reduce((before, [target, value]) => {
    const place: Place = { file: `${overrides.place} ${target}`, line: 0 };
    if (!isPath(target.replaceAll('[].', '.'))) {
      report(place, `\`${target}\` is not a field path.`);
      return before;
    }
    if (value === null) return put(before, target, undefined);
    const rule = parseRule(target, locateValue(value, place), report);
    return rule ? put(before, target, { target, place, rule }) : before;
  }, fields);
}

/** The fields with one of them replaced, added or (undefined) left out. */
function put(
  fields: readonly FieldRule[],
  target: string,
  field: FieldRule | undefined,
): readonly FieldRule[] {
  const list = fields.find((known) => isListPath(known.target) && target.startsWith(`${known.target}.`));
  if (list?.rule.kind === 'list') {
    const inner = target.slice(list.target.length + 1);
    const rule = putInside(list.rule, inner, field && { ...field, target: inner });
    return fields.map((known) => (known === list ? { ...list, rule } : known));
  }
  const others = fields.filter((known) => known.target !== target);
  return field ? [...others, field] : others;
}

function putInside(rule: ListRule, target: string, field: FieldRule | undefined): ListRule {
  const { origin, otherwise } = rule;
  return {
    ...rule,
    origin: origin.kind === 'each' ? { ...origin, fields: put(origin.fields, target, field) } : origin,
    ...(otherwise ? { otherwise: putInside(otherwise, target, field) } : {}),
  };
}
