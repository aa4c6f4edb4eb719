// Bytes to a JSON value, safe for any input: what is too large, too deep, wrongly encoded or not well-formed is a coded
// problem. And back to a text that is the same for the same content, whatever order the sender wrote it in.
import type { JsonObject, JsonValue, Problem } from '../../src/connector.js';
import { isObject } from './rules.js';
import { DEFAULT_MAX_BYTES } from './xml-read.js';

/** A page of messages is 12 deep. */
const MAX_DEPTH = 64;
/** Objects, lists and what is in them. A page of 1000 messages has a fifth of it; keeps the memory within bounds. */
const MAX_NODES = 500_000;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING = new Set([...'[{'].map((char) => char.charCodeAt(0)));
const CLOSING = new Set([...']}'].map((char) => char.charCodeAt(0)));

export type JsonResult = { readonly value: JsonValue } | { readonly problem: Problem };

export function readJson(bytes: Uint8Array, maxBytes = DEFAULT_MAX_BYTES): JsonResult {
  if (bytes.byteLength > maxBytes) {
    return { problem: { code: 'XML_TOO_LARGE', path: 'file', detail: `More than ${maxBytes} bytes.` } };
  }
  const text = utf8(bytes);
  if (text === null) return { problem: { code: 'XML_ENCODING', path: 'file' } };
  const { depth, nodes } = shapeOf(text);
  if (depth > MAX_DEPTH) {
    return { problem: { code: 'XML_TOO_DEEP', path: 'file', detail: `More than ${MAX_DEPTH} levels.` } };
  }
  if (nodes > MAX_NODES) {
    return { problem: { code: 'XML_TOO_LARGE', path: 'file', detail: `More than ${MAX_NODES} values.` } };
  }
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    // The parser's own words quote the text, which holds values.
    return { problem: { code: 'JSON_NOT_WELL_FORMED', path: 'file' } };
  }
}

/** Names sorted, no white space, and nothing for null, which says as much as absent. */
export function stableText(value: JsonValue): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(
    (entry): entry is [string, JsonValue] => entry[1] !== null && entry[1] !== undefined,
  );
  const sorted = said.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, inner]) => [name, inOrder(inner)])) as JsonObject;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The deepest level of brackets and the number of values, outside of strings: before any parser sees the text. */
function shapeOf(text: string): { readonly depth: number; readonly nodes: number } {
  let [depth, deepest, nodes, inString] = [0, 0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === COMMA) nodes += 1;
    else if (OPENING.has(code)) {
      nodes += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (CLOSING.has(code)) depth -= 1;
  }
  return { depth: deepest, nodes };
}
