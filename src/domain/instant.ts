// The instants that senders write into their messages: a day, a time and perhaps a zone. Pure.
import { isPlainDate } from './dates.js';

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[ T]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

export interface Instant {
  /** ms UTC; of one without a zone, as if it were UTC. */
  readonly ms: number;
  readonly hasZone: boolean;
}

/** Null for what is not `2026-03-09 08:00:00`, or the same with a `T`, fractions of a second or a zone. */
export function instantOf(text: string): Instant | null {
  const [, date = '', time = '', fraction = '', zone] = INSTANT.exec(text) ?? [];
  if (!isPlainDate(date)) return null;
  const ms = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zone ?? 'Z'}`);
  return { ms, hasZone: zone !== undefined };
}

/** False where it cannot be known: one of them has a zone and the other none, or is missing. */
export function isBefore(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [instantOf(one ?? ''), instantOf(other ?? '')];
  return a !== null && b !== null && a.hasZone === b.hasZone && a.ms < b.ms;
}
