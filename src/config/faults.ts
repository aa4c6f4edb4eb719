// What is wrong with a configuration, all of it at once: the schema's complaints, those of the connectors about their
// settings, and names that lead nowhere. Works on the raw document, so that one mistake does not hide the others.
import { validate as isCronExpression } from 'node-cron';
import type { z } from 'zod';
import type { Connector } from '../connector.js';
import { didYouMean } from '../suggest.js';
import { optionNames } from './option-names.js';
import { configSchema } from './schema.js';

export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

type Raw = Readonly<Record<string, unknown>>;

export function faultsOf(raw: unknown, connectors: readonly Connector[]): Fault[] {
  const parsed = configSchema.safeParse(raw);
  const document = recordOf(raw);
  const known = [configSchema, ...connectors.map(({ settingsSchema }) => settingsSchema)].flatMap(
    optionNames,
  );
  return [
    ...(parsed.success ? [] : schemaFaults(parsed.error, [], known)),
    ...connectionFaults(recordOf(document.connections), connectors, known),
    ...routeFaults(document, connectors),
  ];
}

function recordOf(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function connectionFaults(
  connections: Raw,
  connectors: readonly Connector[],
  known: readonly string[],
): Fault[] {
  const names = connectors.map(({ name }) => name);
  return Object.entries(connections).flatMap(([name, connection]) => {
    const path = ['connections', name];
    const { connector, settings = {}, webhook } = recordOf(connection);
    if (typeof connector !== 'string') return [];
    const chosen = connectors.find((candidate) => candidate.name === connector);
    if (!chosen) {
      const detail = `is not a known connector (${names.join(', ')}).${didYouMean(connector, names)}`;
      return [{ path: [...path, 'connector'], detail }];
    }
    const parsed = chosen.settingsSchema.safeParse(settings);
    return [
      ...(parsed.success ? [] : schemaFaults(parsed.error, [...path, 'settings'], known)),
      ...webhookFaults(webhook, chosen, [...path, 'webhook', 'hint']),
    ];
  });
}

/** Whether messages or only hints are pushed goes with the connector. */
function webhookFaults(webhook: unknown, { pushed = false }: Connector, path: Fault['path']): Fault[] {
  if (webhook === undefined || (recordOf(webhook).hint === true) !== pushed) return [];
  const detail = pushed
    ? 'has no use: what this connection takes in is pushed to it.'
    : 'must be true: this connection is polled, and takes in nothing that is pushed.';
  return [{ path, detail }];
}

function routeFaults(document: Raw, connectors: readonly Connector[]): Fault[] {
  const routes: readonly unknown[] = Array.isArray(document.routes) ? document.routes : [];
  const connections = recordOf(document.connections);
  const connectorOf = (name: string) =>
    connectors.find((known) => known.name === recordOf(connections[name]).connector);
  return routes.flatMap((entry, index) => {
    const route = recordOf(entry);
    const fault = (option: string, detail: string): Fault => ({ path: ['routes', index, option], detail });
    const found: Fault[] = [];
    for (const [end, side, use] of [
      ['from', 'in', 'read from'],
      ['to', 'out', 'written to'],
    ] as const) {
      const name = route[end];
      if (typeof name !== 'string') continue;
      const mapping = connectorOf(name)?.mapping;
      if (!(name in connections)) {
        found.push(fault(end, `is not a connection.${didYouMean(name, Object.keys(connections))}`));
      } else if (mapping && !mapping[side]) found.push(fault(end, `is a connection that cannot be ${use}.`));
    }
    if (typeof route.schedule === 'string' && !isCronExpression(route.schedule)) {
      found.push(fault('schedule', 'is not a cron expression.'));
    }
    if (typeof route.from === 'string' && connectorOf(route.from)?.pushed) {
      if (route.schedule !== undefined) {
        found.push(fault('schedule', 'has no use: what this connection takes in is pushed to it.'));
      }
      if (recordOf(connections[route.from]).webhook === undefined) {
        found.push(fault('from', `is pushed to, so that connections.${route.from}.webhook is needed.`));
      }
    }
    const first = routes.findIndex((other) => recordOf(other).name === route.name);
    if (typeof route.name === 'string' && first !== index)
      found.push(fault('name', 'is used by another route.'));
    return found;
  });
}

function schemaFaults(error: z.ZodError, prefix: readonly PropertyKey[], known: readonly string[]): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ path, detail: `${issue.message.replace(/\.$/, '')}.` }];
    return issue.keys.map((key) => ({
      path: [...path, key],
      detail: `is not an option.${didYouMean(key, known)}`,
    }));
  });
}
