import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CONNECTORS } from '../../connectors/index.js';
import { loadConfig, parseConfig, readSecret } from '../../src/config/load.js';
import { optionPaths } from '../../src/config/option-names.js';
import { configSchema } from '../../src/config/schema.js';
import { ConfigError } from '../../src/errors.js';

const EXAMPLE = readFileSync('config.example.yaml', 'utf8');

function problemsOf(text: string): string[] {
  try {
    parseConfig(text, 'c.yaml', CONNECTORS);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, detail }) => `${path}: ${detail}`);
  }
}

describe('config.example.yaml', () => {
  it('loads', () => {
    expect(problemsOf(EXAMPLE)).toEqual([]);
  });

  it('shows every option of the schema', () => {
    const shown = EXAMPLE.split('\n').map((line) => line.replace(/#/g, '').trim());
    const missing = optionPaths(configSchema).filter((path) => {
      const name = path.split('.').at(-1) ?? '';
      return name !== '*' && !shown.some((line) => new RegExp(`(^|[{ -])${name}:`).test(line));
    });
    expect(optionPaths(configSchema).length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('shows every setting of each connector that it uses', () => {
    const example = parse(EXAMPLE) as {
      connections: Record<string, { connector: string; settings: object }>;
    };
    for (const connector of CONNECTORS) {
      const uses = Object.values(example.connections).filter((used) => used.connector === connector.name);
      expect(uses.length).toBeGreaterThan(0);
      const named = new Set(uses.flatMap((used) => Object.keys(used.settings)));
      const options = optionPaths(connector.settingsSchema).filter((path) => !path.includes('.'));
      expect(options.filter((option) => !named.has(option))).toEqual([]);
    }
  });

  it('gives the defaults: a file with only what has none means the same', () => {
    const { connections, routes } = parse(EXAMPLE);
    const bare = {
      connections,
      routes: routes.map(({ name, from, to }: Record<string, string>) => ({ name, from, to })),
    };
    const full = parseConfig(EXAMPLE, 'c.yaml', CONNECTORS);
    const least = parseConfig(JSON.stringify(bare), 'c.yaml', CONNECTORS);
    expect({ ...full, routes: full.routes.map(({ strictCodes: _, ...route }) => route) }).toEqual(least);
  });
});

describe('a wrong configuration', () => {
  it('lists all errors at once, each with its path', () => {
    const wrong = EXAMPLE.replace('logLevel: info', 'logLevel: loud')
      .replace('timezone: Europe/Amsterdam', 'timezone: Europe/Amsterdm')
      .replace('bodyDays: 14', 'bodyDays: 0');
    const places = problemsOf(wrong).map((line) => /^c\.yaml:(\d+) ([^:]*)/.exec(line));
    expect(places.map((place) => place?.[2])).toEqual(['timezone', 'logLevel', 'retention.bodyDays']);
    const numbers = wrong
      .split('\n')
      .flatMap((line, index) => (/loud|Amsterdm|bodyDays/.test(line) ? [index + 1] : []));
    expect(places.map((place) => Number(place?.[1]))).toEqual(numbers);
  });

  it('names an unknown option with its path and asks which one was meant', () => {
    const found = problemsOf(EXAMPLE.replace('bsn: never', 'bns: never'));
    expect(found.join()).toMatch(
      /^c\.yaml:\d+ routes\[0\]\.privacy\.bns: is not an option\. Did you mean `bsn`\?$/,
    );
  });

  it('names an unknown setting of a connector', () => {
    const found = problemsOf(EXAMPLE.replace('inbox: ./in', 'inbx: ./in'));
    expect(found.join()).toContain(
      'connections.visma-files.settings.inbx: is not an option. Did you mean `inbox`?',
    );
  });

  it('names an unknown connector, connection and schedule', () => {
    const wrong = EXAMPLE.replace('connector: sivi-folder', 'connector: sivi-folders')
      .replace('to: arbo-files', 'to: arbo-file')
      .replace('"* * * * *"', '"* * *"');
    const found = problemsOf(wrong);
    expect(found.join('\n')).toContain('connections.visma-files.connector: is not a known connector');
    expect(found.join('\n')).toContain('routes[0].to: is not a connection. Did you mean `arbo-files`?');
    expect(found.join('\n')).toContain('routes[0].schedule: is not a cron expression');
  });

  it('names the line of broken YAML', () => {
    expect(problemsOf('instance: "x\nroutes: [')[0]).toMatch(/^c\.yaml:\d+: /);
  });

  it('says that the file is not there', () => {
    expect(() => loadConfig('/nowhere/config.yaml', CONNECTORS)).toThrow(ConfigError);
  });
});

describe('a secret', () => {
  it('that is missing is named by its reference', () => {
    try {
      readSecret('env:VERZUIMBRUG_NOT_SET', (path) => path);
      throw new Error('unreachable');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).problems).toEqual([
        { code: 'SECRET_MISSING', path: 'env:VERZUIMBRUG_NOT_SET' },
      ]);
    }
  });
});
