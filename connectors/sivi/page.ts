// A page of the API of Visma Raet: an envelope with whole messages in it and the way to the next page. What is not such
// an envelope is a problem, never an empty page: taken for empty, its messages would be lost without a word.
// Source: domain notes on Visma Raet, section 3 (envelopes) and 3.1 (the message reference).
import type { JsonValue, Problem } from '../../src/connector.js';
import { readJson, stableText } from './json-read.js';
import { isObject } from './rules.js';
import type { XmlElement } from './xml-read.js';
import { readXml } from './xml-read.js';
import { slicesBelow } from './xml-slices.js';

export interface PageMessage {
  /** The message's own reference, or its place: `page item 3`. */
  readonly reference: string;
  /** The same for the same message, however often it is asked for. */
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export type Page =
  | { readonly messages: readonly PageMessage[]; readonly nextLink: string | null }
  | { readonly problem: Problem };

const XML = 'application/xml';
const JSON_TYPE = 'application/json';
const NO_ENVELOPE: Page = { problem: { code: 'SIVI_UNKNOWN_MESSAGE', path: 'page' } };

/** Reads by the content type; where that names neither format and no web page, by the first character. */
export function splitPage(
  bytes: Uint8Array,
  contentType: string,
  limits: { readonly maxBytes?: number } = {},
): Page {
  const format = formatOf(bytes, contentType.toLowerCase());
  if (format === 'xml') return splitXml(bytes, limits.maxBytes);
  if (format === 'json') return splitJson(bytes, limits.maxBytes);
  return NO_ENVELOPE;
}

function formatOf(bytes: Uint8Array, contentType: string): 'xml' | 'json' | null {
  if (contentType.includes('html')) return null;
  if (contentType.includes('json')) return 'json';
  if (contentType.includes('xml')) return 'xml';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).replace(/^ï»¿/, '').trimStart();
  if (start.startsWith('{')) return 'json';
  return start === '' ? null : 'xml';
}

const MESSAGE = 'Verzuimmeldingen';
const VALUE_PATH = ['Messages', 'Value'] as const;

/** `/Messages/Value/<messages>` and `/Messages/NextLink`, in any namespace or none; or one message by itself. */
function splitXml(bytes: Uint8Array, maxBytes: number | undefined): Page {
  const read = readXml(bytes, maxBytes);
  if ('problem' in read) return read;
  const { root, text } = read;
  if (root.name === MESSAGE) return xmlPage([root], slicesBelow(text, []), null);
  if (root.name !== VALUE_PATH[0]) return NO_ENVELOPE;
  const named = (name: string) => root.elements.filter((element) => element.name === name);
  const [values, links] = [named(VALUE_PATH[1]), named('NextLink')];
  // An envelope without a list may be empty; one with something else in place of the list is not known to be.
  const strange = values.length === 0 && (root.elements.length > links.length || root.text.trim() !== '');
  if (strange || values.some((value) => value.text.trim() !== '')) return NO_ENVELOPE;
  const items = values.flatMap((value) => value.elements);
  const nextLink = links.map((link) => link.text.trim()).find((link) => link !== '') ?? null;
  return xmlPage(items, slicesBelow(text, VALUE_PATH), nextLink);
}

function xmlPage(items: readonly XmlElement[], slices: readonly string[], nextLink: string | null): Page {
  const inside = (element: XmlElement | undefined, name: string) =>
    element?.elements.find((child) => child.name === name);
  const messages = slices.map((slice, index) => {
    const reference = inside(inside(items[index], 'BrAlg'), 'Berrefnr')?.text;
    return message(reference, { index, text: slice, contentType: XML });
  });
  return items.length === slices.length ? { messages, nextLink } : NO_ENVELOPE;
}

/** `{ value: [...], nextLink }`, or one message by itself. */
function splitJson(bytes: Uint8Array, maxBytes: number | undefined): Page {
  const read = readJson(bytes, maxBytes);
  if ('problem' in read) return read;
  const page = read.value;
  if (!isObject(page)) return NO_ENVELOPE;
  if (isObject(page.brAlg) || isObject(page.wrkgvr)) return jsonPage([page], null);
  const { value = null, nextLink = null } = page;
  if (!('value' in page) && nextLink === null) return NO_ENVELOPE;
  if (value !== null && !Array.isArray(value)) return NO_ENVELOPE;
  if (nextLink !== null && typeof nextLink !== 'string') return NO_ENVELOPE;
  return jsonPage(value ?? [], nextLink?.trim() || null);
}

function jsonPage(items: readonly JsonValue[], nextLink: string | null): Page {
  const messages = items.map((item, index) => {
    const header = isObject(item) && isObject(item.brAlg) ? item.brAlg : {};
    return message(header.berrefnr, { index, text: stableText(item), contentType: JSON_TYPE });
  });
  return { messages, nextLink };
}

interface Found {
  readonly index: number;
  readonly text: string;
  readonly contentType: string;
}

/** A reference is shown to people: what does not look like one is not shown. */
const REFERENCE = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

function message(reference: JsonValue | undefined, { index, text, contentType }: Found): PageMessage {
  const own = typeof reference === 'string' ? reference.trim() : '';
  return {
    reference: REFERENCE.test(own) ? own : `page item ${index + 1}`,
    bytes: new TextEncoder().encode(text),
    contentType,
  };
}
