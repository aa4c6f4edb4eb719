// The published schemas, read for tests: as validators (compiled once) and as plain structures to hold tables against.
// They lie beside the project, in ../shared/sivi; without them these tests fail, for they cannot prove anything.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { Element, Group } from '../../connectors/sivi/elements.js';
import type { SimpleType } from '../../connectors/sivi/types.js';

const SCHEMAS = resolve('../shared/sivi');

/** Text of `<release>/xsd/<name>.xsd`. */
export function schemaText(release: string, name: string): string {
  const path = join(SCHEMAS, release, 'xsd', `${name}.xsd`);
  if (!existsSync(path))
    throw new Error(`the published schema is missing: ../shared/sivi/${release}/xsd/${name}.xsd`);
  return readFileSync(path, 'utf8');
}

/** `<release>/<name>` of every schema between employers and arbodiensten, sorted. */
export function publishedMessages(): readonly string[] {
  const releases = readdirSync(SCHEMAS).filter((name) => existsSync(join(SCHEMAS, name, 'xsd')));
  const names = (release: string) => readdirSync(join(SCHEMAS, release, 'xsd'));
  return releases
    .flatMap((release) => names(release).map((name) => `${release}/${name.replace(/\.xsd$/, '')}`))
    .sort();
}

/** Gives the validator's first complaint about a message, or undefined when it is valid. */
export type Judge = (xml: string | Uint8Array) => string | undefined;

export function judge(release: string, name: string): { readonly complaint: Judge; dispose(): void } {
  const schema = XmlDocument.fromString(schemaText(release, name));
  const validator = XsdValidator.fromDoc(schema);
  schema.dispose();
  const complaint: Judge = (xml) => {
    const document = typeof xml === 'string' ? XmlDocument.fromString(xml) : XmlDocument.fromBuffer(xml);
    try {
      validator.validate(document);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'invalid';
    } finally {
      document.dispose();
    }
  };
  return { complaint, dispose: () => validator.dispose() };
}

/** An element as both sides can be written: its occurrence and either its value's facets or its children in order. */
export interface Shape {
  readonly tag: string;
  readonly min: number;
  readonly max: number;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Shape[];
}

export function shapeOfTable(element: Element): Shape {
  if (element.kind === 'field') {
    return { tag: element.tag, min: element.required ? 1 : 0, max: 1, value: facetsOfType(element.type) };
  }
  return shapeOfGroup(element);
}

function shapeOfGroup(group: Group): Shape {
  const { tag, min, max, children } = group;
  return { tag, min, max, children: children.map(shapeOfTable) };
}

/** Our own guards (no white space, at most 100 per cent) are left out: the schema does not have them. */
function facetsOfType(type: SimpleType): Readonly<Record<string, unknown>> {
  switch (type.kind) {
    case 'text':
      return text(type.minLength, type.maxLength, type.noDigits);
    case 'code':
      return { codes: type.codes };
    case 'integer':
      return { wholeNumber: type.digits };
    case 'decimal':
      return { twoDecimals: type.wholeDigits };
    case 'percentage':
      return { twoDecimals: 4 };
    default:
      return { plain: type.kind };
  }
}

function text(minLength: number, maxLength: number, noDigits: boolean) {
  return { minLength, maxLength, noDigits };
}

interface Node {
  readonly [key: string]: readonly Node[] | Readonly<Record<string, string>>;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
});

export function shapeOfSchema(release: string, name: string): Shape {
  const document: readonly Node[] = parser.parse(schemaText(release, name));
  const schema = children(document, 'schema')[0];
  const types = new Map(inside(schema, 'simpleType').map((type) => [attribute(type, 'name'), type]));
  const [root] = inside(schema, 'element');
  if (!root) throw new Error('the schema has no root element');
  return shape(root, types);
}

function shape(element: Node, types: ReadonlyMap<string | undefined, Node>): Shape {
  const occurs = {
    tag: attribute(element, 'name') ?? '',
    min: Number(attribute(element, 'minOccurs') ?? 1),
    max: Number(attribute(element, 'maxOccurs')?.replace('unbounded', 'Infinity') ?? 1),
  };
  const [complex] = inside(element, 'complexType');
  if (complex) {
    const [sequence] = inside(complex, 'sequence');
    return { ...occurs, children: inside(sequence, 'element').map((child) => shape(child, types)) };
  }
  const type = attribute(element, 'type') ?? '';
  const [own] = inside(element, 'simpleType');
  const simple = own ?? types.get(type.replace(/^str:/, ''));
  return { ...occurs, value: simple ? facets(simple) : { plain: type.replace('xsd:', '') } };
}

function facets(type: Node): Readonly<Record<string, unknown>> {
  const [restriction] = inside(type, 'restriction');
  const value = (facet: string) => inside(restriction, facet).map((node) => attribute(node, 'value') ?? '');
  const [pattern] = value('pattern');
  const codes = value('enumeration');
  if (codes.length > 0) return { codes };
  switch (attribute(restriction, 'base')) {
    case 'xsd:nonNegativeInteger':
      return { wholeNumber: Number(value('totalDigits')[0]) };
    case 'xsd:decimal':
      return { twoDecimals: Number(/^\[0-9\]\{1,(\d)\}\[\.\]\[0-9\]\{2\}$/.exec(pattern ?? '')?.[1]) };
    case 'xsd:string': {
      const [length] = value('length');
      const most = Number(length ?? value('maxLength')[0] ?? Number.POSITIVE_INFINITY);
      return text(Number(length ?? value('minLength')[0] ?? 0), most, pattern === '\\D*');
    }
    default:
      throw new Error('a base type that this reader does not know');
  }
}

function children(nodes: readonly Node[], name: string): readonly Node[] {
  return nodes.filter((node) => `xsd:${name}` in node);
}

function inside(node: Node | undefined, name: string): readonly Node[] {
  const tag = Object.keys(node ?? {}).find((key) => key !== ':@');
  return tag === undefined ? [] : children(node?.[tag] as readonly Node[], name);
}

function attribute(node: Node | undefined, name: string): string | undefined {
  return (node?.[':@'] as Readonly<Record<string, string>> | undefined)?.[name];
}
