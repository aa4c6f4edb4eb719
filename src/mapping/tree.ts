// The output of a mapping as a tree of target fields, made into one function that builds it.
import type { JsonObject, JsonValue } from '../connector.js';
import type { Run } from './functions.js';
import type { Step } from './paths.js';

/** What a rule sees: the record, or an item of a list within `each`. */
export interface Scope {
  readonly root: JsonObject;
  readonly value: JsonObject;
  /** Path of `value` in the record with a dot behind it; empty for the record itself. */
  readonly path: string;
}

export type Compute = (scope: Scope, run: Run) => JsonValue | undefined;

export type Tree = Map<Step, Tree | Compute>;

/** Puts a field into the tree of the output. */
export function plant(tree: Tree, steps: readonly Step[], compute: Compute): void {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  const next = tree.get(step);
  if (rest.length === 0) tree.set(step, compute);
  else if (next instanceof Map) plant(next, rest, compute);
  else {
    const branch: Tree = new Map();
    tree.set(step, branch);
    plant(branch, rest, compute);
  }
}

/** A group without any value is not written at all. */
export function buildTree(tree: Tree): Compute {
  const children = [...tree].map(
    ([step, node]) => [step, node instanceof Map ? buildTree(node) : node] as const,
  );
  if (children.some(([step]) => typeof step === 'number')) {
    return (scope, run) => {
      const items = children.map(([, compute]) => compute(scope, run)).filter((item) => item !== undefined);
      return items.length > 0 ? items : undefined;
    };
  }
  return (scope, run) => {
    const group: Record<string, JsonValue> = {};
    let filled = false;
    for (const [step, compute] of children) {
      const value = compute(scope, run);
      if (value === undefined) continue;
      group[step] = value;
      filled = true;
    }
    return filled ? group : undefined;
  };
}
