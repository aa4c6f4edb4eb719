// Bytes to a tree of elements, in order, with namespaces resolved and every value text. Safe for any input: what is not
// well-formed, too large, too deep, wrongly encoded or declares a document type is a coded problem with a place.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Problem } from '../../src/connector.js';
import { scan } from './xml-scan.js';
import { textOf } from './xml-text.js';

export const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string;
  /** Empty when the element is in no namespace, `undeclared` when its prefix stands for nothing. */
  readonly namespace: string;
  readonly elements: readonly XmlElement[];
  /** All text directly in the element, references decoded once. */
  readonly text: string;
  /** Attributes, other than namespaces and those of XML Schema instances. */
  readonly attributes: readonly string[];
}

/** `text` is what was read, without XML declaration and processing instructions. */
export type XmlResult = { readonly root: XmlElement; readonly text: string } | { readonly problem: Problem };

export function readXml(bytes: Uint8Array, maxBytes = DEFAULT_MAX_BYTES): XmlResult {
  if (bytes.byteLength > maxBytes) {
    return { problem: { code: 'XML_TOO_LARGE', path: 'file', detail: `More than ${maxBytes} bytes.` } };
  }
  const decoded = textOf(bytes);
  if ('problem' in decoded) return decoded;
  const { text } = decoded;
  if (text.trim() === '') return { problem: { code: 'XML_EMPTY', path: 'file' } };
  const scanned = scan(text);
  if (scanned.problem) return { problem: scanned.problem };
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    return notWellFormed(`line ${valid.err.line}, column ${valid.err.col ?? 1}`);
  }
  return parsed(scanned.text);
}

/** White space between two tags says nothing here, and is a third of what the parser would have to keep. */
function withoutIndents(text: string): string {
  // In a comment or a CDATA section the same characters may be text.
  return text.includes('<!') ? text : text.replace(/>[ \t\r\n]+</g, '><');
}

/** What the parser makes of an element: one key with the tag, and `:@` with the attributes. */
interface Node {
  readonly [key: string]: readonly Node[] | Readonly<Record<string, string>> | string;
}

const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const UNDECLARED = 'undeclared';

/** Names that the parser refuses to make into object keys: they are only unknown elements. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);
const unreserved = (name: string) => (RESERVED.has(name) ? `${name}.` : name);

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: CDATA,
  jPath: false,
  transformTagName: unreserved,
  transformAttributeName: unreserved,
});

function parsed(text: string): XmlResult {
  try {
    const nodes: readonly Node[] = parser.parse(withoutIndents(text));
    const root = nodes.find((node) => tagOf(node) !== TEXT);
    if (root) return { root: element(root, ROOT_SCOPE), text };
  } catch {
    // The scan and the validator have seen all that we know of; the parser's own words may hold values.
  }
  return notWellFormed('file');
}

function notWellFormed(path: string): XmlResult {
  return { problem: { code: 'XML_NOT_WELL_FORMED', path } };
}

/** Prefix to namespace; an inner scope looks the rest up in the outer one. */
type Scope = Record<string, string>;
const ROOT_SCOPE = scopeIn(null);
ROOT_SCOPE[''] = '';
ROOT_SCOPE.xml = 'http://www.w3.org/XML/1998/namespace';
const NONE: readonly never[] = [];

function element(node: Node, outer: Scope): XmlElement {
  const tag = tagOf(node);
  const declared = node[ATTRIBUTES] as Readonly<Record<string, string>> | undefined;
  const scope = declared ? scopeWith(declared, outer) : outer;
  const colon = tag.indexOf(':');
  const elements: XmlElement[] = [];
  let text = '';
  for (const child of node[tag] as readonly Node[]) {
    const piece = child[TEXT];
    if (piece !== undefined) text += decodedReferences(piece as string);
    else if (child[CDATA] !== undefined) text += cdataOf(child);
    else elements.push(element(child, scope));
  }
  return {
    name: colon < 0 ? tag : tag.slice(colon + 1),
    namespace: scope[colon < 0 ? '' : tag.slice(0, colon)] ?? UNDECLARED,
    elements,
    text,
    attributes: declared ? foreignAttributes(declared, scope) : NONE,
  };
}

function tagOf(node: Node): string {
  for (const key in node) if (key !== ATTRIBUTES) return key;
  return TEXT;
}

function cdataOf(node: Node): string {
  const [inner] = node[CDATA] as readonly Node[];
  return (inner?.[TEXT] ?? '') as string;
}

function scopeWith(attributes: Readonly<Record<string, string>>, outer: Scope): Scope {
  const scope = scopeIn(outer);
  for (const name in attributes) {
    if (name === 'xmlns') scope[''] = decodedReferences(attributes[name] ?? '');
    else if (name.startsWith('xmlns:')) scope[name.slice(6)] = decodedReferences(attributes[name] ?? '');
  }
  return scope;
}

function scopeIn(outer: Scope | null): Scope {
  return Object.create(outer) as Scope;
}

function foreignAttributes(attributes: Readonly<Record<string, string>>, scope: Scope): readonly string[] {
  return Object.keys(attributes).filter((name) => {
    if (name === 'xmlns' || name.startsWith('xmlns:')) return false;
    const colon = name.indexOf(':');
    return colon < 0 || scope[name.slice(0, colon)] !== SCHEMA_INSTANCE;
  });
}

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([\da-fA-F]+));/g;
const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five predefined entities and characters by number; the scan has seen that there are no others. */
function decodedReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_whole, name?: string, decimal?: string, hexadecimal?: string) => {
    if (name !== undefined) return PREDEFINED[name] ?? '';
    return String.fromCodePoint(
      decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal ?? '0', 16),
    );
  });
}
