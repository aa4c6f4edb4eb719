// Whether a route took a value in before, for the same field of the same case. Sources repeat themselves: what a person
// released once must not be held again each time, and the receiver has it already.
import type { Accepted } from './options.js';

/** `field` is a path without indexes; a value counts at any place of a list. Percentages compare as whole entries elsewhere. */
export function acceptedBefore(accepted: Accepted | undefined, field: string, value: string): boolean {
  if (!accepted || field.startsWith('absence.')) return false;
  const steps = field.split('.').map((step) => step.replace('[]', ''));
  return valuesAt(accepted, steps).includes(value);
}

function valuesAt(root: unknown, steps: readonly string[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (nodes, step) =>
      nodes
        .flatMap((node) => (isRecord(node) && Object.hasOwn(node, step) ? [node[step]] : []))
        .flatMap((next) => (Array.isArray(next) ? next : [next])),
    [root],
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
