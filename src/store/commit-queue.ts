// Group commit: units of work that wait at the same moment run one after the other in one transaction, each inside
// its own savepoint, and share one forced write. A unit that fails is undone alone. Nobody hears anything before the
// commit; when the commit fails, everybody of the group hears that.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../errors.js';
import type { Log } from '../log.js';
import { unavailable } from './unavailable.js';

/** The connection that writes. It may answer at once, as SQLite does, or with a promise. */
export interface Transactor {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
}

export interface CommitQueue {
  run<T>(unit: () => Promise<T>): Promise<T>;
  /** Resolves when all that waits has run; afterwards `run` is refused. */
  close(): Promise<void>;
}

export interface CommitQueueOptions {
  /** Runs after each commit, before anybody hears of it. An error of it is logged: what is committed stays so. */
  readonly afterCommit: () => void;
  /** Most units in one transaction; default 200. */
  readonly maxGroup?: number;
  readonly log?: Log;
}

interface Job {
  readonly unit: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What each job of a group hears once the group is over. */
type Verdict = () => void;

const MAX_GROUP = 200;

export function createCommitQueue(file: Transactor, options: CommitQueueOptions): CommitQueue {
  const maxGroup = options.maxGroup ?? MAX_GROUP;
  const inUnit = new AsyncLocalStorage<{ running: boolean }>();
  const waiting: Job[] = [];
  let draining: Promise<void> | null = null;
  let closed = false;

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        // Let everything that is ready to write join: without this turn each unit would be a group of its own.
        await nextTurn();
        await runNext(waiting.splice(0, maxGroup));
      }
    } finally {
      draining = null;
    }
  }

  async function runNext(group: readonly Job[]): Promise<void> {
    try {
      const outcome = await runGroup(file, group, inUnit);
      if (outcome.committed) tidy();
      waiting.unshift(...outcome.notRun);
      for (const verdict of outcome.verdicts) verdict();
    } catch (error) {
      for (const job of group) job.reject(unavailable(error));
    }
  }

  function tidy(): void {
    try {
      options.afterCommit();
    } catch (error) {
      options.log?.error('what follows a commit failed', {}, error);
    }
  }

  return {
    run<T>(unit: () => Promise<T>): Promise<T> {
      if (closed) return Promise.reject(new CodedError('STORE_UNAVAILABLE', [], { detail: 'It is closed.' }));
      if (inUnit.getStore()?.running) {
        return Promise.reject(new Error('A unit must not start another write: it would wait for itself.'));
      }
      return new Promise<T>((resolve, reject) => {
        waiting.push({ unit, resolve: resolve as (value: unknown) => void, reject });
        draining ??= drain();
      });
    },
    async close() {
      closed = true;
      await draining;
    },
  };
}

async function runGroup(
  file: Transactor,
  group: readonly Job[],
  inUnit: AsyncLocalStorage<{ running: boolean }>,
): Promise<{ verdicts: Verdict[]; committed: boolean; notRun: readonly Job[] }> {
  const done: { job: Job; value: unknown }[] = [];
  const verdicts: Verdict[] = [];
  const lose = (error: unknown): Verdict[] => [
    ...verdicts,
    ...done.map((entry) => () => entry.job.reject(unavailable(error))),
  ];
  try {
    // Left over when an earlier group could not be undone: nothing may be added to it, let alone committed with it.
    if (file.inTransaction) await file.exec('ROLLBACK');
    await file.exec('BEGIN IMMEDIATE');
  } catch (error) {
    return {
      verdicts: group.map((job) => () => job.reject(unavailable(error))),
      committed: false,
      notRun: [],
    };
  }
  for (const [index, job] of group.entries()) {
    try {
      done.push({ job, value: await runUnit(file, job, inUnit) });
    } catch (error) {
      verdicts.push(() => job.reject(error));
      // A full disk makes SQLite undo the whole transaction by itself; those before this one are lost with it.
      if (!(await undoUnit(file)))
        return { verdicts: lose(error), committed: false, notRun: group.slice(index + 1) };
    }
  }
  try {
    await file.exec('COMMIT');
  } catch (error) {
    await undoAll(file);
    return { verdicts: lose(error), committed: false, notRun: [] };
  }
  verdicts.push(...done.map((entry) => () => entry.job.resolve(entry.value)));
  return { verdicts, committed: true, notRun: [] };
}

async function runUnit(
  file: Transactor,
  job: Job,
  inUnit: AsyncLocalStorage<{ running: boolean }>,
): Promise<unknown> {
  const scope = { running: true };
  await file.exec('SAVEPOINT unit');
  let value: unknown;
  try {
    value = await inUnit.run(scope, job.unit);
  } finally {
    scope.running = false;
  }
  await file.exec('RELEASE unit');
  return value;
}

/** Undoes the failed unit alone; false when its whole transaction is gone. */
async function undoUnit(file: Transactor): Promise<boolean> {
  if (!file.inTransaction) return false;
  try {
    await file.exec('ROLLBACK TO unit; RELEASE unit');
    return true;
  } catch {
    await undoAll(file);
    return false;
  }
}

/** Where even this fails, the next group tries it again before it begins. */
async function undoAll(file: Transactor): Promise<void> {
  try {
    if (file.inTransaction) await file.exec('ROLLBACK');
  } catch {
    // The reason for undoing is what the units hear.
  }
}
