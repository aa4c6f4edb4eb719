// Reads the configuration file and its secrets. All errors come at once, each with its path. The only file that looks
// at the environment.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { validate as isCronExpression } from 'node-cron';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Connector } from '../connector.js';
import { ConfigError, type Problem } from '../errors.js';
import { didYouMean } from '../suggest.js';
import { type Config, configSchema } from './schema.js';

export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  /** Relative paths in the configuration count from the folder of its file. */
  readonly resolvePath: (path: string) => string;
}

/** Throws ConfigError with every problem found: unreadable, not YAML, wrong option, unknown connector, ... */
export function loadConfig(file: string, connectors: readonly Connector[]): LoadedConfig {
  if (!existsSync(file)) {
    throw new ConfigError('CONFIG_INVALID', [
      {
        code: 'CONFIG_INVALID',
        path: file,
        detail: 'There is no such file. Copy config.example.yaml to begin with.',
      },
    ]);
  }
  const config = parseConfig(readFileSync(file, 'utf8'), file, connectors);
  return { config, file, resolvePath: (path) => resolve(dirname(resolve(file)), path) };
}

export function parseConfig(text: string, file: string, connectors: readonly Connector[]): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map((error): Problem => {
    return {
      code: 'CONFIG_INVALID',
      path: `${file}:${lines.linePos(error.pos[0]).line}`,
      detail: error.message,
    };
  });
  if (broken.length > 0) throw new ConfigError('CONFIG_INVALID', broken);
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw new ConfigError('CONFIG_INVALID', zodProblems(parsed.error, []));
  const problems = [
    ...connectionProblems(parsed.data, connectors),
    ...routeProblems(parsed.data, connectors),
  ];
  if (problems.length > 0) throw new ConfigError('CONFIG_INVALID', problems);
  return parsed.data;
}

function connectionProblems(config: Config, connectors: readonly Connector[]): Problem[] {
  const names = connectors.map((connector) => connector.name);
  return Object.entries(config.connections).flatMap(([name, connection]) => {
    const path = ['connections', name];
    const connector = connectors.find((known) => known.name === connection.connector);
    if (!connector) {
      const hint = didYouMean(connection.connector, names);
      return [wrong([...path, 'connector'], `is not a known connector (${names.join(', ')}).${hint}`)];
    }
    const settings = connector.settingsSchema.safeParse(connection.settings);
    return settings.success ? [] : zodProblems(settings.error, [...path, 'settings']);
  });
}

function routeProblems(config: Config, connectors: readonly Connector[]): Problem[] {
  const names = Object.keys(config.connections);
  const mappingOf = (name: string) =>
    connectors.find((known) => known.name === config.connections[name]?.connector)?.mapping;
  return config.routes.flatMap((route, index) => {
    const path = ['routes', index];
    const problems: Problem[] = [];
    for (const end of ['from', 'to'] as const) {
      if (names.includes(route[end])) continue;
      problems.push(wrong([...path, end], `is not a connection.${didYouMean(route[end], names)}`));
    }
    if (problems.length > 0) return problems;
    if (!isCronExpression(route.schedule))
      problems.push(wrong([...path, 'schedule'], 'is not a cron expression.'));
    if (!mappingOf(route.from)?.in)
      problems.push(wrong([...path, 'from'], 'is a connection that cannot be read from.'));
    if (!mappingOf(route.to)?.out)
      problems.push(wrong([...path, 'to'], 'is a connection that cannot be written to.'));
    if (config.routes.findIndex((other) => other.name === route.name) !== index) {
      problems.push(wrong([...path, 'name'], 'is used by another route.'));
    }
    return problems;
  });
}

function zodProblems(error: z.ZodError, prefix: readonly PropertyKey[]): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [wrong(path, `${issue.message}.`)];
    return issue.keys.map((key) =>
      wrong([...path, key], `is not an option.${didYouMean(key, KNOWN_OPTIONS)}`),
    );
  });
}

const KNOWN_OPTIONS: readonly string[] = Object.keys(configSchema.shape).concat(
  'name from to schedule privacy mapping employers connector party settings url host port'.split(' '),
  'bsn partialPercentage freeText costCentres statutoryLeave conflict actions endReasons'.split(' '),
  'bodyDays parkedDays seenDays firstRetrySeconds longestRetrySeconds pauseSeconds drainSeconds'.split(' '),
  'inbox done failed outbox release sender receiver test maxBytes doneDays failedDays'.split(' '),
);

function wrong(path: readonly PropertyKey[], detail: string): Problem {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return { code: 'CONFIG_INVALID', path: text.replace(/^\./, ''), detail };
}

/** Reads `env:NAME` or `file:PATH`; throws ConfigError SECRET_MISSING, naming the reference and never the secret. */
export function readSecret(reference: string, resolvePath: (path: string) => string): string {
  const [kind, ...rest] = reference.split(':');
  const place = rest.join(':');
  const value = kind === 'env' ? process.env[place] : readSecretFile(resolvePath(place));
  if (value === undefined || value.trim() === '') {
    throw new ConfigError('SECRET_MISSING', [{ code: 'SECRET_MISSING', path: reference }]);
  }
  return value.trim();
}

function readSecretFile(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
