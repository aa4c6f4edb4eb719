// The product as a process of its own, through bin/verzuimbrug.js: one command to its end, or a daemon that is waited
// for by what it logs and stopped by a signal.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectFolder } from '../../src/main.js';
import type { Answer } from './installation.js';

const BIN = join(projectFolder(), 'bin/verzuimbrug.js');
const PATIENCE_MS = 60_000;

/** Runs `verzuimbrug ...words` to its end; `node` is another Node than this one, with options of its own. */
export async function runChild(
  words: readonly string[],
  node = process.execPath,
  options: readonly string[] = [],
): Promise<Answer> {
  const { said, exit } = startChild(words, node, options);
  return { exit: await exit, ...said };
}

export interface Daemon {
  readonly port: number;
  /** What it wrote so far. */
  readonly said: { out: string; err: string };
  get(path: string): Promise<{ status: number; body: string }>;
  /** Sends the signal and resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>;
}

/** Starts the daemon; resolves once it serves. Needs `logLevel: info` or `debug`. */
export async function startDaemon(config: string): Promise<Daemon> {
  const { child, said, exit } = startChild(['run', '--config', config]);
  let gone: number | null = null;
  exit.then((code) => {
    gone = code;
  });
  const running = /"port":(\d+)[^\n]*"running"/;
  await until('the daemon serves', () => {
    if (gone !== null) throw new Error(`the daemon ended with ${gone}: ${said.err}`);
    return running.test(said.err);
  });
  const port = Number(running.exec(said.err)?.[1]);
  return {
    port,
    said,
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, body: await response.text() };
    },
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exit;
    },
  };
}

/** Looks until `check` says yes; an error after a long time, with what was waited for. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const rounds = patienceMs / 20;
  for (let round = 0; round < rounds; round += 1) {
    if (await check()) return;
    await pause(20);
  }
  throw new Error(`waited in vain until ${what}`);
}

export interface Child {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly said: { out: string; err: string };
  readonly exit: Promise<number>;
}

export function startChild(
  words: readonly string[],
  node = process.execPath,
  options: readonly string[] = [],
): Child {
  if (!existsSync(join(projectFolder(), 'dist/src/cli.js')))
    throw new Error('the build is missing: run `npm run setup` first');
  const child = spawn(node, [...options, BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (piece) => {
    said.out += piece;
  });
  child.stderr.on('data', (piece) => {
    said.err += piece;
  });
  return { child, said, exit: ended(child) };
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? (signal === null ? -1 : 128)));
  });
}
