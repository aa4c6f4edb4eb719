// Which connections a route uses. The others may stand in the file, as they do in config.example.yaml, without their
// secrets and without anybody asking them.
import type { Config } from './schema.js';

export function connectionsInUse({ routes }: Pick<Config, 'routes'>): ReadonlySet<string> {
  return new Set(routes.flatMap(({ from, to }) => [from, to]));
}
