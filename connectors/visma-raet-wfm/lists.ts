// Reads the lists of the WFM API, page by page. A list is whole or an error.
import { jsonOf } from '../visma-raet/answers.js';
import { isNothing, type RaetClient } from '../visma-raet/client.js';
import { answerError } from '../visma-raet/errors.js';
import { type List, listUrl, nextUrl } from '../visma-raet/next-link.js';
import { pageSchema } from './schema.js';

export type ListName = 'SickLeaves' | 'Persons' | 'Employments' | 'JobProfiles';

export interface Listing {
  readonly items: readonly unknown[];
  /** False after a 404: there is nothing, or no right to it, or no such address; the API does not say which. */
  readonly found: boolean;
}

export interface Lists {
  /** The whole list, or the pages that `query` (with its `?`) leads to. */
  read(name: ListName, signal: AbortSignal, query?: string): Promise<Listing>;
}

/** The most that the description allows. */
const TAKE = 1000;
const MOST_PAGES = 2000;

export function createLists(baseUrl: string, client: RaetClient): Lists {
  /** Null when there is nothing. */
  async function page(name: ListName, url: string, call: { followed: boolean; signal: AbortSignal }) {
    const answer = await client.get(url, { what: name, ...call });
    if (isNothing(answer)) return null;
    const parsed = pageSchema.safeParse(jsonOf(answer));
    if (!parsed.success) throw answerError(`${name}: it is no list in JSON.`);
    return parsed.data;
  }

  return {
    async read(name, signal, first = `?Take=${TAKE}`) {
      const list = { baseUrl, name };
      const items: unknown[] = [];
      const asked = new Set<string>();
      let url: string | null = listUrl(list) + first;
      let followed = false;
      let last: string | undefined;
      while (url !== null) {
        if (asked.has(url)) throw answerError(`${name}: the link to the next page repeats itself.`);
        if (asked.size >= MOST_PAGES) throw answerError(`${name}: it has more than ${MOST_PAGES} pages.`);
        asked.add(url);
        const found = await page(name, url, { followed, signal });
        if (found === null && asked.size === 1) return { items, found: false };
        const content = JSON.stringify(found?.items[0]);
        // A server that knows no Skip shows the same page again.
        if (found === null || (!followed && asked.size > 1 && content === last)) break;
        for (const item of found.items) items.push(item);
        last = content;
        followed = found.nextLink !== null;
        url = found.nextLink === null ? skipTo(list, found.items, items) : nextUrl(list, found.nextLink);
      }
      return { items, found: true };
    },
  };
}

/** A full page without a link may still not be the last: the rest must not be taken for gone. */
function skipTo(list: List, page: readonly unknown[], all: readonly unknown[]): string | null {
  return page.length < TAKE ? null : `${listUrl(list)}?Take=${TAKE}&Skip=${all.length}`;
}
