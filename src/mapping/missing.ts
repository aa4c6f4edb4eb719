// Words for a field that the receiver needs and that nobody filled: which values of the route would help.
import type { FieldRule, ListRule, ValueRule } from './rule.js';

/** What to do when the field of a rule is not set. */
export function missingHint(rule: ValueRule | ListRule): string {
  const lookups = [...lookupsOf(rule)];
  if (lookups.length === 0) return 'Have it filled at its source.';
  return `Have it filled at its source, or give ${lookups.join(', ')} for this employer under \`employers:\` of the route.`;
}

/** The names that a rule, or what stands in for it, looks up in the route's `employers:`. */
function lookupsOf(rule: ValueRule | ListRule): Set<string> {
  const names = new Set<string>();
  const inner: readonly (ValueRule | ListRule)[] =
    rule.kind === 'value' ? [] : fieldsOf(rule).map((field) => field.rule);
  if (rule.kind === 'value' && rule.origin.kind === 'lookup') names.add(rule.origin.name);
  for (const below of rule.otherwise ? [...inner, rule.otherwise] : inner) {
    for (const name of lookupsOf(below)) names.add(name);
  }
  return names;
}

function fieldsOf({ origin }: ListRule): readonly FieldRule[] {
  return origin.kind === 'each' ? origin.fields : origin.items.flat();
}
