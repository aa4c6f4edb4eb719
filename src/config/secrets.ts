// Whether the secrets that connections refer to can be read: looked at before anything runs, all at once. A problem
// names the setting and the reference, and never what a secret holds, also not where one stands in place of a reference.
import type { Connector } from '../connector.js';
import { ConfigError, ERRORS, type Problem } from '../errors.js';
import { SECRET_REFERENCE } from '../settings.js';
import { connectionsInUse } from './in-use.js';
import { type LoadedConfig, readSecret } from './load.js';
import { queueSecrets } from './queue.js';

/** Empty when all that a route needs can be read. A setting that is not set needs no secret. */
export function secretProblems(loaded: LoadedConfig, connectors: readonly Connector[]): Problem[] {
  const queue = queueSecrets(loaded).flatMap(([path, reference]) => {
    const fault = faultOf(reference, loaded);
    return fault === null ? [] : [{ ...fault, path }];
  });
  const inUse = connectionsInUse(loaded.config);
  const connections = Object.entries(loaded.config.connections).flatMap(
    ([connection, { connector, settings }]) => {
      if (!inUse.has(connection)) return [];
      const known = connectors.find(({ name }) => name === connector);
      const options = Object(known?.settingsSchema.parse(settings));
      return (known?.secrets ?? []).flatMap((option) => {
        const fault = faultOf(options[option], loaded);
        if (fault === null) return [];
        return [{ ...fault, path: `connections.${connection}.settings.${option}` }];
      });
    },
  );
  return [...queue, ...connections];
}

function faultOf(value: unknown, { resolvePath }: LoadedConfig): Omit<Problem, 'path'> | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !SECRET_REFERENCE.test(value)) {
    return { code: 'CONFIG_INVALID', detail: 'must be env:NAME or file:PATH, not the secret itself.' };
  }
  try {
    readSecret(value, resolvePath);
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { code: 'SECRET_MISSING', detail: `${value} cannot be read. ${ERRORS.SECRET_MISSING.act}` };
  }
}
