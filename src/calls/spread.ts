// A limit of so many calls in a period, spread over it, so that who calls too often goes slower and is not without any
// for the rest of it: some are free from the beginning on, the others fall due one after the other.

export interface Spread {
  readonly limit: number;
  /** Allowed from the beginning of the period on. */
  readonly free: number;
  /** This many fall due, evenly, in the whole of the period. */
  readonly falling: number;
  /** Instants, ms UTC; the end is the beginning of the next period. */
  readonly period: { readonly start: number; readonly end: number };
  /** What falls due within a step is given together at its end, in ms; 1 for each by itself. */
  readonly step: number;
}

/** When the next call may be made, at the earliest `now`, after `used` ones in the period of `now`. */
export function dueAt(used: number, { limit, free, falling, period, step }: Spread, now: number): number {
  const { start, end } = period;
  if (used >= limit) return end;
  const due = Math.max(0, used + 1 - free);
  if (due === 0) return now;
  const after = Math.ceil((due * (end - start)) / falling);
  return Math.max(now, Math.min(end, start + Math.ceil(after / step) * step));
}
