// The mappings of a route: which files they come from, and the proof that they read nothing that its direction forbids.
import type { LoadedConfig } from './config/load.js';
import type { RouteConfig } from './config/schema.js';
import type { Connector } from './connector.js';
import { FIELDS } from './domain/fields.js';
import { RETURN_FIELDS } from './domain/return-fields.js';
import { ConfigError, type Problem } from './errors.js';
import { checkMapping } from './mapping/check.js';
import type { MappingFiles } from './mapping/files.js';
import { loadMapping } from './mapping/load.js';
import type { Mapping } from './mapping/types.js';
import type { Carries, Direction, GateOptions } from './privacy/gate.js';
import { everAllowed, fieldVerdict } from './privacy/report.js';
import type { AbsenceRoute } from './route.js';

/** What every route has, whatever it carries. */
export type RouteParts = Omit<AbsenceRoute, 'carries' | 'gate' | 'inMapping' | 'outMapping'>;

export interface RouteAround {
  readonly config: RouteConfig;
  readonly loaded: LoadedConfig;
  /** Of the built-in mapping files. */
  readonly folder: string;
  /** Shared by all routes. */
  readonly files: MappingFiles;
  /** The connectors at both ends. */
  readonly source: Connector;
  readonly sink: Connector;
}

export interface RouteMapping extends RouteAround {
  readonly side: 'in' | 'out';
  /** Name of the system in the name of the mapping file. */
  readonly system: string;
  /** Absences when nothing is said. */
  readonly carries?: Carries;
}

/** Throws ConfigError with everything that is wrong in the file, and in what the route sets for it. */
export function loadRouteMapping({ config: route, loaded, side, system, ...around }: RouteMapping): Mapping {
  const { config, resolvePath } = loaded;
  const isReturn = around.carries === 'returns';
  const domain = (isReturn ? RETURN_FIELDS : FIELDS).map((field) => field.path);
  const wire = (side === 'in' ? around.source : around.sink).fields;
  return loadMapping({
    folder: config.mappings ? resolvePath(config.mappings) : around.folder,
    ...{ files: around.files, system },
    direction: side,
    options: {
      route: route.name,
      overrides: isReturn ? {} : route.mapping[side],
      employers: route.employers,
      sharesEmployers: isReturn,
      strictCodes: route.strictCodes ?? config.strictCodes,
    },
    fields: side === 'in' ? { source: wire, target: domain } : { source: domain, target: wire },
  });
}

/** From the mapping file alone: nothing that the direction never lets through is read on the way out. */
export function privacyProof(
  mapping: Mapping,
  direction: Direction,
  options: GateOptions,
): readonly Problem[] {
  const verdictOf = (path: string) => fieldVerdict(direction, options, path);
  return checkMapping(mapping, verdictOf, (path) => everAllowed(direction, path));
}

/** Null, with its problems added, when the configuration does not allow it. */
export function collecting<T>(problems: Problem[], compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}
