// The connections that deliveries go to, each with the routes that end there: what is limited, paced and rested is a
// connection, for one system stands behind all of its routes.
import type { Target } from '../connector.js';
import type { Route } from '../route.js';

export interface TargetConnection {
  readonly name: string;
  readonly target: Target;
  readonly routes: readonly string[];
}

/** In the order of the routes. */
export function targetConnections(routes: ReadonlyMap<string, Route>): TargetConnection[] {
  const found = new Map<string, TargetConnection>();
  for (const { name, to, target } of routes.values()) {
    const before = found.get(to)?.routes ?? [];
    found.set(to, { name: to, target, routes: [...before, name] });
  }
  return [...found.values()];
}

export function routesTo(routes: ReadonlyMap<string, Route>, connection: string): string[] {
  return [...routes.values()].filter(({ to }) => to === connection).map(({ name }) => name);
}
