// From a checked configuration to connected systems, routes and inlets. Opens nothing: a preview uses it as the daemon does.
import { CONNECTORS } from '../connectors/index.js';
import {
  collecting,
  loadRouteMapping,
  privacyProof,
  type RouteAround,
  type RouteParts,
} from './compose-mapping.js';
import { createReturnRoute } from './compose-return.js';
import { type LoadedConfig, readSecret } from './config/load.js';
import type { RouteConfig } from './config/schema.js';
import type { Clock, ConnectedSystem, Connector, Files, Http, Log, Memory, Sftp } from './connector.js';
import { ConfigError, type Problem } from './errors.js';
import { createMappingFiles, type MappingFiles } from './mapping/files.js';
import type { Inlet } from './pipeline.js';
import { carriesOf, createGate } from './privacy/gate.js';
import type { AbsenceRoute, Route } from './route.js';

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
  const around = { loaded, world, systems, files: createMappingFiles() };
  for (const routeConfig of loaded.config.routes) {
    try {
      routes.set(routeConfig.name, createRoute(routeConfig, around));
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
  readonly files: MappingFiles;
  readonly world: World;
  readonly systems: ReadonlyMap<string, ConnectedSystem>;
}

function createRoute(config: RouteConfig, { loaded, world, systems, files }: Around): Route {
  const { connections } = loaded.config;
  const [from, to] = [connections[config.from], connections[config.to]];
  const target = systems.get(config.to)?.target;
  if (!from || !to || !target || !systems.get(config.from)?.source)
    throw unfit(
      config,
      'its two connections must be one that can be read from and one that can be written to.',
    );
  const direction = { from: from.party, to: to.party };
  const carries = carriesOf(direction);
  if (carries === null)
    throw unfit(config, `there are no rules yet for what may go from ${from.party} to ${to.party}.`);
  const parts = {
    ...{ name: config.name, from: config.from, to: config.to, direction, options: config.privacy, target },
    facts: target.test === undefined ? {} : { targetIsTest: target.test },
  };
  const [source, sink] = [connectorOf(from.connector), connectorOf(to.connector)];
  const around = { config, loaded, files, folder: world.mappingFolder, source, sink };
  return carries === 'returns' ? createReturnRoute(parts, around) : createAbsenceRoute(parts, around);
}

function unfit({ name }: RouteConfig, detail: string): ConfigError {
  return new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: `routes.${name}`, detail }]);
}

function createAbsenceRoute(parts: RouteParts, around: RouteAround): AbsenceRoute {
  const { direction, options } = parts;
  const { config, source, sink } = around;
  if (config.answers) throw unfit(config, '`answers` is for a route from an arbodienst to an employer.');
  const problems: Problem[] = [];
  const load = (side: 'in' | 'out', system: string | undefined) =>
    collecting(problems, () => loadRouteMapping({ side, system: system ?? '', ...around }));
  const inMapping = load('in', source.mapping.in);
  const outMapping = load('out', sink.mapping.out);
  if (outMapping) problems.push(...privacyProof(outMapping, direction, options));
  if (!inMapping || !outMapping || problems.length > 0) throw new ConfigError('CONFIG_INVALID', problems);
  return { ...parts, gate: createGate(direction, options), inMapping, outMapping };
}

/** One inlet per source: several routes may start there, and what one page gives on all of them commits once. */
function createInlets(systems: ReadonlyMap<string, ConnectedSystem>, routes: readonly Route[]): Inlet[] {
  return [...systems].flatMap(([connection, { source }]) => {
    const starting = routes.filter((route) => route.from === connection);
    return source && starting.length > 0 ? [{ connection, source, routes: starting }] : [];
  });
}
