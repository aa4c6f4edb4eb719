// The table of faults of the long form: what is done, on which combination of store and queue, how often when 500
// processes are killed in all, and how a series of it is run.
import { startRedis } from '../support/redis.js';
import { CLOCK_JUMPS } from './clock-faults.js';
import { FULL_DISK } from './disk-faults.js';
import { type Fault, PAGE_FAULTS, RANDOM_FAULTS, STEP_FAULTS } from './fault.js';
import { REORDERED, REPEATED } from './intake-faults.js';
import { POSTGRES_FAULTS } from './postgres-faults.js';
import { HALT, REPLICA_KILL } from './process-faults.js';
import { REDIS_FAULTS } from './redis-faults.js';
import { runScene, type SceneFault } from './scene.js';
import { runSeries, type SeriesResult } from './series.js';
import type { Combination } from './servers.js';
import { TROUBLED_FOLDERS } from './target-faults.js';
import { runVisma, VISMA_FAULT } from './visma-faults.js';

export interface SeriesJob {
  /** An empty folder. */
  readonly root: string;
  readonly seed: number;
  readonly rounds: number;
  /** Rounds of the same row in the series before. */
  readonly before: number;
}

/** One row of the results. */
export interface Row {
  readonly fault: string;
  readonly combination: Combination;
  readonly rounds: number;
  /** Most rounds of one series: the undisturbed run at its end grows with it. */
  readonly longest: number;
  run(job: SeriesJob): Promise<SeriesResult>;
}

type Often = Pick<Row, 'rounds' | 'longest'>;

const FILE: Combination = 'SQLite + embedded';
const FILE_REDIS: Combination = 'SQLite + Redis';
const SERVER: Combination = 'PostgreSQL + embedded';
const SERVER_REDIS: Combination = 'PostgreSQL + Redis';

const AT_A_STEP = 'the process is killed (SIGKILL) at a step';
const AT_RANDOM = 'the process is killed (SIGKILL) at random';

/** Every step by turns. */
function killed(fault: string, combination: Combination, often: Often, faults: readonly Fault[]): Row {
  const run = async ({ root, seed, rounds, before }: SeriesJob) => {
    const turns = Array.from({ length: rounds }, (_, round) => faults[(before + round) % faults.length]);
    const series = { root, seed, faults: turns.filter((turn) => turn !== undefined) };
    if (combination === FILE) return runSeries(series);
    const redis = await startRedis();
    return runSeries({ ...series, queue: redis.url }).finally(redis.stop);
  };
  return { fault, combination, ...often, run };
}

/** One process delivers from a file; any number from PostgreSQL. */
function onScene(fault: SceneFault, combination: Combination, often: Often): Row {
  const one = combination.startsWith('SQLite') ? { ...fault, replicas: 1 } : fault;
  const run = ({ before: _, ...job }: SeriesJob) => runScene({ ...job, combination, fault: one });
  return { fault: fault.name, combination, ...often, run };
}

const DELIVERIES_ALONE = { rounds: 10, longest: 10 };

export const ROWS: readonly Row[] = [
  ...([FILE, FILE_REDIS] as const).flatMap((combination) => [
    killed(AT_A_STEP, combination, { rounds: 75, longest: 20 }, [...STEP_FAULTS, ...PAGE_FAULTS]),
    killed(AT_RANDOM, combination, { rounds: 50, longest: 20 }, RANDOM_FAULTS),
  ]),
  ...([SERVER, SERVER_REDIS] as const).flatMap((combination) => [
    onScene(REPLICA_KILL, combination, { rounds: 125, longest: 25 }),
    onScene(HALT, combination, { rounds: 8, longest: 4 }),
    ...POSTGRES_FAULTS.map((fault) => onScene(fault, combination, { rounds: 6, longest: 6 })),
  ]),
  ...REDIS_FAULTS.flatMap(({ name, scene, runDeliveries }) => [
    onScene(scene, SERVER_REDIS, { rounds: 6, longest: 6 }),
    {
      ...{ fault: name, combination: SERVER_REDIS, ...DELIVERIES_ALONE },
      run: ({ rounds }: SeriesJob) => runDeliveries(rounds),
    },
  ]),
  onScene(FULL_DISK, FILE, { rounds: 15, longest: 15 }),
  ...([FILE, SERVER_REDIS] as const).flatMap((combination) => [
    onScene(TROUBLED_FOLDERS, combination, { rounds: 15, longest: 15 }),
    {
      ...{ fault: VISMA_FAULT, combination, rounds: 5, longest: 5 },
      run: ({ seed, rounds }: SeriesJob) => runVisma({ seed, rounds, combination }),
    },
    onScene(CLOCK_JUMPS, combination, { rounds: 10, longest: 10 }),
    onScene(REPEATED, combination, { rounds: 15, longest: 15 }),
    onScene(REORDERED, combination, { rounds: 15, longest: 15 }),
  ]),
];
