// `npm run torture -- [--rounds N] [--seed S] [--jobs N] [--fault WORDS] [--combination WORDS]`: the long form of the
// crash tests. Series of every fault of the table (or those whose name holds the words), `--rounds` kills in all and the
// others in proportion; prints a table and ends with exit code 1 when anything in it is not right.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { ROWS, type Row, type SeriesJob } from './fault-table.js';
import { NO_FINDINGS } from './oracle.js';
import type { SeriesResult } from './series.js';
import { joined, type Line, renderTable, roundsOf, wrongIn } from './table.js';
import { chosen, readOptions, type TortureOptions } from './torture-options.js';

/** Kills that the rounds of the table are meant for. */
const KILLS = 500;

interface Plan extends Omit<SeriesJob, 'root'> {
  readonly row: Row;
}

/** Series of each row; the longest first, so that none is waited for at the end. */
function plan({ rounds, seed, ...words }: TortureOptions): Plan[] {
  const plans = chosen(ROWS, words).flatMap((row) => {
    const own = Math.max(1, Math.ceil((row.rounds * rounds) / KILLS));
    const starts = Array.from({ length: Math.ceil(own / row.longest) }, (_, part) => part * row.longest);
    return starts.map((before) => ({ row, before, rounds: Math.min(row.longest, own - before) }));
  });
  return plans.map((one, index) => ({ ...one, seed: seed * 1000 + index }));
}

async function runAll(plans: readonly Plan[], jobs: number): Promise<Line[]> {
  const waiting = [...plans];
  const lines: Line[] = [];
  async function worker(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) lines.push(await runOne(next));
  }
  await Promise.all(Array.from({ length: jobs }, worker));
  return lines;
}

async function runOne({ row, ...job }: Plan): Promise<Line> {
  const { fault, combination } = row;
  const root = mkdtempSync(join(tmpdir(), 'verzuimbrug-torture-'));
  const began = systemClock.now();
  const result = await row.run({ root, ...job }).catch(brokenOff);
  const line = { ...result, fault, combination };
  const took = Math.round((systemClock.now() - began) / 1000);
  const counts = `${roundsOf(result)} rounds, ${result.notifications} notifications, ${took} s`;
  process.stdout.write(`${fault}, ${combination}: ${counts}, seed ${job.seed}\n`);
  for (const name of result.missed) process.stdout.write(`  did not come about: ${name}\n`);
  for (const words of result.other) process.stdout.write(`  ${words}\n`);
  if (wrongIn(line) > 0) process.stdout.write(`  not right; kept: ${root}\n`);
  else rmSync(root, { recursive: true, force: true });
  return line;
}

/** A bridge that ends in an error of its own, or a file that nobody can read. */
function brokenOff(error: unknown): SeriesResult {
  return { ...NO_FINDINGS, other: [String(error)], rounds: new Map(), missed: [], notifications: 0 };
}

async function main(args: readonly string[]): Promise<number> {
  const seed = 1 + (systemClock.now() % 100_000);
  // Most of them wait most of the time.
  const jobs = availableParallelism() * 2;
  const options = readOptions(args, ROWS, { rounds: KILLS, seed, jobs });
  if ('text' in options) {
    process.stderr.write(options.text);
    return options.exit;
  }
  const order = ROWS.map((row) => `${row.fault}, ${row.combination}`);
  const lines = joined(await runAll(plan(options), options.jobs), order);
  process.stdout.write(`\n${renderTable(lines)}\nseed ${options.seed}\n`);
  return lines.some((line) => wrongIn(line) > 0) ? 1 : 0;
}

// Every server of a test listens for the end of this process, and here are many at a time.
process.setMaxListeners(0);
process.exitCode = await main(process.argv.slice(2));
