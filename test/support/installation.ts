// One installation as its operator has it: a folder with config.yaml, in/ and out/, and the commands run on it in this
// process, with what they print captured.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runCommand } from '../../src/cli.js';
import { tempFolder } from './temp-folder.js';

export interface Answer {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface Installation {
  readonly path: string;
  readonly config: string;
  /** Runs a command as `verzuimbrug ...words --config FILE` would. */
  run(...words: readonly string[]): Promise<Answer>;
  /** As `run`, with `answer` typed to whatever is asked. */
  answer(answer: boolean, ...words: readonly string[]): Promise<Answer>;
  /** Puts a file in the inbox, each a second younger than the one before. */
  put(name: string, content: string | Uint8Array): void;
  /** Writes config.yaml anew: what is given replaces the top-level options of that name. */
  configure(options: ConfigText): void;
  /** Names in a folder, sorted; empty when there is no such folder. */
  names(folder: string): string[];
  text(path: string): string;
  /** Contents of out/, in the order of their names. */
  sent(folder?: string): string[];
  remove(): void;
}

export type ConfigText = Readonly<Record<string, unknown>>;

export const HR = {
  connector: 'sivi-folder',
  party: 'employer',
  settings: { inbox: './in', done: './done', failed: './failed', settleSeconds: 0 },
};

/** A folder target that writes to `outbox`. */
export function arbo(outbox = './out', settings: ConfigText = {}): ConfigText {
  const agreed = { release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' };
  return { connector: 'sivi-folder', party: 'arbodienst', settings: { outbox, ...agreed, ...settings } };
}

/** The route from `hr` to `arbo`; `more` adds options of the route. */
export function absences(more: ConfigText = {}): ConfigText {
  return { name: 'absences', from: 'hr', to: 'arbo', ...more };
}

const DEFAULTS: ConfigText = {
  instance: 'test',
  store: { url: 'sqlite:./data/bridge.db' },
  masterKey: 'file:./data/master.key',
  http: { port: 0 },
  logLevel: 'silent',
  connections: { hr: HR, arbo: arbo() },
  routes: [absences()],
};

/** Long ago, so that no file is younger than the clock. */
const FIRST_FILE_AT = Date.UTC(2026, 0, 1) / 1000;

export function makeInstallation(options: ConfigText = {}): Installation {
  const folder = tempFolder();
  const path = folder.path;
  const config = join(path, 'config.yaml');
  let files = 0;
  let current = { ...DEFAULTS, ...options };
  const write = () => writeFileSync(config, stringify(current));
  const names = (name: string) => (existsSync(join(path, name)) ? readdirSync(join(path, name)).sort() : []);
  const text = (name: string) => readFileSync(join(path, name), 'utf8');
  for (const name of ['in', 'out']) mkdirSync(join(path, name));
  write();
  return {
    path,
    config,
    run: (...words) => runOn(words, config, true),
    answer: (answer, ...words) => runOn(words, config, answer),
    put(name, content) {
      const file = join(path, 'in', name);
      writeFileSync(file, content);
      files += 1;
      utimesSync(file, FIRST_FILE_AT + files, FIRST_FILE_AT + files);
    },
    configure(changed) {
      current = { ...current, ...changed };
      write();
    },
    names,
    text,
    sent: (out = 'out') =>
      names(out)
        .filter((name) => name.endsWith('.xml'))
        .map((name) => text(join(out, name))),
    remove: folder.remove,
  };
}

async function runOn(words: readonly string[], config: string, answer: boolean): Promise<Answer> {
  const said = { out: '', err: '' };
  const exit = await runCommand([...words, '--config', config], {
    out: (piece) => {
      said.out += piece;
    },
    err: (piece) => {
      said.err += piece;
    },
    confirm: async () => answer,
    actor: 'tester',
    stopped: new AbortController().signal,
  });
  return { exit, ...said };
}

/** Every file below a folder, with its size and time and bytes: two snapshots are equal when nothing was written. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    const { mtimeMs } = statSync(file);
    found[file] = entry.isFile() ? `${mtimeMs} ${readFileSync(file).toString('latin1')}` : 'folder';
  }
  return found;
}
