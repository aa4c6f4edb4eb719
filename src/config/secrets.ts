// Whether the secrets that connections refer to can be read: looked at before anything runs, all at once. A problem
// names the setting and the reference, and never what a secret holds, also not where one stands in place of a reference.
import type { Connector } from '../connector.js';
import { ConfigError, ERRORS, type Problem } from '../errors.js';
import { SECRET_REFERENCE } from '../settings.js';
import { connectionsInUse } from './in-use.js';
import { type LoadedConfig, readSecret } from './load.js';
import { queueSecrets } from './queue.js';
import { WEBHOOK_SECRETS } from './webhook-schema.js';

/** A setting of the queue, or of a connection in use, that refers to a secret. */
interface Referring {
  readonly path: string;
  readonly value: unknown;
}

/** Empty when all that a route needs can be read. A setting that is not set needs no secret. */
export function secretProblems(loaded: LoadedConfig, connectors: readonly Connector[]): Problem[] {
  return referring(loaded, connectors).flatMap(({ path, value }) => {
    const fault = faultOf(value, loaded);
    return fault === null ? [] : [{ ...fault, path }];
  });
}

/** `file:PATH` and `env:NAME` of every secret that the queue or a route needs. */
export function secretReferences(loaded: LoadedConfig, connectors: readonly Connector[]): string[] {
  return referring(loaded, connectors).flatMap(({ value }) =>
    typeof value === 'string' && SECRET_REFERENCE.test(value) ? [value] : [],
  );
}

function referring(loaded: LoadedConfig, connectors: readonly Connector[]): Referring[] {
  const { config } = loaded;
  const inUse = connectionsInUse(config);
  const ofConnections = Object.entries(config.connections).flatMap(
    ([connection, { connector, settings, webhook }]) => {
      const known = inUse.has(connection) ? connectors.find(({ name }) => name === connector) : undefined;
      const options = Object(known?.settingsSchema.parse(settings));
      const ofSettings = (known?.secrets ?? []).map((option) => {
        return { path: `connections.${connection}.settings.${option}`, value: valueAt(options, option) };
      });
      const ofWebhook = (inUse.has(connection) ? WEBHOOK_SECRETS : []).map((option) => {
        return { path: `connections.${connection}.webhook.${option}`, value: valueAt(webhook, option) };
      });
      return [...ofSettings, ...ofWebhook];
    },
  );
  const ofQueue = queueSecrets(loaded).map(([path, value]) => ({ path, value }));
  return [...ofQueue, ...ofConnections];
}

/** `auth.token` is the option `token` of the option `auth`. */
function valueAt(options: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => Object(value)[name], options);
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
