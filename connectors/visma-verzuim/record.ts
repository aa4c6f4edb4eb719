// Reads the out-mapping's record: nested objects whose leaves are text. A record that lacks a field, or holds something
// else in its place, simply has no text there.
import type { JsonObject, JsonValue } from '../../src/connector.js';

/** `path` is names with dots between them; undefined when there is no text. */
export function textAt(record: JsonObject, path: string): string | undefined {
  let value: JsonValue | undefined = record;
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function itemsAt(record: JsonObject, path: string): readonly JsonObject[] {
  let value: JsonValue | undefined = record;
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Those of the named fields that are there. */
export function textsAt(record: JsonObject, prefix: string, names: string): Record<string, string> {
  const entries = names.split(' ').flatMap((name): [string, string][] => {
    const text = textAt(record, prefix === '' ? name : `${prefix}.${name}`);
    return text === undefined ? [] : [[name, text]];
  });
  return Object.fromEntries(entries);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
