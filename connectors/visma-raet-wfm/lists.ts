// Reads the lists of the WFM API, page by page. A list is whole or an error: a page without a link is the last only when
// nothing comes after its rows, for a server may give fewer rows at a time than it was asked for, and no link.
import { jsonOf } from '../visma-raet/answers.js';
import { isNothing, type RaetClient } from '../visma-raet/client.js';
import { answerError } from '../visma-raet/errors.js';
import { type List, listUrl, MOST_PAGES, nextUrl } from '../visma-raet/next-link.js';
import { createRows } from './rows.js';
import { pageSchema } from './schema.js';

export type ListName = 'SickLeaves' | 'Persons' | 'Employments' | 'JobProfiles';

export interface Listing {
  readonly items: readonly unknown[];
  /** False after a 404: there is nothing, or no right to it, or no such address; the API does not say which. */
  readonly found: boolean;
}

export interface Lists {
  /** The whole list. Throws SOURCE_ANSWER when it cannot be told whether it is whole. */
  read(name: ListName, signal: AbortSignal): Promise<Listing>;
  /** One call with `query` (and its `?`): false after a 404. */
  isThere(name: ListName, query: string, signal: AbortSignal): Promise<boolean>;
}

/** The most that the description allows. */
const TAKE = 1000;

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
    async read(name, signal) {
      const list = { baseUrl, name };
      const rows = createRows();
      const asked = new Set<string>();
      let url = `${listUrl(list)}?Take=${TAKE}`;
      for (let way: Way = 'first'; ; ) {
        if (asked.has(url)) throw answerError(`${name}: the link to the next page repeats itself.`);
        if (asked.size >= MOST_PAGES) throw answerError(`${name}: it has more than ${MOST_PAGES} pages.`);
        asked.add(url);
        const found = await page(name, url, { followed: way === 'link', signal });
        if (found === null) return { items: rows.all(), found: way !== 'first' };
        const isOver = way === 'skip' && rows.repeats(found.items);
        if (isOver && !rows.isPaged()) throw cannotTell(name, found.items.length);
        if (isOver) return { items: rows.all(), found: true };
        const fresh = rows.add(found.items, way);
        if (found.nextLink === null && fresh === 0) return { items: rows.all(), found: true };
        way = found.nextLink === null ? 'skip' : 'link';
        url = found.nextLink === null ? skipTo(list, rows.all().length) : nextUrl(list, found.nextLink);
      }
    },
    isThere: async (name, query, signal) =>
      (await page(name, listUrl({ baseUrl, name }) + query, { followed: false, signal })) !== null,
  };
}

/** How a page was come to. */
type Way = 'first' | 'link' | 'skip';

const skipTo = (list: List, rows: number): string => `${listUrl(list)}?Take=${TAKE}&Skip=${rows}`;

function cannotTell(name: ListName, rows: number) {
  return answerError(
    `${name}: the API gave ${rows} rows without a link to more, and the same rows again for Skip. Whether there are more cannot be told. Ask Visma how this list is paged.`,
  );
}
