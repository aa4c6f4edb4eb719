// Writes JSON objects as XML by one generic rule: a name gets a capital first letter, a list is an element per item, what
// is null or absent is left out. It knows no names of the standard.
import { XMLBuilder } from 'fast-xml-parser';
import type { JsonObject, JsonValue } from '../../src/connector.js';

const builder = new XMLBuilder({ ignoreAttributes: true, processEntities: true, suppressEmptyNode: false });

/** A document with one root element. */
export function xmlDocument(root: string, content: JsonObject): string {
  return `<?xml version="1.0" encoding="utf-8"?>${builder.build({ [root]: elementsOf(content) })}`;
}

export const capitalized = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

function elementsOf(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(elementsOf);
  if (typeof value !== 'object' || value === null) return String(value);
  const present = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(
    present.map(([name, part]) => [capitalized(name), elementsOf(part as JsonValue)]),
  );
}

export interface MediaType {
  readonly name: string;
  readonly xml: boolean;
}

/** The first of `accept` that is offered, without a look at weights; the first offered when it names none of them. */
export function mediaTypeFor(accept: string, offered: readonly string[]): MediaType {
  const asked = accept.split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase());
  const name = asked.find((type) => offered.includes(type)) ?? offered[0] ?? 'application/json';
  return { name, xml: name.endsWith('/xml') };
}
