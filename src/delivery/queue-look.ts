// A look at the queue's Redis for `check`: whether it answers, lets us in, and keeps what is in it. It writes one key of a
// few seconds, as `/readyz` does.
import type { Clock, Log } from '../connector.js';
import { CodedError, ERRORS, type Problem } from '../errors.js';
import { openQueueLink } from './queue-link.js';
import type { QueueSettings } from './redis-link.js';
import type { Danger } from './redis-safety.js';

export interface QueueLook {
  /** What was found, for people; null when it is of no use as it is. */
  readonly words: string | null;
  readonly problems: readonly Problem[];
}

interface LookDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly allowUnsafe: readonly Danger[];
}

/** Never throws for what is wrong with Redis or the way there. */
export async function lookAtQueue(settings: QueueSettings, deps: LookDeps): Promise<QueueLook> {
  try {
    const link = await openQueueLink(settings, deps);
    try {
      await link.roundTrip();
      const dangers = link.allowed.join(', ');
      const kept =
        dangers === '' ? 'keeps what is in it' : `may forget (${dangers}), as queue.allowUnsafe accepts`;
      return { words: `Redis answers, takes a value and gives it back; it ${kept}`, problems: [] };
    } finally {
      link.redis.close();
    }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.problems.length > 0) return { words: null, problems: error.problems };
    const detail = `${error.message} ${ERRORS[error.code].act}`;
    return { words: null, problems: [{ code: error.code, path: 'queue', detail }] };
  }
}
