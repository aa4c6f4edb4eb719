// Arbitrary objects of a schema in a published OpenAPI description: any of its fields may be absent, null where it says
// so, and its texts are awkward. So a simulator is tried with all that its description knows of, and nothing else.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/connector.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Everything that XML keeps as it is. */
const LETTERS = [...'aZ09 <>&"\'éß€;]=+%/:', '😀', '\u00a0', '\n', '\t'];
const PHRASES = ['00100', '&amp;', ']]>', '<b/>', ' before', 'after ', '1e5', 'null'];

/** Objects of the schema `name`; `description` is a path under the published descriptions. */
export function describedObjects(description: string, name: string): fc.Arbitrary<JsonObject> {
  const { components } = JSON.parse(readFileSync(resolve('../shared', description), 'utf8')) as Description;
  const anyOf = (schema: Schema): fc.Arbitrary<JsonValue> => {
    const value = schema.$ref ? objectOf(schema.$ref.split('/').at(-1) ?? '') : plain(schema);
    return schema.nullable ? fc.option(value, { freq: 6 }) : value;
  };
  const plain = (schema: Schema): fc.Arbitrary<JsonValue> => {
    if (schema.type === 'array') return fc.array(anyOf(schema.items ?? {}), { maxLength: 2 });
    if (schema.type === 'string') return textOf(schema.format);
    if (schema.type === 'integer') return fc.integer({ min: 0, max: 2 ** 31 - 1 });
    if (schema.type === 'boolean') return fc.boolean();
    return fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
  };
  const objectOf = (schemaName: string): fc.Arbitrary<JsonObject> => {
    const properties = Object.entries(components.schemas[schemaName]?.properties ?? {});
    if (properties.length === 0) throw new Error(`${description} describes no object ${schemaName}`);
    const fields = Object.fromEntries(properties.map(([field, schema]) => [field, anyOf(schema)]));
    return fc.record(fields, { requiredKeys: [], noNullPrototype: true });
  };
  return objectOf(name);
}

function textOf(format: string | undefined): fc.Arbitrary<string> {
  const day = fc
    .integer({ min: 0, max: 20_000 })
    .map((number) => new Date(number * 86_400_000).toISOString());
  if (format === 'date') return day.map((text) => text.slice(0, 10));
  if (format === 'date-time') return day;
  if (format === 'number') return fc.nat().map(String);
  const letters = fc.array(fc.constantFrom(...LETTERS), { maxLength: 6 }).map((list) => list.join(''));
  return fc.oneof(letters, fc.constantFrom(...PHRASES));
}
