// What runs by the clock. Errors and the scheduler's own remarks go to the log, and never end the process.
import { schedule, type TaskOptions } from 'node-cron';
import type { Log } from '../connector.js';

export interface ScheduledWork {
  /** A cron expression; a sixth field in front counts seconds. */
  readonly when: string;
  /** For the log: a word on what could not be done. */
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

export interface Schedule {
  /** Begins nothing more; what runs goes on. */
  stop(): Promise<void>;
}

export function startSchedule(
  works: readonly ScheduledWork[],
  { timezone, log }: { timezone: string; log: Log },
): Schedule {
  const options = { timezone, noOverlap: true, logger: loggerOn(log) };
  const tasks = works.map((work) =>
    schedule(
      work.when,
      async () => {
        try {
          await work.run();
        } catch (error) {
          log.error('scheduled work failed', { work: work.name }, error);
        }
      },
      { ...options, name: work.name },
    ),
  );
  return {
    async stop() {
      for (const task of tasks) await task.destroy();
    },
  };
}

/** By itself the scheduler would write to the terminal, past the log's level and form. */
function loggerOn(log: Log): NonNullable<TaskOptions['logger']> {
  const asError = (told: string | Error, error?: Error) =>
    log.error('scheduler', typeof told === 'string' ? { told } : {}, error ?? told);
  return {
    info: (told) => log.info('scheduler', { told }),
    warn: (told) => log.warn('scheduler', { told }),
    error: asError,
    debug: (told) => log.debug('scheduler', typeof told === 'string' ? { told } : {}),
  };
}
