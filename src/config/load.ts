// Reads the configuration file and its secrets. All errors come at once, each with its path. The only file that looks
// at the environment.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { Connector } from '../connector.js';
import { ConfigError, type Problem } from '../errors.js';
import { faultsOf } from './faults.js';
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
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    const broken = document.errors.map(({ pos, message }) => wrong(at(pos[0]), message));
    throw new ConfigError('CONFIG_INVALID', broken);
  }
  const raw: unknown = document.toJS() ?? {};
  const faults = faultsOf(raw, connectors);
  if (faults.length === 0) return configSchema.parse(raw);
  const problems = faults.map(({ path, detail }) =>
    wrong(`${at(offsetOf(document, path))} ${pathText(path)}`, detail),
  );
  throw new ConfigError('CONFIG_INVALID', problems);
}

/** Where the option stands, or the nearest part of the file that would hold it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '');
}

function wrong(path: string, detail: string): Problem {
  return { code: 'CONFIG_INVALID', path, detail };
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

/** Undefined for one that is not there, is a folder, or may not be read. */
function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
