// Time and ids, injected everywhere, so that tests never wait and no other file asks the machine for the time.
import { randomUUID } from 'node:crypto';

export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Milliseconds since some instant of this process, which nobody sets forward or back. */
  monotonic(): number;
  /** Resolves after `ms`; resolves early, without an error, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A new unique id: a letter first, then letters, digits and `-` (queues refuse `:` and all-digit ids). */
  id(): string;
  /** A number in [0, 1), for jitter only. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
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

export interface WallClock {
  /** YYYY-MM-DD */
  readonly date: string;
  /** HH:MM:SS */
  readonly time: string;
}

/** The wall clock of a zone at an instant. */
export function wallClock(instantMs: number, timeZone: string): WallClock {
  const zone = zoneOf(timeZone);
  const second = Math.floor(instantMs / 1000);
  if (zone.second !== second) {
    // The Swedish form is the ISO one: 2026-03-29 01:59:59.
    const [date = '', time = ''] = zone.format.format(instantMs).split(' ');
    zone.second = second;
    zone.shown = { date, time };
  }
  return zone.shown;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  second: number;
  shown: WallClock;
}

const ZONES = new Map<string, Zone>();

/** Kept per zone, with the second last asked for: formatting costs more than much of the rest of a message. */
function zoneOf(timeZone: string): Zone {
  const known = ZONES.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const made = { format, second: Number.NaN, shown: { date: '', time: '' } };
  ZONES.set(timeZone, made);
  return made;
}
