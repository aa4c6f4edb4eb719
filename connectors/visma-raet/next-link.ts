// Where the next page is. Links are relative to the API's address, as the vendor's sample takes them (domain notes on Visma
// Raet, section 3), but the documented addresses differ in how much of the path they hold. So of a link to the list
// itself the query is taken, character by character, and added to the address that works.
import { RouteError } from '../../src/connector.js';

export interface List {
  readonly baseUrl: string;
  /** As it follows in the address. */
  readonly name: string;
}

/** Of one list, in one poll: beyond that its links are taken to lead nowhere. */
export const MOST_PAGES = 2000;

export function listUrl({ baseUrl, name }: List): string {
  return `${baseUrl}/${name}`;
}

/**
 * Always on the host of `baseUrl`, for our token goes with every call: of a link to the list at another host the query is
 * taken, too. Throws RouteError for any other link that leads away, or that is none.
 */
export function nextUrl(list: List, link: string): string {
  const url = followed(list, link);
  const isReadable = !/[\s\\]/.test(link) && URL.canParse(url);
  if (isReadable && new URL(url).origin === new URL(list.baseUrl).origin) return url;
  throw new RouteError(
    'The next page has an address that is not of the API, and was not followed. Ask Visma what it means.',
  );
}

function followed(list: List, link: string): string {
  const mark = link.indexOf('?');
  const path = mark < 0 ? link : link.slice(0, mark);
  const isList = path === '' || path.split('/').at(-1)?.toLowerCase() === list.name.toLowerCase();
  if (mark >= 0 && isList) return listUrl(list) + link.slice(mark);
  if (link.startsWith('//')) return new URL(list.baseUrl).protocol + link;
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return link;
  return `${list.baseUrl}/${link.replace(/^\/+/, '')}`;
}
