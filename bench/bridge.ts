// A bridge in a temporary folder, for measuring: from a folder to a folder, with the log silent.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONNECTORS } from '../connectors/index.js';
import { type LoadedConfig, loadConfig } from '../src/config/load.js';

const CONFIG = `instance: bench
store: { url: "sqlite:./bench.db" }
masterKey: file:./bench.key
http: { port: 0 }
logLevel: silent
connections:
  hr: { connector: sivi-folder, party: employer, settings: { inbox: ./in, done: ./done, failed: ./failed, settleSeconds: 0 } }
  arbo: { connector: sivi-folder, party: arbodienst, settings: { outbox: ./out, release: "2026", sender: Verzuimbrug, receiver: ARBO-1 } }
routes:
  - { name: absences, from: hr, to: arbo, schedule: "*/5 * * * * *" }
`;

export interface Workplace {
  readonly loaded: LoadedConfig;
  readonly file: string;
  remove(): void;
}

export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'verzuimbrug-bench-'));
  for (const name of ['in', 'out']) mkdirSync(join(folder, name));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, CONFIG);
  return {
    file,
    loaded: loadConfig(file, CONNECTORS),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
