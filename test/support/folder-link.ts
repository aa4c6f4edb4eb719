// A folder connection on a real disk, for tests: its folders, its clock, and the connector on top.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { siviFolder } from '../../connectors/sivi-folder/index.js';
import type { ConnectedSystem, Source, Target } from '../../src/connector.js';
import { type Files, localFiles } from '../../src/files.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { connectorDeps } from './connector-deps.js';
import { tempFolder } from './temp-folder.js';

export interface FolderLink {
  readonly clock: ManualClock;
  readonly root: string;
  /** The connection anew, with inbox and outbox; on other files than the disk's when given. */
  connect(files?: Files, settings?: Readonly<Record<string, unknown>>): ConnectedSystem;
  source(files?: Files, settings?: Readonly<Record<string, unknown>>): Source;
  target(files?: Files, settings?: Readonly<Record<string, unknown>>): Target;
  /** Puts a file in the inbox, each a second younger than the one before. */
  put(name: string, content: string): void;
  /** Names in a folder below the root, sorted; empty when there is no such folder. */
  names(folder: string): string[];
  text(path: string): string;
  close(): void;
}

export const SETTINGS = {
  inbox: './in',
  done: './done',
  failed: './failed',
  outbox: './out',
  release: '2026',
  sender: 'Verzuimbrug',
  receiver: 'ARBO-1',
};

export function folderLink(): FolderLink {
  const folder = tempFolder();
  const root = folder.path;
  const clock = manualClock();
  let written = 0;
  mkdirSync(`${root}/in`);
  const connect: FolderLink['connect'] = (files = localFiles, settings = {}) =>
    siviFolder.create(siviFolder.settingsSchema.parse({ ...SETTINGS, ...settings }), {
      ...connectorDeps({ connection: 'files', clock, files }),
      resolvePath: (path) => (path.startsWith('/') ? path : `${root}/${path.replace(/^\.\//, '')}`),
    });
  const whole = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the connection lacks it');
    return part;
  };
  return {
    clock,
    root,
    connect,
    source: (files, settings) => whole(connect(files, settings).source),
    target: (files, settings) => whole(connect(files, settings).target),
    put(name, content) {
      const path = `${root}/in/${name}`;
      writeFileSync(path, content);
      written += 1;
      const seconds = Date.UTC(2026, 2, 1) / 1000 + written;
      utimesSync(path, seconds, seconds);
    },
    names: (path) => {
      try {
        return readdirSync(`${root}/${path}`).sort();
      } catch {
        return [];
      }
    },
    text: (path) => readFileSync(`${root}/${path}`, 'utf8'),
    close: () => folder.remove(),
  };
}
