// Who may import whom. The table below is the rule; src/README.md explains it.
import { describe, expect, it } from '@jest/globals';
import { projectFiles, type SourceFile, sourceFile } from './project.js';

/**
 * Per module of src what it may import of ours, besides itself. `type X` allows types only. A module is a folder of src
 * or a single file at its top; `store/types` and the like name one file of a folder.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // leaves
  'error-entry': [],
  'error-table-holds': ['error-entry'],
  'error-table': ['error-entry', 'error-table-holds'],
  errors: ['error-table'],
  clock: [],
  log: ['errors'],
  files: [],
  steps: [],
  suggest: [],
  domain: [],
  // the door for connectors
  memory: [],
  calls: ['errors', 'type clock', 'type files', 'type memory'],
  settings: [],
  connector: [
    'errors',
    'clock',
    'domain',
    'type files',
    'calls',
    'memory',
    'type log',
    'type privacy/gate',
    'settings',
  ],
  // pure parts
  privacy: ['domain', 'errors', 'type connector'],
  ledger: ['domain', 'errors', 'privacy/gate'],
  mapping: ['domain', 'errors', 'suggest', 'type connector', 'privacy/gate'],
  // the store knows shapes, and nothing of what is done with them
  store: [
    'domain',
    'errors',
    'clock',
    'type log',
    'type connector',
    'type ledger/case-state',
    'ledger/acknowledge',
    'ledger/case-keys',
    'ledger/forget',
    'privacy/gate',
  ],
  config: ['domain', 'errors', 'suggest', 'connector', 'log', 'settings'],
  // the path: works on the store's interface, never on its driver
  route: ['type connector', 'type mapping/types', 'type privacy/gate'],
  outgoing: ['domain', 'errors', 'connector', 'privacy/gate', 'mapping', 'route'],
  acceptance: [
    'type clock',
    'domain',
    'errors',
    'connector',
    'privacy/gate',
    'privacy/scanner',
    'ledger',
    'type mapping/types',
    'outgoing',
    'route',
    'type steps',
    'type store/types',
  ],
  pipeline: [
    'domain',
    'errors',
    'connector',
    'privacy/gate',
    'type mapping/types',
    'acceptance',
    'route',
    'steps',
    'type store/types',
  ],
  intake: [
    'errors',
    'connector',
    'config/webhook-key',
    'type config/webhook-schema',
    'pipeline',
    'route',
    'steps',
    'store/types',
  ],
  delivery: [
    'domain',
    'errors',
    'connector',
    'privacy/gate',
    'acceptance',
    'outgoing',
    'route',
    'steps',
    'store/types',
  ],
  preview: [
    'acceptance',
    'domain',
    'errors',
    'connector',
    'ledger',
    'outgoing',
    'pipeline',
    'type privacy/gate',
    'type route',
  ],
  'preview-return': [
    'acceptance',
    'domain',
    'errors',
    'connector',
    'preview',
    'type privacy/gate',
    'type route',
    'type store/types',
  ],
  'stored-memory': ['type clock', 'errors', 'type log', 'memory', 'type store/types'],
  retention: ['errors', 'type connector', 'type config/schema', 'type store/types'],
  'former-connections': ['errors', 'type connector', 'type config/schema', 'type store/types'],
};

/** May import anything of src; nobody imports them but one another. */
const OUTERMOST = [
  'cli',
  'commands',
  'main',
  'compose',
  'compose-mapping',
  'compose-return',
  'store-place',
  'demo',
  'ops',
];

/** Packages that only these may import: a file, or all whose path begins like this (ending in `/` or `-`). */
const ONLY_THERE: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['src/store/sqlite-', 'src/store/lock.ts'],
  pg: ['src/store/postgres-'],
  kysely: ['src/store/'],
  bullmq: ['src/delivery/bullmq-'],
  ioredis: ['src/delivery/redis-'],
  pino: ['src/log.ts'],
  'node-cron': ['src/config/', 'src/main.ts', 'src/intake/'],
  axios: ['src/calls/'],
  ssh2: ['src/calls/sftp-'],
  fastify: [
    'src/ops/',
    'src/intake/',
    'connectors/visma-raet/simulator-',
    'connectors/visma-raet-files/simulator.ts',
    'connectors/visma-raet-personnel-file/simulator.ts',
    'connectors/visma-raet-sivi/simulator.ts',
    'connectors/visma-raet-wfm/simulator.ts',
    'connectors/visma-verzuim/simulator/',
  ],
  '@fastify/rate-limit': ['src/ops/'],
  'prom-client': ['src/ops/'],
  commander: ['src/cli.ts', 'src/commands/'],
  yaml: ['src/config/', 'src/mapping/', 'src/demo/config.ts'],
  'fast-xml-parser': ['connectors/'],
  'ical-generator': ['connectors/calendar/'],
  luxon: ['connectors/calendar/'],
  'nodemailer/lib/mail-composer': ['connectors/calendar/'],
  'nodemailer/lib/smtp-connection': ['connectors/calendar/'],
};

const moduleOf = (path: string) => path.replace(/^src\//, '').replace(/(\/.*|\.ts)$/, '');
const fileOf = (path: string) => path.replace(/^src\//, '').replace(/\.ts$/, '');

function boundaryFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...(file.path.startsWith('src/') ? srcFaults(file) : connectorFaults(file)),
    ...packageFaults(file),
  ]);
}

function srcFaults({ path, imports }: SourceFile): string[] {
  const self = moduleOf(path);
  const outermost = OUTERMOST.includes(self);
  const allowed = MAY_IMPORT[self];
  if (!outermost && !allowed) return [`${path}: the module ${self} is not in the table`];
  const faults: string[] = [];
  for (const { file, typeOnly } of imports) {
    if (file === null) continue;
    if (file.startsWith('connectors/')) {
      if (!outermost) faults.push(`${path} imports ${file}: only ${OUTERMOST.join(', ')} may`);
      continue;
    }
    if (!file.startsWith('src/')) {
      faults.push(`${path} imports ${file}: outside of src`);
      continue;
    }
    const other = moduleOf(file);
    if (other === self || outermost) continue;
    const names = [other, fileOf(file)];
    const fits = names.some(
      (name) => allowed?.includes(name) || (typeOnly && allowed?.includes(`type ${name}`)),
    );
    if (!fits) faults.push(`${path} imports ${file}${typeOnly ? ' (types)' : ''}`);
  }
  return faults;
}

/** What connectors of one family share: the text for people, the codec, links by files, and the ways of Visma Raet's APIs. */
const SHARED = [
  'connectors/plain-words/index.ts',
  'connectors/sivi/index.ts',
  'connectors/sivi-files/',
  'connectors/visma-raet/',
];

/** A connector sees the door, its own folder and what is shared; transports are handed to it. */
function connectorFaults({ path, imports }: SourceFile): string[] {
  if (path === 'connectors/index.ts') return [];
  const own = `${path.split('/').slice(0, 2).join('/')}/`;
  const faults: string[] = [];
  for (const { file, from } of imports) {
    const ok = file
      ? file === 'src/connector.ts' || file.startsWith(own) || SHARED.some((part) => file.startsWith(part))
      : !from.startsWith('node:') || ['node:path', 'node:crypto'].includes(from);
    if (!ok) faults.push(`${path} imports ${file ?? from}`);
  }
  return faults;
}

function packageFaults({ path, imports }: SourceFile): string[] {
  return imports
    .filter(({ from }) => {
      const only = ONLY_THERE[from];
      return only && !only.some((place) => (/[/-]$/.test(place) ? path.startsWith(place) : path === place));
    })
    .map(({ from }) => `${path} imports ${from}: only ${ONLY_THERE[from]?.join(', ')} may`);
}

const faultsOf = (path: string, text: string) => boundaryFaults([sourceFile(path, text)]);

describe('boundaries', () => {
  it('every module imports only what the table allows', () => {
    expect(boundaryFaults(projectFiles(['src', 'connectors']))).toEqual([]);
  });

  it.each([
    ['src/domain/a.ts', "import { x } from '../errors.js';"],
    ['src/mapping/a.ts', "import { CodedError } from '../connector.js';"],
    ['src/delivery/a.ts', "import { open } from '../store/open.js';"],
    ['src/delivery/a.ts', "import type { Db } from '../store/open.js';"],
    ['src/store/a.ts', "import { takeIn } from '../pipeline.js';"],
    ['src/intake/a.ts', "import { run } from '../main.js';"],
    ['src/intake/a.ts', "export { run } from '../commands/run.js';"],
    ['src/intake/a.ts', "const { run } = await import('../cli.js');"],
    ['src/pipeline.ts', "import { siviFolder } from '../connectors/sivi-folder/index.js';"],
    ['src/main.ts', "import { fake } from '../test/fakes/clock.js';"],
    ['src/invented/a.ts', ''],
    ['src/ledger/a.ts', "import Database from 'better-sqlite3';"],
    ['src/store/outbox.ts', "import Database from 'better-sqlite3';"],
    ['connectors/sivi-folder/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['connectors/sivi-folder/a.ts', "import { x } from '../../src/errors.js';"],
    ['connectors/sivi-folder/a.ts', "import { x } from '../visma/index.js';"],
    ['connectors/sivi-folder/a.ts', "import { x } from '../sivi/tables.js';"],
  ])('%s with %s is found', (path, text) => {
    expect(faultsOf(path, text)).toHaveLength(1);
  });

  it.each([
    ['src/mapping/a.ts', "import type { JsonObject } from '../connector.js';"],
    ['src/delivery/a.ts', "import { FINAL_STATES, type Store } from '../store/types.js';"],
    ['src/store/sqlite-file.ts', "import Database from 'better-sqlite3';"],
    [
      'connectors/sivi-folder/a.ts',
      "import { x } from '../../src/connector.js';\nimport { y } from './b.js';",
    ],
    ['src/domain/a.ts', "// import { x } from '../main.js';"],
  ])('%s with %s is fine', (path, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });
});
