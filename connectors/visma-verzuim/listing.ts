// Lists of the interface, page after page. Pages are asked for by number: an address from an answer is never followed,
// since the token would go with it.
import type { z } from 'zod';
import { RetryableError, RouteError } from '../../src/connector.js';
import type { Client } from './client.js';

interface Page<Row> {
  readonly data: readonly Row[];
  readonly links?: { readonly next?: string | null | undefined } | null | undefined;
  readonly meta?:
    | { readonly total?: number | null | undefined; readonly totalPages?: number | null | undefined }
    | null
    | undefined;
}
export type ListShape<Row> = z.ZodType<Page<Row>>;

export interface Listed {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** 200 when absent. */
  readonly pageSize?: number;
  /** A row that is missed is missed for good: whatever could hide one is an error. */
  readonly gapless?: boolean;
}

/** Notes, section 2. */
export const MOST_PER_PAGE = 1000;
/** An employment seldom has more courses than this. */
const PAGE_SIZE = 200;
const MOST_PAGES = 100;

/**
 * What of a page was not on the pages before it: rows may shift between two pages and come twice. Of a gapless list it
 * throws RetryableError when a page comes again, or when rows went away meanwhile: one that moved up is then on no page.
 */
export async function* pagesOf<Row extends { readonly id: string }>(
  client: Client,
  { path, query, pageSize = PAGE_SIZE, gapless = false }: Listed,
  { shape, signal }: { shape: ListShape<Row>; signal: AbortSignal },
): AsyncGenerator<readonly Row[]> {
  const seen = new Set<string>();
  let most = 0;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const paging = { 'page[number]': String(number), 'page[size]': String(pageSize) };
    const page = await client.call({ method: 'GET', path, query: { ...query, ...paging } }, shape, signal);
    const total = page.meta?.total ?? most;
    if (gapless && total < most) throw new RetryableError(`GET ${path}: rows went away while it was read.`);
    most = total;
    const rows = page.data.filter(({ id }) => !seen.has(id));
    for (const { id } of rows) seen.add(id);
    yield rows;
    if (!hasNext(page, number, pageSize)) return;
    if (rows.length > 0) continue;
    if (gapless) throw new RetryableError(`GET ${path} gave the same page again.`);
    return;
  }
  throw new RouteError(`GET ${path} gave more than ${MOST_PAGES} pages.`);
}

/** All rows of a list. */
export function listing(client: Client, signal: AbortSignal) {
  return async <Row extends { readonly id: string }>(
    listed: Listed,
    shape: ListShape<Row>,
  ): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    for await (const page of pagesOf(client, listed, { shape, signal })) rows.push(...page);
    return rows;
  };
}

/** No part of the envelope but the rows is sure to be there. */
function hasNext({ data, links, meta }: Page<unknown>, number: number, pageSize: number): boolean {
  if (links?.next !== undefined) return links.next !== null;
  if (meta?.totalPages != null) return number < meta.totalPages;
  return data.length >= pageSize;
}
