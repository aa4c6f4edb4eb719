// connectors/index.ts lists exactly the folders there are (what connectors share is none), in alphabetical order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { foldersIn, projectFiles, ROOT } from './project.js';

/** What several connectors use. */
const SHARED = ['plain-words', 'sivi', 'sivi-files', 'visma-raet'];

function registryFaults(listed: readonly string[], folders: readonly string[]): string[] {
  const connectors = folders.filter((folder) => !SHARED.includes(folder));
  return [
    ...connectors.filter((name) => !listed.includes(name)).map((name) => `${name} is not in the list`),
    ...listed.filter((name) => !connectors.includes(name)).map((name) => `${name} has no folder`),
    ...listed
      .filter((name, index) => index > 0 && name <= (listed[index - 1] ?? ''))
      .map((name) => `${name} is out of order`),
  ];
}

const names = () => CONNECTORS.map((connector) => connector.name);

describe('the list of connectors', () => {
  it('is the list of folders', () => {
    expect(registryFaults(names(), foldersIn('connectors'))).toEqual([]);
  });

  it('a missing line, a missing folder, a double and a wrong order are found', () => {
    expect(registryFaults(['a'], ['a', 'b', 'sivi'])).toEqual(['b is not in the list']);
    expect(registryFaults(['a', 'b'], ['a', 'sivi'])).toEqual(['b has no folder']);
    expect(registryFaults(['a', 'a'], ['a'])).toEqual(['a is out of order']);
    expect(registryFaults(['b', 'a'], ['a', 'b'])).toEqual(['a is out of order']);
    expect(registryFaults(['a', 'sivi'], ['a', 'sivi'])).toEqual(['sivi has no folder']);
  });

  it('each connector has a page of its own and a row in connectors/README.md', () => {
    const pages = projectFiles(['connectors'], ['README.md']).map(({ path }) => path);
    const overview = readFileSync(join(ROOT, 'connectors/README.md'), 'utf8');
    for (const name of [...names(), ...SHARED]) {
      expect(pages).toContain(`connectors/${name}/README.md`);
      expect(overview).toContain(`| [${name}](${name}/README.md) |`);
    }
  });

  it('each option of each connector is described', () => {
    for (const { name, settingsSchema } of CONNECTORS) {
      const shape = (settingsSchema as unknown as { shape: Record<string, { description?: string }> }).shape;
      const silent = Object.keys(shape).filter((option) => !shape[option]?.description);
      expect({ name, silent }).toEqual({ name, silent: [] });
    }
  });
});
