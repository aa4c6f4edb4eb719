// One piece of work for everybody who asks for it at the same time. Whoever gives up leaves the others what they wait
// for; only when nobody waits any more is the work itself given up.
import { RetryableError } from '../errors.js';

/** Work that is asked for while some is under way gives that one's result. RetryableError for a caller that gives up. */
export type Join<T> = (work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

interface Flight<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

export function singleFlight<T>(): Join<T> {
  let flight: Flight<T> | null = null;

  function start(work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController();
    const started = { stop, waiting: 0, result: work(stop.signal) };
    const done = () => land(started);
    started.result.then(done, done);
    return started;
  }

  function land(landed: Flight<T>): void {
    if (flight === landed) flight = null;
  }

  return async (work, signal) => {
    if (signal.aborted) throw stopped();
    flight ??= start(work);
    const joined = flight;
    joined.waiting += 1;
    try {
      return await Promise.race([joined.result, givenUp(signal, joined.result)]);
    } finally {
      joined.waiting -= 1;
      if (joined.waiting === 0) {
        joined.stop.abort();
        land(joined);
      }
    }
  };
}

/** Rejects when the signal aborts before the work is done; else never settles. */
function givenUp(signal: AbortSignal, work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => reject(stopped());
    const done = () => signal.removeEventListener('abort', leave);
    signal.addEventListener('abort', leave);
    work.then(done, done);
  });
}

function stopped(): RetryableError {
  return new RetryableError('It was stopped before it was done.');
}
