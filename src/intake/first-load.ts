// Cursors are per connection, but a route may be added to a connection that was polled for long: as long as one of its
// routes has not had the whole of a source, the source is asked for everything. What other routes took in before is
// known again there, so that nothing is told twice.
import { type Clock, wallClock } from '../connector.js';
import type { Inlet } from '../route.js';
import type { Store, WriteTx } from '../store/types.js';

export interface Load {
  /** Null for everything. */
  readonly cursor: string | null;
  /** Before a page is taken in; with the first one the day is noted for the routes that begin with it. */
  begin(): Promise<void>;
  /** The poll came to its end without an error: all routes of the inlet have had everything. */
  complete(tx: WriteTx): Promise<void>;
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
  if (lacks.length === 0) return { cursor, begin: async () => {}, complete: async () => {} };
  const start = async (tx: WriteTx) => {
    const { date } = wallClock(clock.now(), timeZone);
    for (const { name } of lacks) await tx.firstLoads.start(name, connection, date);
  };
  let begun = false;
  return {
    cursor: null,
    async begin() {
      if (!begun) await store.write(start);
      begun = true;
    },
    async complete(tx) {
      // A source without a single page has been asked for everything all the same.
      await start(tx);
      for (const { name } of lacks) await tx.firstLoads.complete(name, connection, clock.now());
    },
  };
}
