// Days and times in the forms the API uses: `YYYY-MM-DD` and `YYYY-MM-DD HH:MM:SS` without a zone.
import { wallClock } from '../../../src/connector.js';

const DAY_MS = 86_400_000;

/** `YYYY-MM-DD HH:MM:SS` on the wall clock of the zone. */
export function stamp(instantMs: number, timeZone: string): string {
  const { date, time } = wallClock(instantMs, timeZone);
  return `${date} ${time}`;
}

export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}
