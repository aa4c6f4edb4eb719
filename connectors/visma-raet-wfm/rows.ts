// The rows of one list as its pages come in: what was read, and whether a page brings something or repeats the list
// from its beginning. A few rows may come twice, since a list shifts when one is added while it is read.

export interface Rows {
  /** How many of them are new. */
  add(page: readonly unknown[], way: 'first' | 'link' | 'skip'): number;
  /** Whether the page shows the beginning of the list again, or its end: more known rows than half of a first page. */
  repeats(page: readonly unknown[]): boolean;
  /** Whether this server has shown that it gives a list in pages: by a link, or by going on after a `Skip`. */
  isPaged(): boolean;
  /** In their order, also those that came twice. */
  all(): readonly unknown[];
}

export function createRows(): Rows {
  const rows: unknown[] = [];
  const known = new Set<string>();
  let firstLength = 0;
  let paged = false;
  const isKnown = (row: unknown): boolean => known.has(keyOf(row));
  return {
    add(page, way) {
      const fresh = page.filter((row) => !isKnown(row)).length;
      if (firstLength === 0) firstLength = page.length;
      if (way === 'link' || (way === 'skip' && fresh > 0)) paged = true;
      for (const row of page) {
        rows.push(row);
        known.add(keyOf(row));
      }
      return fresh;
    },
    repeats: (page) => page.length > 0 && page.filter(isKnown).length > firstLength / 2,
    isPaged: () => paged,
    all: () => rows,
  };
}

/** By its id: the rest of a row may change while the list is read. */
function keyOf(row: unknown): string {
  const id = (row as { readonly id?: unknown } | null)?.id;
  return typeof id === 'string' || typeof id === 'number' ? `id ${id}` : JSON.stringify(row);
}
