// From a checked configuration to connected systems, routes and inlets. Opens nothing: a preview uses it as the daemon does.
import { CONNECTORS } from '../connectors/index.js';
import { type LoadedConfig, readSecret } from './config/load.js';
import type { RouteConfig } from './config/schema.js';
import type { Clock, ConnectedSystem, Connector, Files, Http, Log, Memory, Sftp } from './connector.js';
import { FIELDS } from './domain/fields.js';
import { ConfigError, type Problem } from './errors.js';
import { checkMapping } from './mapping/check.js';
import { loadMapping } from './mapping/load.js';
import type { Mapping } from './mapping/types.js';
import type { Inlet } from './pipeline.js';
import { createGate, type Direction, type GateOptions, isBuilt } from './privacy/gate.js';
import { everAllowed, fieldVerdict } from './privacy/report.js';
import type { Route } from './route.js';

export interface World {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: Files;
  readonly http: Http;
  readonly sftp: Sftp;
  /** What a connection keeps, by its name. */
  readonly memoryOf: (connection: string) => Memory;
  /** Folder of the built-in mapping files. */
  readonly mappingFolder: string;
}

export interface Composed {
  readonly systems: ReadonlyMap<string, ConnectedSystem>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly inlets: readonly Inlet[];
}

/** Throws ConfigError with the problems of all routes at once. */
export function compose(loaded: LoadedConfig, world: World): Composed {
  const systems = connectSystems(loaded, world);
  const problems: Problem[] = [];
  const routes = new Map<string, Route>();
  for (const routeConfig of loaded.config.routes) {
    try {
      routes.set(routeConfig.name, createRoute(routeConfig, { loaded, world, systems }));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigError('CONFIG_INVALID', problems);
  return { systems, routes, inlets: createInlets(systems, [...routes.values()]) };
}

function connectSystems(loaded: LoadedConfig, world: World): Map<string, ConnectedSystem> {
  const { clock, log, files, http, sftp, memoryOf } = world;
  const { resolvePath } = loaded;
  const secret = (reference: string) => readSecret(reference, resolvePath);
  const shared = { timeZone: loaded.config.timezone, clock, log, files, http, sftp, resolvePath, secret };
  return new Map(
    Object.entries(loaded.config.connections).map(([connection, { connector, settings }]) => {
      const deps = { connection, memory: memoryOf(connection), ...shared };
      const known = connectorOf(connector);
      return [connection, known.create(known.settingsSchema.parse(settings), deps)];
    }),
  );
}

function connectorOf(name: string): Connector {
  const connector = CONNECTORS.find((known) => known.name === name);
  if (!connector) throw new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: name }]);
  return connector;
}

interface Around {
  readonly loaded: LoadedConfig;
  readonly world: World;
  readonly systems: ReadonlyMap<string, ConnectedSystem>;
}

function createRoute(route: RouteConfig, { loaded, world, systems }: Around): Route {
  const { connections } = loaded.config;
  const target = systems.get(route.to)?.target;
  const [from, to] = [connections[route.from], connections[route.to]];
  if (!from || !to || !target || !systems.get(route.from)?.source) {
    const detail = 'its two connections must be one that can be read from and one that can be written to.';
    throw new ConfigError('CONFIG_INVALID', [
      { code: 'CONFIG_INVALID', path: `routes.${route.name}`, detail },
    ]);
  }
  const direction = { from: from.party, to: to.party };
  if (!isBuilt(direction)) {
    const detail = `there are no rules yet for what may go from ${from.party} to ${to.party}.`;
    throw new ConfigError('CONFIG_INVALID', [
      { code: 'CONFIG_INVALID', path: `routes.${route.name}`, detail },
    ]);
  }
  const problems: Problem[] = [];
  const mapping = (side: 'in' | 'out') => loadRouteMapping(route, side, { loaded, world, systems });
  const inMapping = collecting(problems, () => mapping('in'));
  const outMapping = collecting(problems, () => mapping('out'));
  if (outMapping) problems.push(...privacyProof(outMapping, direction, route.privacy));
  if (!inMapping || !outMapping || problems.length > 0) throw new ConfigError('CONFIG_INVALID', problems);
  return {
    name: route.name,
    from: route.from,
    to: route.to,
    direction,
    options: route.privacy,
    gate: createGate(direction, route.privacy),
    facts: target.test === undefined ? {} : { targetIsTest: target.test },
    inMapping,
    outMapping,
    target,
  };
}

function collecting<T>(problems: Problem[], compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** From the mapping file alone: nothing that the direction never lets through is read on the way out. */
function privacyProof(mapping: Mapping, direction: Direction, options: GateOptions): readonly Problem[] {
  const verdictOf = (path: string) => fieldVerdict(direction, options, path);
  return checkMapping(mapping, verdictOf, (path) => everAllowed(direction, path));
}

function loadRouteMapping(route: RouteConfig, side: 'in' | 'out', { loaded, world }: Around): Mapping {
  const { config, resolvePath } = loaded;
  const connection = config.connections[side === 'in' ? route.from : route.to];
  const connector = connectorOf(connection?.connector ?? '');
  const system = connector.mapping[side] ?? '';
  const domain = FIELDS.map((field) => field.path);
  const wire = connector.fields;
  return loadMapping({
    folder: config.mappings ? resolvePath(config.mappings) : world.mappingFolder,
    system,
    direction: side,
    options: {
      route: route.name,
      overrides: route.mapping[side],
      employers: route.employers,
      strictCodes: route.strictCodes ?? config.strictCodes,
    },
    fields: side === 'in' ? { source: wire, target: domain } : { source: domain, target: wire },
  });
}

/** One inlet per source: several routes may start there, and what one page gives on all of them commits once. */
function createInlets(systems: ReadonlyMap<string, ConnectedSystem>, routes: readonly Route[]): Inlet[] {
  return [...systems].flatMap(([connection, { source }]) => {
    const starting = routes.filter((route) => route.from === connection);
    return source && starting.length > 0 ? [{ connection, source, routes: starting }] : [];
  });
}
