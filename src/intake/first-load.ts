// Cursors are per connection, but a route may be added to a connection that was polled for long: as long as one of its
// routes has not had the whole of a source, the source is asked for everything. What other routes took in before is
// known again there, so that nothing is told twice; and when that load fails they go on from where they were.
import { type Clock, wallClock } from '../connector.js';
import type { Inlet } from '../route.js';
import type { Store, WriteTx } from '../store/types.js';

export interface Load {
  /** Null for everything. */
  readonly cursor: string | null;
  /** Where the connection stood while it is asked for everything; else null. A page without a cursor leaves it there. */
  readonly stored: string | null;
  /** Before a page is taken in; with the first one the day is noted for the routes that begin with it. */
  begin(): Promise<void>;
  /**
   * The poll came to its end without an error: all routes of the inlet have had everything. Where the connection stood
   * somewhere before, only a page that moves its cursor says so: a source may also end because it gave no answer.
   */
  complete(tx: WriteTx, hasMoved: boolean): Promise<void>;
}

interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly timeZone: string;
}

export async function openLoad(
  { connection, routes }: Inlet,
  { store, clock, timeZone }: Deps,
): Promise<Load> {
  const { cursor, lacks } = await store.read(async (tx) => {
    const loads = await Promise.all(routes.map(({ name }) => tx.firstLoads.get(name, connection)));
    const lacks = routes.filter((_, index) => (loads[index]?.completedAt ?? null) === null);
    return { cursor: await tx.operation.cursor(connection), lacks };
  });
  if (lacks.length === 0) return { cursor, stored: null, begin: async () => {}, complete: async () => {} };
  const start = async (tx: WriteTx) => {
    const { date } = wallClock(clock.now(), timeZone);
    for (const { name } of lacks) await tx.firstLoads.start(name, connection, date);
  };
  let begun = false;
  return {
    cursor: null,
    stored: cursor,
    async begin() {
      if (!begun) await store.write(start);
      begun = true;
    },
    async complete(tx, hasMoved) {
      if (cursor !== null && !hasMoved) return;
      // A source without a single page has been asked for everything all the same.
      await start(tx);
      for (const { name } of lacks) await tx.firstLoads.complete(name, connection, clock.now());
    },
  };
}
