// Turns checked rules into functions, once, so that nothing is parsed per record. What a mapping gives for a record
// depends on the record, the rules, the code tables and the route's employers alone.
import type { JsonObject, JsonValue } from '../connector.js';
import type { CodeTables } from './codes.js';
import { fail, type Run, type Setting, transformsOf } from './functions.js';
import { missingHint } from './missing.js';
import { reader, stepsOf } from './paths.js';
import type { FieldRule, ListRule, ValueRule } from './rule.js';
import { buildTree, type Compute, plant, type Scope, type Tree } from './tree.js';
import type { EmployerLookup } from './types.js';

export interface CompileContext extends Setting {
  readonly tables: CodeTables;
  readonly employers: EmployerLookup;
}

export function compileFields(fields: readonly FieldRule[], context: CompileContext): Compute {
  const tree: Tree = new Map();
  for (const { target, rule } of fields) {
    const compute =
      rule.kind === 'value' ? compileValue(rule, target, context) : compileList(rule, target, context);
    plant(tree, stepsOf(target), compute);
  }
  return buildTree(tree);
}

function compileValue(rule: ValueRule, target: string, context: CompileContext): Compute {
  const origin = compileOrigin(rule, context);
  const table = rule.codes === undefined ? undefined : context.tables.get(rule.codes);
  const transforms = transformsOf(rule, table, context);
  const name = rule.origin.kind === 'from' ? rule.origin.path : target;
  const otherwise = rule.otherwise && compileValue(rule.otherwise, target, context);
  const hint = missingHint(rule);
  return (scope, run) => {
    let value = origin(scope) ?? rule.default;
    if (value === undefined) {
      const known = run.problems.length;
      const other = otherwise?.(scope, run);
      if (other !== undefined || !rule.required || run.problems.length > known) return other;
      return fail(run, 'MAPPING_MISSING_FIELD', scope.path + name, hint);
    }
    if (typeof value === 'object' && value !== null) {
      return fail(run, 'MAPPING_BAD_VALUE', scope.path + name, 'A single value is expected.');
    }
    const known = run.problems.length;
    for (const transform of transforms) {
      value = transform(value, scope.path + name, run);
      if (value !== undefined) continue;
      if (!rule.required || run.problems.length > known) return undefined;
      return fail(run, 'MAPPING_MISSING_FIELD', scope.path + name, hint);
    }
    return value;
  };
}

function compileOrigin(
  { origin }: ValueRule,
  { employers }: CompileContext,
): (scope: Scope) => JsonValue | undefined {
  if (origin.kind === 'constant') return () => origin.value;
  if (origin.kind === 'from') {
    const read = reader(origin.path);
    return (scope) => present(read(scope.value));
  }
  if (origin.kind === 'join') {
    const reads = origin.paths.map(reader);
    return ({ value }) => {
      const parts = reads.flatMap((read) => present(read(value)) ?? []);
      return parts.find((part) => typeof part === 'object') ?? present(parts.join(origin.between));
    };
  }
  const by = reader(origin.by);
  const values = new Map(
    Object.entries(employers).map(([id, names]) => [id, new Map(Object.entries(names))]),
  );
  return ({ root }) => {
    const id = by(root);
    return typeof id === 'string' ? present(values.get(id)?.get(origin.name)) : undefined;
  };
}

/** Empty text says nothing. */
function present(value: JsonValue | undefined): JsonValue | undefined {
  if (value === null) return undefined;
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
}

function compileList(rule: ListRule, target: string, context: CompileContext): Compute {
  const items =
    rule.origin.kind === 'each' ? eachItem(rule.origin, context) : fixedItems(rule.origin, context);
  const otherwise = rule.otherwise && compileList(rule.otherwise, target, context);
  const path = target.slice(0, -2);
  const hint = missingHint(rule);
  return (scope, run) => {
    const known = run.problems.length;
    const list = items(scope, run).flatMap(({ at, make }) => {
      return (rule.incomplete === 'skip' ? makeOrSkip(at, make, run) : make(run)) ?? [];
    });
    if (list.length > 0) return list;
    const other = otherwise?.(scope, run);
    if (other !== undefined || !rule.required || run.problems.length > known) return other;
    return fail(run, 'MAPPING_MISSING_FIELD', scope.path + path, hint);
  };
}

/** An item yet to be made. */
interface Item {
  /** Place of what the source gave; undefined when it gave nothing and leaving the item out is no loss. */
  readonly at: string | undefined;
  readonly make: (run: Run) => JsonValue | undefined;
}
type ItemsOf = (scope: Scope, run: Run) => Item[];

function eachItem(origin: ListRule['origin'] & { kind: 'each' }, context: CompileContext): ItemsOf {
  const read = reader(origin.path);
  const compute = compileFields(origin.fields, context);
  const name = origin.path.slice(0, -2);
  return (scope, run) => {
    const list = read(scope.value) ?? [];
    if (!Array.isArray(list)) {
      fail(run, 'MAPPING_BAD_VALUE', scope.path + name, 'A list is expected.');
      return [];
    }
    return list.map((value: JsonObject, index): Item => {
      const at = `${scope.path}${name}[${index}]`;
      return { at, make: (inner) => compute({ root: scope.root, value, path: `${at}.` }, inner) };
    });
  };
}

function fixedItems(origin: ListRule['origin'] & { kind: 'list' }, context: CompileContext): ItemsOf {
  const computes = origin.items.map((fields) => compileFields(fields, context));
  return (scope) => computes.map((compute): Item => ({ at: undefined, make: (run) => compute(scope, run) }));
}

function makeOrSkip(at: string | undefined, make: Item['make'], run: Run): JsonValue | undefined {
  const inner: Run = { problems: [], notices: [] };
  const item = make(inner);
  const lacking = inner.problems.filter(({ code }) => code === 'MAPPING_MISSING_FIELD');
  if (lacking.length > 0 && lacking.length === inner.problems.length) {
    const detail = `Not set: ${[...new Set(lacking.map(({ path }) => path))].join(', ')}.`;
    if (at !== undefined) run.notices.push({ code: 'MAPPING_ITEM_LEFT_OUT', path: at, detail });
    return undefined;
  }
  run.problems.push(...inner.problems);
  run.notices.push(...inner.notices);
  return item;
}
