// A mapping file as a small tree in which every value knows its place, so that each error can name file and line.
// Text and its positions come from the YAML library; an override out of the configuration has a name for a place.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from '../errors.js';

/** `line` is 0 where there is no file, as for an override of a route. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export type Scalar = string | number | boolean | null;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: Scalar;
}
export interface LocatedList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Located[];
}
export interface Entry {
  readonly key: string;
  readonly place: Place;
  readonly value: Located;
}
export interface LocatedMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: readonly Entry[];
}
export type Located = LocatedScalar | LocatedList | LocatedMap;

/** Collects what is wrong, so that all of it is told at once. */
export type Report = (place: Place, detail: string) => void;

export function reporter(problems: Problem[]): Report {
  return (place, detail) => problems.push({ code: 'MAPPING_FILE', path: placeText(place), detail });
}

export function placeText(place: Place): string {
  return place.line > 0 ? `${place.file}:${place.line}` : place.file;
}

/** The tree of a YAML text, or undefined when it is no YAML; what is wrong goes to `report`. */
export function readYaml(text: string, file: string, report: Report): Located | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number | undefined): Place => {
    return { file, line: Math.max(1, lines.linePos(offset ?? 0).line) };
  };
  for (const error of document.errors) report(placeOf(error.pos[0]), error.message);
  if (document.errors.length > 0) return undefined;

  const locate = (node: unknown): Located => {
    const found = isAlias(node) ? node.resolve(document) : node;
    const place = placeOf((found as Node | null)?.range?.[0]);
    if (isSeq(found)) return { kind: 'list', place, items: found.items.map(locate) };
    if (!isMap(found))
      return { kind: 'scalar', place, value: isScalar(found) ? (found.value as Scalar) : null };
    const entries = found.items.map((pair): Entry => {
      const key = isScalar(pair.key) ? pair.key : undefined;
      const keyPlace = placeOf(key?.range?.[0]);
      if (typeof key?.value !== 'string') report(keyPlace, 'A name must be text: put a code in quotes.');
      return { key: String(key?.value), place: keyPlace, value: locate(pair.value) };
    });
    return { kind: 'map', place, entries };
  };
  return locate(document.contents);
}

/** The tree of a plain value, all of it at one place. */
export function locateValue(value: unknown, place: Place): Located {
  if (Array.isArray(value))
    return { kind: 'list', place, items: value.map((item) => locateValue(item, place)) };
  if (value === null || typeof value !== 'object') return { kind: 'scalar', place, value: value as Scalar };
  const entries = Object.entries(value).map(([key, inner]) => ({
    key,
    place,
    value: locateValue(inner, place),
  }));
  return { kind: 'map', place, entries };
}

/** The plain value of a tree. */
export function plainValue(located: Located): unknown {
  if (located.kind === 'scalar') return located.value;
  if (located.kind === 'list') return located.items.map(plainValue);
  return Object.fromEntries(located.entries.map(({ key, value }) => [key, plainValue(value)]));
}

export function entryOf(map: LocatedMap, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key);
}
