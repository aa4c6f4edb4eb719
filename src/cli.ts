// The commands: their names, options and exit codes are a contract that others script against.
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, CommanderError, Option } from 'commander';
import { CONNECTORS } from '../connectors/index.js';
import { exportAudit, verifyAudit } from './commands/audit.js';
import { check, renderProblems } from './commands/check.js';
import { EXIT, type Io } from './commands/io.js';
import { type ParkedAction, parked } from './commands/parked.js';
import { preview } from './commands/preview.js';
import { reportPrivacy } from './commands/privacy-report.js';
import { rekey } from './commands/rekey.js';
import { resend } from './commands/resend.js';
import { run } from './commands/run.js';
import { status } from './commands/status.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import { CodedError, ERRORS } from './errors.js';
import { projectFolder } from './main.js';

const DEFAULT_CONFIG = 'config.yaml';

/** Those that end what they began when they are told to stop; a signal ends the others at once. */
const STOPPED_GENTLY: readonly (string | undefined)[] = ['run', 'demo', 'start'];

/** Runs one command on this terminal; resolves to its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const gently = STOPPED_GENTLY.includes(args[0]);
  for (const signal of gently ? (['SIGTERM', 'SIGINT'] as const) : [])
    process.once(signal, () => stop.abort());
  return runCommand(args, terminal(stop.signal));
}

export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  let exit: number = EXIT.ok;
  const program = describeCommands(io, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    return reportError(error, io);
  }
}

function reportError(error: unknown, io: Io): number {
  // Commander has printed its own message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrong;
  if (!(error instanceof CodedError)) return reportForeign(error, io);
  io.err(error.problems.length > 0 ? renderProblems(error.problems) : `${error.message} [${error.code}]\n`);
  if (error.problems.length === 0) io.err(`${ERRORS[error.code].act}\n`);
  return EXIT.wrong;
}

/** The system's own errors name paths and ports; of any other only the place is shown: its words might repeat values. */
function reportForeign(error: unknown, io: Io): number {
  const { name, message, stack, syscall } = Object(error);
  if (syscall !== undefined) {
    io.err(`${message}\n`);
    return EXIT.wrong;
  }
  const frames = String(stack ?? '')
    .split('\n')
    .filter(isFrame);
  io.err(`${[`${ERRORS.BUG.text} [BUG]`, name ?? typeof error, ...frames].join('\n')}\n`);
  return 1;
}

const isFrame = (line: string): boolean => line.trimStart().startsWith('at ');

type Action = (io: Io) => Promise<number>;

function describeCommands(io: Io, done: (code: number) => void): Command {
  const program = new Command('verzuimbrug')
    .description('Carries sick and recovery notifications from the HR system to the arbodienst.')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  const act = (action: Action) => action(io).then(done);
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--config <file>', 'the configuration', DEFAULT_CONFIG);

  command('run', 'run the daemon')
    .option('--once', 'poll every source once, deliver all that is due, stop')
    .action((options) => act((at) => run(load(options), options, at)));
  command('check', 'check configuration, mappings, the privacy proof and secrets')
    .option('--online', 'also log in everywhere')
    .action((options) => act((at) => check(load(options), options, at)));
  command('preview', 'dry run of one input file: what would be sent, removed and held')
    .argument('<file>')
    .requiredOption('--route <name>', 'the route')
    .option('--json', 'as JSON')
    .action((file, options) => act((at) => preview(load(options), { ...options, file }, at)));
  command('privacy-report', 'field by field: what goes over, what never does, and why')
    .option('--route <name>', 'one route only')
    .addOption(new Option('--format <format>', 'of the report').choices(['md', 'json']).default('md'))
    .action((options) => act((at) => reportPrivacy(load(options), options, at)));
  command('status', 'what runs, what waits, what needs a person')
    .option('--json', 'as JSON')
    .action((options) => act((at) => status(load(options), options, at)));
  command('resend', "send a case's present state again, as if the receiver knew nothing of it")
    .requiredOption('--route <name>', 'the route')
    .requiredOption('--case <id>', 'the case id at the source')
    .option('--employer <id>', 'when more than one employer has a case of that id')
    .option('--dry-run', 'only show what would go')
    .option('--yes', 'do not ask')
    .action((options) => act((at) => resend(load(options), options, at)));
  command('rekey', 'replace the master key and seal everything anew').action((options) =>
    act((at) => rekey(load(options), at)),
  );
  describeParked(program, act);
  describeAudit(program, act);
  describeStore(program, act);
  describeDemo(program, act);
  return program;
}

function version(): string {
  const text = readFileSync(join(projectFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function describeParked(program: Command, act: (action: Action) => Promise<void>): void {
  const group = program.command('parked').description('what waits for a person');
  const command = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option('--config <file>', 'the configuration', DEFAULT_CONFIG);
  const on = (options: ConfigOption, action: ParkedAction) => act((io) => parked(load(options), action, io));
  command('list', 'all that is parked, and what waits behind it')
    .option('--json', 'as JSON')
    .action((options) => on(options, { verb: 'list', ...options }));
  command('show', 'one parked item with its history')
    .argument('<id>')
    .option('--json', 'as JSON')
    .option('--open', 'open its sealed content; this is audited')
    .action((id, options) => on(options, { verb: 'show', id, ...options }));
  command('release', 'approve it and let it go on')
    .argument('<id>')
    .action((id, options) => on(options, { verb: 'release', id }));
  command('discard', 'never send it')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; kept in the audit, so no names and nothing medical')
    .action((id, options) => on(options, { verb: 'discard', id, reason: options.reason }));
}

function describeAudit(program: Command, act: (action: Action) => Promise<void>): void {
  const group = program.command('audit').description('prove that the record of what was done is whole');
  const command = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option('--config <file>', 'the configuration', DEFAULT_CONFIG);
  command('verify', 'walk the chain').action((options) => act((io) => verifyAudit(load(options), io)));
  command('export', 'as JSON lines')
    .option('--from <moment>', 'first date or instant (UTC)')
    .option('--to <moment>', 'date or instant to stop before (UTC)')
    .action((options) => act((io) => exportAudit(load(options), options, io)));
}

function describeStore(program: Command, act: (action: Action) => Promise<void>): void {
  program
    .command('store')
    .description('where everything is kept')
    .command('copy')
    .description('move from a SQLite file to PostgreSQL; the target has to be empty')
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .requiredOption('--to <url>', 'postgres://USER@HOST:PORT/DATABASE')
    .option('--password <reference>', 'of its user: env:NAME or file:PATH')
    .addOption(new Option('--encryption <how>', 'of the connection').choices(['verified', 'off']))
    .option('--ca <file>', 'certificates that may vouch for it, PEM')
    .action((options) =>
      act(async (io) => {
        const { storeCopy } = await import('./commands/store-copy.js');
        return storeCopy(load(options), options, io);
      }),
    );
}

function describeDemo(program: Command, act: (action: Action) => Promise<void>): void {
  program
    .command('demo')
    .description('a made-up school group; nothing leaves the machine')
    .option('--once', 'end after the summary')
    .option(
      '--folder <folder>',
      'where its files are kept, emptied first; data/demo of the product when absent',
    )
    .action((options) => act((io) => play(options, io)));
  program
    .command('start', { hidden: true })
    .description('what `npm start` does: run when there is a config.yaml, else the demo')
    .action(() => act((io) => (existsSync(DEFAULT_CONFIG) ? run(load({}), {}, io) : play({}, io))));
}

/** The systems that it plays are loaded only for it. */
async function play(options: { once?: boolean; folder?: string }, io: Io): Promise<number> {
  const { demo } = await import('./commands/demo.js');
  return demo(options, io);
}

interface ConfigOption {
  readonly config?: string;
}

function load(options: ConfigOption): LoadedConfig {
  return loadConfig(options.config ?? DEFAULT_CONFIG, CONNECTORS);
}

/** In a container the user may have no account, only a number. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function terminal(stopped: AbortSignal): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    actor: account(),
    stopped,
    async confirm(question) {
      if (!process.stdin.isTTY) return true;
      const prompt = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await prompt.question(`${question} [y/N] `);
      prompt.close();
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}
