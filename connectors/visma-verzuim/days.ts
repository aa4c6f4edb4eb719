// Whole days between calendar dates, without time zones.

const DAY_MS = 24 * 60 * 60_000;

const instantOf = (date: string) => Date.parse(`${date}T00:00:00Z`);

export const dayBefore = (date: string): string => addDays(date, -1);

export function addDays(date: string, days: number): string {
  return new Date(instantOf(date) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: string, until: string): number {
  return Math.round((instantOf(until) - instantOf(from)) / DAY_MS);
}
