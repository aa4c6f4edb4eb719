// A look that claims what is due itself, connection by connection: all that the embedded dispatcher does, and what any
// other does while the way it is woken by is not there.
import type { Clock } from '../connector.js';
import type { Store } from '../store/types.js';
import { claimAt } from './claim-at.js';
import type { TargetConnection } from './connections.js';
import type { Flights } from './flights.js';
import type { Look } from './loop.js';
import { createStarts, type Starts } from './pace.js';
import { probeAtOf } from './rest.js';

export interface DirectDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly flights: Flights;
  readonly connections: readonly TargetConnection[];
  /** See claimAt. */
  readonly probeMs: number;
  readonly isStopping: () => boolean;
}

/** Looks at all connections, or at some of them. */
export type DirectLook = (at?: readonly TargetConnection[]) => Promise<Look>;

export function createDirectLook(deps: DirectDeps): DirectLook {
  const { store, clock, flights, connections, probeMs, isStopping } = deps;
  const starts = new Map<string, Starts>(connections.map(({ name }) => [name, createStarts(clock)]));

  async function claimFor(connection: TargetConnection, own: Starts): Promise<number> {
    const { target, routes } = connection;
    const room = Math.min(target.concurrency - flights.countOf(routes), own.room(target.pace));
    const at = clock.now();
    const claimed = await store.write((tx) => claimAt(tx, connection, { room, at, probeMs }));
    own.began(claimed.length);
    // At once: an error at the next connection must not leave these claimed with nobody to deliver them.
    for (const delivery of claimed) void flights.launch(delivery);
    return claimed.length;
  }

  return async (looked = connections) => {
    const states = await store.read((tx) => tx.operation.pausedRoutes());
    const idleRoutes: string[] = [];
    let nextAt = Number.POSITIVE_INFINITY;
    let total = 0;
    for (const connection of looked) {
      const { name, target, routes } = connection;
      const own = starts.get(name) ?? createStarts(clock);
      const probeAt = probeAtOf(states, routes);
      if (probeAt !== null && probeAt > clock.now()) {
        nextAt = Math.min(nextAt, probeAt);
        continue;
      }
      if (isStopping() || flights.countOf(routes) >= target.concurrency) continue;
      if (target.pace && own.room(target.pace) === 0) {
        nextAt = Math.min(nextAt, own.nextAt(target.pace));
        continue;
      }
      const claimed = await claimFor(connection, own);
      total += claimed;
      if (claimed === 0) idleRoutes.push(...routes);
    }
    return { busy: total > 0, again: total > 0, idleRoutes, nextAt };
  };
}
