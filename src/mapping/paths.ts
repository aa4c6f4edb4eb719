// Field paths such as `employee.addresses[].town` or `absence.percentages[0].from`: their grammar, how they are read,
// and whether a catalogue of fields knows them.
import type { JsonObject, JsonValue } from '../connector.js';
import { didYouMean } from '../suggest.js';

const PATH = /^[a-z][A-Za-z0-9]*(\[\d+\])?(\.[a-z][A-Za-z0-9]*(\[\d+\])?)*$/;

export type Step = string | number;
export type Read = (scope: JsonObject) => JsonValue | undefined;

/** True for a path to one value; only the last name of a list's path may end in `[]`. */
export function isPath(text: string): boolean {
  return PATH.test(text.endsWith('[]') ? text.slice(0, -2) : text);
}

export function isListPath(text: string): boolean {
  return text.endsWith('[]');
}

/** `a.b[0].c` -> a, b, 0, c. The `[]` at the end of a list's path is left off. */
export function stepsOf(path: string): Step[] {
  return path.split('.').flatMap((part): Step[] => {
    const bracket = part.indexOf('[');
    if (bracket < 0) return [part];
    const index = part.slice(bracket + 1, -1);
    return index === '' ? [part.slice(0, bracket)] : [part.slice(0, bracket), Number(index)];
  });
}

/** Reads a path, parsed once; undefined when any step is missing. */
export function reader(path: string): Read {
  const steps = stepsOf(path);
  const [first, second] = steps;
  if (steps.length === 1 && first !== undefined) return (scope) => stepInto(scope, first);
  if (steps.length === 2 && first !== undefined && second !== undefined) {
    return (scope) => stepInto(stepInto(scope, first), second);
  }
  return (scope) => steps.reduce<JsonValue | undefined>(stepInto, scope);
}

function stepInto(value: JsonValue | undefined, step: Step): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined;
}

/** What is wrong with a path, held against the fields that there are; undefined when it is known. */
export function pathFault(path: string, known: readonly string[]): string | undefined {
  const wanted = path.replace(/\[\d+\]/g, '[]');
  const inside = isListPath(wanted) ? `${wanted}.` : undefined;
  if (known.some((field) => (inside ? field.startsWith(inside) : field === wanted))) return undefined;
  const lists = known
    .filter((field) => field.includes('[].'))
    .map((field) => field.slice(0, field.lastIndexOf('[]') + 2));
  return `There is no field \`${path}\`.${didYouMean(wanted, inside ? [...new Set(lists)] : known)}`;
}
