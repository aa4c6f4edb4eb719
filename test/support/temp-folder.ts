// A folder of its own for one test, removed by the test itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempFolder {
  readonly path: string;
  remove(): void;
}

export function tempFolder(parent = tmpdir()): TempFolder {
  const path = mkdtempSync(join(parent, 'verzuimbrug-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
