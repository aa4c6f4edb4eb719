// How a test in a mapping file says what it gives and what it expects: changes laid over a record, and a comparison
// that looks only at what is named.
import type { JsonObject, JsonValue } from '../connector.js';

/** The record with the change laid over it: null takes a field out, groups are merged, everything else is replaced. */
export function merge(record: JsonObject, change: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const name of new Set([...Object.keys(record), ...Object.keys(change)])) {
    const [before, after] = [record[name], change[name]];
    const value = isGroup(after) ? merge(isGroup(before) ? before : {}, after) : (after ?? before);
    if (after !== null && value !== undefined) merged[name] = value;
  }
  return merged;
}

/** What differs, by path. A group may hold more than is expected; a list has as many items. */
export function differences(found: JsonValue | undefined, expected: JsonValue, path: string): string[] {
  const place = path === '' ? 'the record' : path;
  if (expected === null)
    return found === undefined ? [] : [`${place}: expected nothing, found ${show(found)}.`];
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) {
      return [
        `${place}: expected ${expected.length} items, found ${Array.isArray(found) ? found.length : show(found)}.`,
      ];
    }
    return expected.flatMap((item, index) => differences(found[index], item, `${path}[${index}]`));
  }
  if (isGroup(expected)) {
    const inside = isGroup(found) ? found : {};
    if (found !== undefined && !isGroup(found)) return [`${place}: expected a group, found ${show(found)}.`];
    return Object.entries(expected).flatMap(([name, value]) =>
      differences(inside[name], value ?? null, path === '' ? name : `${path}.${name}`),
    );
  }
  return found === expected ? [] : [`${place}: expected ${show(expected)}, found ${show(found)}.`];
}

function isGroup(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
