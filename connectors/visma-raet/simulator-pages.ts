// Pages of a list as it was when the first one was asked: what is added meanwhile neither shifts nor repeats anything.
// The token of a next page is opaque and stays good for a while, so that a page can be asked again.
import type { Clock } from '../../src/connector.js';
import { Refused } from './simulator-failures.js';

export interface PageOptions {
  /** How long the token of a next page stays good. 60 when absent. */
  readonly pageTokenMinutes?: number;
}

/** What a test can have go oddly. */
export interface PageOddities {
  /** The next list is an empty page with a link to what it should have shown. */
  insertEmptyPage(): void;
  /** From now on every page that is reached by a link has that same link as its next one. */
  repeatLinks(): void;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The next page's token as it stands in a link, encoded already; null on the last page. */
  readonly next: string | null;
}

export interface Pages<T> {
  first(list: readonly T[], take: number): Page<T>;
  /** `token` is decoded as a form is. Refused with 400 when it is unknown or too old. */
  follow(token: string, take: number): Page<T>;
  readonly oddities: PageOddities;
}

interface Place<T> {
  readonly list: readonly T[];
  readonly offset: number;
  readonly link: string;
  readonly untilMs: number;
}

export function createPages<T>(options: PageOptions & { readonly clock: Clock }): Pages<T> {
  const { clock, pageTokenMinutes = 60 } = options;
  const validMs = pageTokenMinutes * 60_000;
  const places = new Map<string, Place<T>>();
  let given = 0;
  let emptyNext = false;
  let repeating = false;

  const linkTo = (list: readonly T[], offset: number): string => {
    for (const [token, { untilMs }] of places) if (untilMs <= clock.now()) places.delete(token);
    given += 1;
    // Decoded, or decoded and encoded again as part of a path, it is another text: it has to be followed as it is.
    const link = `Zm9v+${given}%2B${offset}/YmFy==`;
    places.set(decoded(link), { list, offset, link, untilMs: clock.now() + validMs });
    return link;
  };

  const cut = (list: readonly T[], offset: number, take: number): Page<T> => {
    if (emptyNext) {
      emptyNext = false;
      return { items: [], next: linkTo(list, offset) };
    }
    const end = offset + take;
    return { items: list.slice(offset, end), next: end < list.length ? linkTo(list, end) : null };
  };

  return {
    first: (list, take) => cut(list, 0, take),
    follow(token, take) {
      const place = places.get(token);
      if (!place || place.untilMs <= clock.now()) {
        throw new Refused('The token of the page is unknown or too old.', { status: 400 });
      }
      const page = cut(place.list, place.offset, take);
      return repeating ? { ...page, next: place.link } : page;
    },
    oddities: {
      insertEmptyPage() {
        emptyNext = true;
      },
      repeatLinks() {
        repeating = true;
      },
    },
  };
}

const decoded = (link: string): string => new URLSearchParams(`token=${link}`).get('token') ?? '';
