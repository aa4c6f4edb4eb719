// How a route on the way back is made from a configuration: its mappings by kind, the proof that they read nothing
// forbidden, and the routes whose cases it may speak about.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createReturnRoute } from '../../src/compose-return.js';
import { configSchema } from '../../src/config/schema.js';
import type { Connector, ConnectorMappings } from '../../src/connector.js';
import { ConfigError } from '../../src/errors.js';
import { createMappingFiles } from '../../src/mapping/files.js';
import { DEFAULT_GATE_OPTIONS } from '../../src/privacy/gate.js';
import { scriptedTarget } from '../fakes/scripted-target.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: ReturnType<typeof tempFolder>;

beforeEach(() => {
  folder = tempFolder();
  mkdirSync(join(folder.path, 'codes'));
  write('diary.in', ['appointment.id: ref', 'appointment.date: day']);
  write('diary.out', ['ref: appointment.id', 'day: appointment.date', 'who: employee.lastName']);
});
afterEach(() => folder.remove());

function write(name: string, lines: readonly string[]): void {
  const [system, direction] = name.split('.');
  const fields = lines.map((line) => `  ${line}\n`).join('');
  writeFileSync(
    join(folder.path, `${name}.yaml`),
    `system: ${system}\ndirection: ${direction}\nfields:\n${fields}`,
  );
}

function connector(name: string, mapping: ConnectorMappings): Connector {
  const create = () => {
    throw new Error('nothing is connected here');
  };
  return { name, mapping, create, settingsSchema: z.object({}), fields: ['ref', 'day', 'who'] };
}

const BOTH: ConnectorMappings = { return: { in: { appointment: 'diary' }, out: { appointment: 'diary' } } };
const CONNECTIONS = {
  hr: { connector: 'a', party: 'employer' },
  arbo: { connector: 'b', party: 'arbodienst' },
  answers: { connector: 'b', party: 'arbodienst' },
  silent: { connector: 'b', party: 'arbodienst' },
  other: { connector: 'a', party: 'employer' },
};
const ABSENCES = { name: 'absences', from: 'hr', to: 'arbo' };

function compose({
  from = 'arbo',
  route = {},
  routes = [ABSENCES],
  source = BOTH,
  sink = BOTH,
}: {
  from?: string;
  route?: object;
  routes?: readonly object[];
  source?: ConnectorMappings;
  sink?: ConnectorMappings;
} = {}) {
  const own = { name: 'back', from, to: 'hr', ...route };
  const config = configSchema.parse({ connections: CONNECTIONS, routes: [...routes, own] });
  const routeConfig = config.routes.at(-1);
  if (!routeConfig) throw new Error('there is no route');
  const direction = { from: 'arbodienst', to: 'employer' };
  const ends = { name: 'back', from, to: 'hr', direction, target: scriptedTarget(), facts: {} };
  return createReturnRoute(
    { ...ends, options: { ...DEFAULT_GATE_OPTIONS, ...routeConfig.privacy } },
    {
      config: routeConfig,
      loaded: { config, file: 'config.yaml', resolvePath: (path) => path },
      files: createMappingFiles(),
      folder: folder.path,
      source: connector('b', source),
      sink: connector('a', sink),
    },
  );
}

function faultsOf(parts: Parameters<typeof compose>[0]): string[] {
  try {
    compose(parts);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ code, path, detail }) => `${code} ${path} ${detail ?? ''}`);
  }
}

describe('a route on the way back', () => {
  it('has the mappings of the kinds that its two ends name, and no more', () => {
    const route = compose({ sink: { return: { out: { appointment: 'diary' } } } });
    expect(Object.keys(route.mappings.in)).toEqual(['appointment']);
    expect(Object.keys(route.mappings.out)).toEqual(['appointment']);
    expect(route).toMatchObject({ carries: 'returns', results: 'refused' });
  });

  it('does not begin when a mapping reads what an employer never gets', () => {
    write('diary.out', ['ref: appointment.id', 'who: appointment.title']);
    expect(faultsOf({})).toEqual([
      expect.stringMatching(/^MAPPING_FORBIDDEN_FIELD .*diary\.out\.yaml:5.*`appointment\.title`.*AE-36/),
    ]);
  });

  it('does not begin where an end knows nothing of the way back', () => {
    expect(faultsOf({ sink: { out: 'diary' } })).toEqual([
      'CONFIG_INVALID routes.back the connector a knows nothing of the way back.',
    ]);
    expect(faultsOf({ source: {} })).toEqual([
      'CONFIG_INVALID routes.back the connector b knows nothing of the way back.',
    ]);
  });

  it('says so when single fields are to be mapped otherwise', () => {
    expect(faultsOf({ route: { mapping: { out: { who: 'employee.id' } } } })).toEqual([
      expect.stringContaining('routes.back.mapping.out'),
    ]);
  });

  it('lets a value per employer be there that only another kind looks up', () => {
    expect(faultsOf({ route: { employers: { W: { contactLastName: 'X' } } } })).toEqual([]);
  });

  it('tells the employer all results when it is set so', () => {
    expect(compose({ route: { results: 'all' } }).results).toBe('all');
  });
});

describe('the cases that it may speak about', () => {
  const elsewhere = { name: 'elsewhere', from: 'hr', to: 'answers' };

  it('are those of the routes that report to its very connection', () => {
    expect(compose({ routes: [ABSENCES, elsewhere] }).answers).toEqual(['absences']);
  });

  it('are those of all routes to an arbodienst where none reports to its connection', () => {
    expect(compose({ from: 'answers' }).answers).toEqual(['absences']);
  });

  it('are none where nothing is reported', () => {
    expect(compose({ routes: [] }).answers).toEqual([]);
  });

  const second = { name: 'second', from: 'other', to: 'arbo' };

  it('have to be chosen where several employers report to its connection', () => {
    const routes = [ABSENCES, second];
    expect(faultsOf({ routes })).toEqual([
      expect.stringMatching(
        /^CONFIG_INVALID routes\.back\.answers several employers .*`answers: \[absences, second\]`/,
      ),
    ]);
    expect(compose({ routes, route: { answers: ['second'] } }).answers).toEqual(['second']);
    expect(compose({ routes, route: { answers: ['absences', 'second'] } }).answers).toHaveLength(2);
  });

  it('have to be chosen where it only brings answers and reports go to several arbodiensten', () => {
    const routes = [ABSENCES, elsewhere];
    expect(faultsOf({ from: 'silent', routes })).toEqual([
      expect.stringMatching(/^CONFIG_INVALID routes\.back\.answers several receivers /),
    ]);
    expect(compose({ from: 'silent', routes, route: { answers: ['elsewhere'] } }).answers).toEqual([
      'elsewhere',
    ]);
  });

  it('know the employer by the number that the report gave it', () => {
    const numbered = { ...ABSENCES, employers: { 'W-7': { employerId: 'AD-1' }, 'W-8': { unitCode: 'x' } } };
    expect(compose({ routes: [numbered] }).employerIds).toEqual({ absences: { 'W-7': 'AD-1' } });
  });

  it('are of routes with absences to an arbodienst alone, by their names', () => {
    expect(faultsOf({ route: { answers: ['absence', 'back'] } })).toEqual([
      expect.stringMatching(/routes\.back\.answers `absence` is no route .*absences/),
      expect.stringMatching(/routes\.back\.answers `back` is no route/),
    ]);
  });
});
