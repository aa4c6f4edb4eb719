// Time and ids, injected everywhere, so that tests never wait and no other file asks the machine for the time.
import { randomUUID } from 'node:crypto';

export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Resolves after `ms`; resolves early, without an error, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A new unique id: a letter first, then letters, digits and `-` (queues refuse `:` and all-digit ids). */
  id(): string;
  /** A number in [0, 1), for jitter only. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
  id: () => `d${randomUUID()}`,
  random: () => Math.random(),
};

/** The wall clock of a zone at an instant: `date` as YYYY-MM-DD, `time` as HH:MM:SS. */
export function wallClock(instantMs: number, timeZone: string): { date: string; time: string } {
  // The Swedish form is the ISO one: 2026-03-29 01:59:59.
  const [date = '', time = ''] = formatterOf(timeZone).format(instantMs).split(' ');
  return { date, time };
}

const FORMATTERS = new Map<string, Intl.DateTimeFormat>();

/** Kept per zone: making one costs more than all the rest of a message. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATTERS.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  FORMATTERS.set(timeZone, made);
  return made;
}
