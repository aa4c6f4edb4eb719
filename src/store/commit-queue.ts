// Group commit: units of work that wait at the same moment run one after the other in one transaction, each inside
// its own savepoint, and share one forced write. A unit that fails is undone alone. Nobody hears anything before the
// commit; when the commit fails, everybody of the group hears that.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../errors.js';
import { unavailable } from './unavailable.js';

/** The connection that writes; every call runs to its end before it returns. */
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
  /** Runs after each commit, before anybody hears of it; must not throw. */
  readonly afterCommit: () => void;
  /** Most units in one transaction; default 200. */
  readonly maxGroup?: number;
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
    while (waiting.length > 0) {
      // Let everything that is ready to write join: without this turn each unit would be a group of its own.
      await nextTurn();
      const group = waiting.splice(0, maxGroup);
      const outcome = await runGroup(file, group, inUnit);
      if (outcome.committed) options.afterCommit();
      waiting.unshift(...outcome.notRun);
      for (const verdict of outcome.verdicts) verdict();
    }
    draining = null;
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
    file.exec('BEGIN IMMEDIATE');
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
      if (!undoUnit(file)) return { verdicts: lose(error), committed: false, notRun: group.slice(index + 1) };
    }
  }
  try {
    file.exec('COMMIT');
  } catch (error) {
    if (file.inTransaction) file.exec('ROLLBACK');
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
  file.exec('SAVEPOINT unit');
  try {
    const value = await inUnit.run(scope, job.unit);
    file.exec('RELEASE unit');
    return value;
  } finally {
    scope.running = false;
  }
}

/** Undoes the failed unit alone; false when its whole transaction is gone. */
function undoUnit(file: Transactor): boolean {
  if (!file.inTransaction) return false;
  try {
    file.exec('ROLLBACK TO unit; RELEASE unit');
    return true;
  } catch {
    if (file.inTransaction) file.exec('ROLLBACK');
    return false;
  }
}
