// GET of a list: filters (all must hold), sorting, includes and paging, the same for every kind of row. An unknown parameter
// is refused; whether the real system does that is not documented.
import type { JsonObject } from '../../../src/connector.js';
import { listed, type Page } from './envelopes.js';
import { Refusal, refuse, VALIDATION_CODE } from './refusal.js';
import { createWants, type Wants } from './relations.js';
import type { World } from './rows.js';

const MAX_PAGE_SIZE = 1000;
const DEFAULT_PAGE_SIZE = 25;

export type Query = Readonly<Record<string, string>>;

export interface Listing<R> {
  readonly path: string;
  readonly rows: (world: World) => Iterable<R>;
  /** By the name between the brackets of `filter[...]`. */
  readonly filters: Readonly<Record<string, (row: R, value: string, world: World) => boolean>>;
  readonly sorts: Readonly<Record<string, (row: R, world: World) => string>>;
  readonly includes: readonly string[];
  readonly show: (world: World, row: R, wants: Wants) => JsonObject;
}

export function list<R>(world: World, listing: Listing<R>, query: Query, baseUrl: string): JsonObject {
  const wants = createWants(query.include, listing.includes, world.rules);
  const page = readPage(query);
  const rows = sorted(world, listing, filtered(world, listing, query), query.sort);
  const start = (page.number - 1) * page.size;
  const shown = rows.slice(start, start + page.size).map((row) => listing.show(world, row, wants));
  return listed(shown, page, { total: rows.length, address: addressOf(`${baseUrl}${listing.path}`, query) });
}

function filtered<R>(world: World, { rows, filters }: Listing<R>, query: Query): readonly R[] {
  const tests = Object.entries(query).flatMap(([name, value]) => {
    if (['include', 'sort', 'page[number]', 'page[size]'].includes(name)) return [];
    const filter = filters[/^filter\[(\w+)\]$/.exec(name)?.[1] ?? ''];
    if (!filter) throw new Refusal(400, VALIDATION_CODE, ['unknown parameter']);
    return [(row: R) => filter(row, value, world)];
  });
  return [...rows(world)].filter((row) => tests.every((test) => test(row)));
}

function sorted<R>(
  world: World,
  { sorts }: Listing<R>,
  rows: readonly R[],
  sort: string | undefined,
): readonly R[] {
  if (sort === undefined) return rows;
  const by = sorts[sort.replace(/^-/, '')];
  if (!by) return refuse(VALIDATION_CODE, 'sort: unknown name');
  const sign = sort.startsWith('-') ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [by(one, world), by(other, world)];
    return a === b ? 0 : a < b ? -sign : sign;
  });
}

function readPage(query: Query): Page {
  const number = Number(query['page[number]'] ?? 1);
  const size = Number(query['page[size]'] ?? DEFAULT_PAGE_SIZE);
  if (!Number.isInteger(number) || number < 1) refuse(VALIDATION_CODE, 'page[number]: not a page');
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE)
    refuse(VALIDATION_CODE, 'page[size]: out of range');
  return { number, size };
}

/** The published examples hold raw brackets. */
function addressOf(path: string, query: Query): string {
  const kept = Object.entries(query).filter(([name]) => !name.startsWith('page['));
  const text = kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return text === '' ? path : `${path}?${text}`;
}
