// A bridge in a temporary folder, for measuring: the demo's configuration with the log silent.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONNECTORS } from '../connectors/index.js';
import { type LoadedConfig, loadConfig } from '../src/config/load.js';
import { demoConfig } from '../src/demo/config.js';

export interface Workplace {
  readonly loaded: LoadedConfig;
  readonly file: string;
  remove(): void;
}

export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'verzuimbrug-bench-'));
  for (const name of ['in', 'out']) mkdirSync(join(folder, name));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, demoConfig().replace('logLevel: warn', 'logLevel: silent'));
  return {
    file,
    loaded: loadConfig(file, CONNECTORS),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
