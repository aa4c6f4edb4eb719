// One installation on disk for the crash tests: an inbox that is fed, two receivers' outboxes, and the receivers
// themselves, who may take files away at any moment.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CONNECTORS } from '../../connectors/index.js';
import { type LoadedConfig, loadConfig } from '../../src/config/load.js';
import type { FedFile } from './feed.js';
import { type Arrival, readArrival } from './oracle.js';

/** One holds partial percentages, the other lets them pass. */
export const ROUTES = ['holding', 'passing'] as const;
export type RouteName = (typeof ROUTES)[number];

/** What differs between the combinations of store and queue, as in the configuration. */
export interface Setting {
  /** `postgres://...`; a file when absent. */
  readonly store?: string;
  readonly queue?: string;
}

const FILE = 'sqlite:./store/crash.db';

const configOf = ({ store = FILE, queue = 'embedded' }: Setting) => `# Made by the crash tests.
instance: crash
store: { url: "${store}", encryption: off, auditCheckpoint: ./store/audit-checkpoint.json }
queue: { url: "${queue}" }
masterKey: file:./store/crash.key
http: { port: 0 }
logLevel: error
delivery: { firstRetrySeconds: 1, longestRetrySeconds: ${store === FILE ? 60 : 2}, pauseSeconds: 1, timeoutSeconds: ${store === FILE ? 60 : 2} }
connections:
  hr: { connector: sivi-folder, party: employer, settings: { inbox: ./in, done: ./done, failed: ./failed, settleSeconds: 0 } }
  holder: { connector: sivi-folder, party: arbodienst, settings: { outbox: ./out-holding, release: "2026", sender: Bridge, receiver: A } }
  passer: { connector: sivi-folder, party: arbodienst, settings: { outbox: ./out-passing, release: "2024", sender: Bridge, receiver: B } }
routes:
  - { name: holding, from: hr, to: holder }
  - { name: passing, from: hr, to: passer, privacy: { partialPercentage: allow } }
`;

export interface Site {
  readonly root: string;
  /** Of the bridge. */
  readonly config: string;
  /** Of the tests themselves. */
  readonly loaded: LoadedConfig;
  /** Is every file of the inbox put away? */
  isEmpty(): boolean;
  put(files: readonly FedFile[]): void;
  /** A receiver takes what it finds. */
  take(route: RouteName): void;
  /** Everything that came to a receiver: what was taken in the order of taking, then the rest by name. */
  arrivals(route: RouteName): Arrival[];
  /** What is wrong with the folders; `whole` also asks that all work is done. */
  faults(whole: boolean): string[];
}

const isMessage = (name: string) => name.endsWith('.xml');

/** `direct` is how the tests themselves reach the store, where the bridge goes a way that is cut at times. */
export function makeSite(root: string, setting: Setting = {}, direct = setting): Site {
  for (const folder of ['in', 'store', 'taken-holding', 'taken-passing'])
    mkdirSync(join(root, folder), { recursive: true });
  const config = join(root, 'config.yaml');
  const own = join(root, 'direct.yaml');
  writeFileSync(config, configOf(setting));
  writeFileSync(own, configOf(direct));
  const fed: FedFile[] = [];
  const decoded = new Map<string, Arrival>();
  const taken: Record<RouteName, string[]> = { holding: [], passing: [] };
  const names = (folder: string) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : [];
  const read = (folder: string, name: string) => readFileSync(join(root, folder, name));

  /** Decoded once: the outboxes are looked at after every crash. */
  function arrivalOf(file: string, content: Uint8Array): Arrival {
    const key = `${file} ${digest(content)}`;
    const arrival = decoded.get(key) ?? readArrival(file, content);
    decoded.set(key, arrival);
    return arrival;
  }

  function put(file: FedFile): void {
    fed.push(file);
    const number = file.oldName ? Math.ceil(fed.length / 2) : fed.length;
    const name = (of: number) => join(root, 'in', `hr-${String(of).padStart(6, '0')}.xml`);
    const path = existsSync(name(number)) ? name(fed.length) : name(number);
    const unfinished = join(root, 'in', '.unfinished');
    writeFileSync(unfinished, file.content);
    const at = Date.UTC(2026, 8, 1) / 1000 + fed.length;
    utimesSync(unfinished, at, at);
    renameSync(unfinished, path);
  }

  return {
    ...{ root, config, loaded: loadConfig(own, CONNECTORS), isEmpty: () => !names('in').some(isMessage) },
    put: (files) => files.forEach(put),
    take(route) {
      for (const name of names(`out-${route}`).filter(isMessage)) {
        renameSync(
          join(root, `out-${route}`, name),
          join(root, `taken-${route}`, `${taken[route].length}-${name}`),
        );
        taken[route].push(name);
      }
    },
    arrivals: (route) => [
      ...taken[route].map((name, index) => arrivalOf(name, read(`taken-${route}`, `${index}-${name}`))),
      ...names(`out-${route}`)
        .filter(isMessage)
        .map((name) => arrivalOf(name, read(`out-${route}`, name))),
    ],
    faults: (whole) => [...originalFaults(fed, { names, read }), ...(whole ? unfinishedFaults(names) : [])],
  };
}

interface Folders {
  names(folder: string): string[];
  read(folder: string, name: string): Uint8Array;
}

/** Every file that was fed is in exactly one of the three folders, once, with its bytes as they were. */
function originalFaults(fed: readonly FedFile[], { names, read }: Folders): string[] {
  const found = ['in', 'done', 'failed'].flatMap((folder) =>
    names(folder)
      .filter(isMessage)
      .map((name) => digest(read(folder, name))),
  );
  const left = [...found];
  const missing = fed.filter(({ content }) => {
    const at = left.indexOf(digest(content));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [
    ...(missing.length > 0 ? [`${missing.length} original(s) are gone`] : []),
    ...(left.length > 0 ? [`${left.length} original(s) are there twice`] : []),
  ];
}

function unfinishedFaults(names: Folders['names']): string[] {
  const failed = names('failed');
  const notes = failed.filter((name) => name.endsWith('.error.txt'));
  const explained = failed.filter(isMessage).filter((name) => notes.includes(`${name}.error.txt`));
  const parts = ['out-holding', 'out-passing', 'done', 'failed'].flatMap((folder) =>
    names(folder).filter((name) => name.endsWith('.part')),
  );
  const waiting = names('in');
  return [
    ...(waiting.length > 0 ? [`${waiting.length} file(s) are still in the inbox`] : []),
    ...(parts.length > 0 ? [`${parts.length} unfinished file(s) were left behind`] : []),
    ...(notes.length !== explained.length || explained.length !== failed.filter(isMessage).length
      ? ['failed/ holds a note without its file, or a file without its note']
      : []),
  ];
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
