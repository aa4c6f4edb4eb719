// Every mapping file and every code file proves itself by the `tests:` block that it must have.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SIVI_FIELDS } from '../../connectors/sivi/index.js';
import { WFM_FIELDS } from '../../connectors/visma-raet-wfm/record.js';
import { VERZUIM_FIELDS } from '../../connectors/visma-verzuim/fields.js';
import { FIELDS } from '../../src/domain/fields.js';
import { runCodeTests, runMappingTests, type TestResult } from '../../src/mapping/self-test.js';
import { RETURN_SOURCE, RETURN_WIRE } from './return-wire.js';

const FOLDER = 'mappings';
/** Names of the records of each system, by the name of its mapping files. */
const WIRE: Readonly<Record<string, readonly string[]>> = {
  sivi: SIVI_FIELDS,
  'visma-raet-wfm': WFM_FIELDS,
  'visma-verzuim': VERZUIM_FIELDS,
};
const domain = FIELDS.map(({ path }) => path);
const yamlFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function run(file: string): readonly TestResult[] {
  if (file.includes('codes')) return runCodeTests(file);
  const system = basename(file).split('.')[0] ?? '';
  const back = RETURN_WIRE[system];
  if (back) return runMappingTests(file, { source: RETURN_SOURCE, target: back });
  const wire = WIRE[system] ?? [];
  const inward = file.endsWith('.in.yaml');
  return runMappingTests(file, inward ? { source: wire, target: domain } : { source: domain, target: wire });
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
