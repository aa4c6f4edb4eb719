// Values of a query as the published descriptions type them. What cannot be read is refused with 400.
import { Refused } from './simulator-failures.js';

/** Decoded as a form is: what stood twice is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export function textOf(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : value?.[0];
}

export function wholeNumberOf(query: Query, name: string, [least, most]: readonly [number, number]) {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Refused(`${name} is not a whole number from ${least} to ${most}.`, { status: 400 });
}

/**
 * In ms. `2020-08-21T00:00:00.000Z`, the same without its `Z` (read as UTC) and `20210402` all stand in the documentation
 * of the SIVI API.
 */
export function instantOf(query: Query, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  const written = year ? `${year}-${month}-${day}T00:00:00` : text;
  const instant = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(written) ? written : `${written}Z`);
  if (!Number.isNaN(instant)) return instant;
  throw new Refused(`${name} is not a date and time.`, { status: 400 });
}
