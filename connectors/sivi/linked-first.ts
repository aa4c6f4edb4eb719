// What an arbodienst says of several employments of one person is of those that it ties to an absence: they come first in
// the record, as the mapping reads the first. Else the order of the message stays.
import type { JsonObject, JsonValue } from '../../src/connector.js';

/** Groups of which a message names the employments; as the two tables in `return-messages` call them. */
const NAMING = ['appointment', 'document'];

export function linkedFirst(record: JsonObject): JsonObject {
  const changed = NAMING.flatMap((name) => {
    const group = objectIn(record[name]);
    const employments = group?.employments;
    if (!group || !Array.isArray(employments) || employments.length < 2) return [];
    const linked = employments.filter(isLinked);
    const others = employments.filter((one) => !isLinked(one));
    return [[name, { ...group, employments: [...linked, ...others] }] as const];
  });
  return changed.length === 0 ? record : { ...record, ...Object.fromEntries(changed) };
}

function isLinked(employment: JsonValue): boolean {
  return Object.keys(objectIn(objectIn(employment)?.absence) ?? {}).length > 0;
}

function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
