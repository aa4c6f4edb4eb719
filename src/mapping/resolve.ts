// Holds rules against what there is: source fields, target fields, code tables. Tells what a mapping reads, which
// tables it uses and which values it looks up; that is all the privacy check needs to know of it.
import { didYouMean } from '../suggest.js';
import type { CodeTables } from './codes.js';
import type { Place, Report } from './located.js';
import { pathFault } from './paths.js';
import type { FieldRule, ListRule, ValueRule } from './rule.js';
import type { MappingRead } from './types.js';

export interface Surroundings {
  readonly direction: 'in' | 'out';
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly tables: CodeTables;
  readonly report: Report;
}

export interface Uses {
  readonly reads: readonly MappingRead[];
  readonly tables: ReadonlySet<string>;
  readonly lookups: ReadonlySet<string>;
}

/** Where a rule stands: within `each` both sides have a list before them. */
interface At {
  readonly source: string;
  readonly target: string;
}

export function resolveFields(fields: readonly FieldRule[], around: Surroundings): Uses {
  const reads: MappingRead[] = [];
  const tables = new Set<string>();
  const lookups = new Set<string>();

  const source = (path: string, place: Place): boolean => {
    const fault = pathFault(path, around.source);
    if (fault) around.report(place, fault);
    return !fault;
  };
  const read = (path: string, place: Place, ifAllowed: boolean): void => {
    if (source(path, place))
      reads.push({ path: path.replace(/\[\d+\]/g, '[]'), ...place, ...(ifAllowed ? { ifAllowed } : {}) });
  };

  const visitFields = (inner: readonly FieldRule[], at: At): void => {
    const seen = new Set<string>();
    for (const { target, place, rule } of inner) {
      const path = `${at.target}${target}`;
      const fault = pathFault(path, around.target);
      if (fault) around.report(place, fault);
      if (seen.has(target)) around.report(place, `\`${target}\` is mapped twice.`);
      seen.add(target);
      if (rule.kind === 'value') visitValue(rule, at);
      else visitList(rule, { source: at.source, target: `${path}.` });
    }
  };

  const visitValue = (rule: ValueRule, at: At): void => {
    const { origin, place, ifAllowed } = rule;
    if (origin.kind === 'from') read(`${at.source}${origin.path}`, place, ifAllowed);
    if (origin.kind === 'join')
      for (const path of origin.paths) read(`${at.source}${path}`, place, ifAllowed);
    if (origin.kind === 'lookup') {
      read(origin.by, place, ifAllowed);
      lookups.add(origin.name);
    }
    visitSteps(rule);
    if (rule.otherwise) visitValue(rule.otherwise, at);
  };

  const visitSteps = (rule: ValueRule): void => {
    const table = rule.codes === undefined ? undefined : around.tables.get(rule.codes);
    if (rule.codes !== undefined) {
      tables.add(rule.codes);
      const hint = didYouMean(rule.codes, [...around.tables.keys()]);
      if (!table) around.report(rule.place, `There is no code table \`${rule.codes}\`.${hint}`);
    }
    if (rule.is === undefined) return;
    if (around.direction === 'out') around.report(rule.place, '`is` belongs to in-mappings.');
    const words = [...(table?.byCode.values() ?? [])].map(({ meaning }) => String(meaning));
    if (!table || words.includes(rule.is)) return;
    around.report(
      rule.place,
      `Table \`${table.name}\` has no meaning \`${rule.is}\`.${didYouMean(rule.is, words)}`,
    );
  };

  const visitList = (rule: ListRule, at: At): void => {
    const { origin, place } = rule;
    if (origin.kind === 'list') for (const item of origin.items) visitFields(item, at);
    if (origin.kind === 'each' && source(`${at.source}${origin.path}`, place)) {
      visitFields(origin.fields, { source: `${at.source}${origin.path}.`, target: at.target });
    }
    if (rule.otherwise) visitList(rule.otherwise, at);
  };

  visitFields(fields, { source: '', target: '' });
  return { reads, tables, lookups };
}
