// The dispatcher of the single machine: a loop in this process that claims what is due, and nothing else.
import type { Clock, Log } from '../connector.js';
import type { Route } from '../route.js';
import type { Store } from '../store/types.js';
import { targetConnections } from './connections.js';
import { createDirectLook } from './direct-look.js';
import type { Dispatcher } from './dispatcher.js';
import { createFlights } from './flights.js';
import { createLoop, type Loop } from './loop.js';
import type { Runner } from './runner.js';

export interface EmbeddedDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly routes: ReadonlyMap<string, Route>;
  readonly runner: Runner;
}

export function createEmbeddedDispatcher({ store, clock, log, routes, runner }: EmbeddedDeps): Dispatcher {
  let stopping = false;
  const flights = createFlights({ clock, log, runner, onLanded: () => loop.wake() });
  const connections = targetConnections(routes);
  const probeMs = runner.longestMs;
  const look = createDirectLook({ store, clock, flights, connections, probeMs, isStopping: () => stopping });
  const loop: Loop = createLoop({ store, clock, log, flights, look, routes: [...routes.keys()] });
  return {
    ...loop,
    ready: async () => {},
    stop(deadlineMs) {
      stopping = true;
      return loop.stop(deadlineMs);
    },
  };
}
