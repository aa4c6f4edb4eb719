// `npm run torture -- [--rounds N] [--seed S] [--jobs N] [--fault WORDS]`: the long form of the crash tests. Series of
// crashes for each fault (or those whose name holds the words) and some that mix them; prints a table and ends with exit
// code 1 when anything in it is not right.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.js';
import { createChance } from '../../src/demo/chance.js';
import { type Fault, PAGE_FAULTS, RANDOM_FAULTS, STEP_FAULTS } from './fault.js';
import { NO_FINDINGS } from './oracle.js';
import { runSeries, type SeriesResult } from './series.js';
import { type Line, renderTable, roundsOf } from './table.js';

/** Crashes in one series: more make it slower, because the undisturbed run at its end grows with it. */
const LONGEST = 20;

interface Plan {
  readonly fault: string;
  readonly faults: readonly Fault[];
  readonly seed: number;
}

/** One part of the rounds for each fault by itself, less for the slow ones, and as much as for three for a mix. */
function plan(rounds: number, seed: number, words: string): Plan[] {
  const chance = createChance(seed);
  const named = (faults: readonly Fault[]) => faults.filter(({ name }) => name.includes(words));
  const all = named([...STEP_FAULTS, ...RANDOM_FAULTS]);
  const share = Math.max(1, Math.ceil(rounds / (all.length + 3)));
  const mixed = (count: number) =>
    Array.from({ length: count }, () => all[chance.below(all.length)]).filter((fault) => fault !== undefined);
  const whole = [
    ...named(PAGE_FAULTS).map((fault) => ({ fault: fault.name, faults: times(fault, Math.ceil(share / 4)) })),
    ...all.map((fault) => ({ fault: fault.name, faults: times(fault, share) })),
    { fault: 'any of these, mixed', faults: mixed(share * 3) },
  ];
  return whole
    .flatMap(({ fault, faults }) => inSeries(faults).map((part) => ({ fault, faults: part })))
    .map((part, index) => ({ ...part, seed: seed * 1000 + index }));
}

function times(fault: Fault, count: number): Fault[] {
  return Array.from({ length: count }, () => fault);
}

function inSeries(faults: readonly Fault[]): (readonly Fault[])[] {
  const parts: (readonly Fault[])[] = [];
  for (let from = 0; from < faults.length; from += LONGEST) parts.push(faults.slice(from, from + LONGEST));
  return parts;
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

async function runOne({ fault, faults, seed }: Plan): Promise<Line> {
  const root = mkdtempSync(join(tmpdir(), 'verzuimbrug-torture-'));
  const result = await runSeries({ root, seed, faults }).catch(brokenOff);
  const wrong = result.lost + result.doubled + result.disordered + result.other.length;
  process.stdout.write(
    `${fault}: ${roundsOf(result)} crashes, ${result.notifications} notifications, seed ${seed}\n`,
  );
  for (const name of result.missed) process.stdout.write(`  did not come about: ${name}\n`);
  for (const words of result.other) process.stdout.write(`  ${words}\n`);
  if (wrong > 0) process.stdout.write(`  not right; kept: ${root}\n`);
  else rmSync(root, { recursive: true, force: true });
  return { ...result, fault };
}

/** A bridge that ends in an error of its own, or a file that nobody can read. */
function brokenOff(error: unknown): SeriesResult {
  return { ...NO_FINDINGS, other: [String(error)], rounds: new Map(), missed: [], notifications: 0 };
}

/** The series of one fault as one line. */
function joined(lines: readonly Line[]): Line[] {
  const names = [...new Set(lines.map((line) => line.fault))].sort();
  return names.map((fault) => {
    const own = lines.filter((line) => line.fault === fault);
    const sum = (count: (line: Line) => number) => own.reduce((total, line) => total + count(line), 0);
    return {
      fault,
      rounds: new Map([[fault, sum(roundsOf)]]),
      missed: own.flatMap((line) => line.missed),
      notifications: sum((line) => line.notifications),
      lost: sum((line) => line.lost),
      doubled: sum((line) => line.doubled),
      disordered: sum((line) => line.disordered),
      other: own.flatMap((line) => line.other),
    };
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(systemClock.now() % 100_000) },
      fault: { type: 'string', default: '' },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const plans = plan(Number(values.rounds), Number(values.seed), values.fault);
  const lines = joined(await runAll(plans, Number(values.jobs)));
  process.stdout.write(`\n${renderTable(lines)}\nseed ${values.seed}\n`);
  const isWrong = lines.some((line) => line.lost + line.doubled + line.disordered + line.other.length > 0);
  return isWrong ? 1 : 0;
}

process.exitCode = await main();
