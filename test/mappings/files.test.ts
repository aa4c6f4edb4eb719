// Every mapping file and every code file proves itself by the `tests:` block that it must have.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { FIELDS } from '../../src/domain/fields.js';
import { RETURN_FIELDS } from '../../src/domain/return-fields.js';
import { runCodeTests, runMappingTests, type TestResult } from '../../src/mapping/self-test.js';

const FOLDER = 'mappings';
const yamlFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.yaml'));

interface Sides {
  readonly wire: readonly string[];
  readonly domain: readonly string[];
}

/** Field names on both sides of a mapping file, by the system and the direction in its name. */
function sidesOf(system: string, direction: 'in' | 'out'): Sides {
  for (const { mapping, fields } of CONNECTORS) {
    if (mapping[direction] === system) return { wire: fields, domain: FIELDS.map(({ path }) => path) };
    const names: readonly string[] = Object.values(mapping.return?.[direction] ?? {});
    if (names.includes(system)) return { wire: fields, domain: RETURN_FIELDS.map(({ path }) => path) };
  }
  return { wire: [], domain: [] };
}

function run(file: string): readonly TestResult[] {
  if (file.includes('codes')) return runCodeTests(file);
  const [system = '', side] = basename(file).split('.');
  const direction = side === 'in' ? 'in' : 'out';
  const { wire, domain } = sidesOf(system, direction);
  const fields = direction === 'in' ? { source: wire, target: domain } : { source: domain, target: wire };
  return runMappingTests(file, fields);
}

const files = [
  ...yamlFiles(FOLDER).map((name) => join(FOLDER, name)),
  ...yamlFiles(join(FOLDER, 'codes')).map((name) => join(FOLDER, 'codes', name)),
];

describe.each(files)('%s', (file) => {
  const results = run(file);

  it('has a tests block', () => {
    expect(results.length).toBeGreaterThan(0);
  });

  it('names each test once', () => {
    const names = results.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  if (results.length > 0) {
    it.each(results)('$name', ({ failures }) => {
      expect(failures).toEqual([]);
    });
  }
});
