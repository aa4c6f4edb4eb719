// Loads a mapping that a test writes down itself, from a folder of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type Problem } from '../../src/errors.js';
import { loadMapping } from '../../src/mapping/load.js';
import type { Mapping, MappingOptions } from '../../src/mapping/types.js';

export interface SmallMapping {
  readonly direction?: 'in' | 'out';
  /** Lines 1 and 2, in place of the right ones. */
  readonly head?: string;
  /** The lines of the file, from `fields:` on; `system` and `direction` stand before it, on lines 1 and 2. */
  readonly text: string;
  /** Code files by name. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly options?: MappingOptions;
  readonly source?: readonly string[];
  readonly target?: readonly string[];
}

const FIELDS = [
  'a',
  'b',
  'c',
  'group.inner',
  'group.other',
  'items[].name',
  'items[].kind',
  'items[].parts[].size',
];

export function loadSmall(small: SmallMapping): Mapping {
  const folder = mkdtempSync(join(tmpdir(), 'mapping-'));
  const { direction = 'in', text, codes = {}, options = {}, source = FIELDS, target = FIELDS } = small;
  try {
    mkdirSync(join(folder, 'mappings', 'codes'), { recursive: true });
    const file = join(folder, 'mappings', `small.${direction}.yaml`);
    writeFileSync(file, `${small.head ?? `system: small\ndirection: ${direction}\n`}${text}`);
    for (const [name, content] of Object.entries(codes)) {
      writeFileSync(join(folder, 'mappings', 'codes', name), content);
    }
    const fields = { source, target };
    return loadMapping({ folder: join(folder, 'mappings'), system: 'small', direction, options, fields });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong with a mapping, each as `place: words`. */
export function faultsOf(small: SmallMapping): string[] {
  try {
    loadSmall(small);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ code, path, detail }: Problem) => `${code} ${path}: ${detail}`);
  }
}
