// Which messages a poll asks for, and where the next one goes on. Only instants, all UTC: a clock-change night is like any
// other. How far the ends of a window belong to it, by which clock, and whether a message can appear late is not
// documented (domain notes on Visma Raet, section 10): so every window begins well before the last one ended.

/** Milliseconds since the epoch. `after` null: everything that there is. */
export interface Window {
  readonly after: number | null;
  readonly until: number;
}

/** A cursor that cannot be read counts as none: everything is asked for, and the intake knows what it has seen. */
export function windowFrom(cursor: string | null, nowMs: number, overlapMs: number): Window {
  const last = cursor === null ? Number.NaN : Date.parse(cursor);
  // A clock that was put back must not turn the window around.
  return { after: Number.isNaN(last) ? null : Math.min(last, nowMs) - overlapMs, until: nowMs };
}

/** The documented form, `2020-08-21T00:00:00.000Z`. */
export function queryOf({ after, until }: Window, take: number | null): string {
  const instants =
    after === null
      ? []
      : [`changedAfter=${new Date(after).toISOString()}`, `changedUntil=${new Date(until).toISOString()}`];
  const parts = [...instants, ...(take === null ? [] : [`take=${take}`])];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** How much our clock is ahead, in ms, by the `Date` of an answer that has just come; negative when it is behind. */
export function clockLead(date: string | undefined, nowMs: number): number {
  const theirs = Date.parse(date ?? '');
  return Number.isNaN(theirs) ? 0 : nowMs - theirs;
}

/**
 * The cursor after a whole window: its end, by their clock where ours is ahead. With the end by a fast clock of ours the
 * next window would begin too late, and what changed in between would never be asked for. A slow clock loses nothing:
 * its windows end early, and what they leave comes with a later one.
 */
export function cursorAfter({ until }: Window, leadMs: number): string {
  return new Date(until - Math.max(0, leadMs)).toISOString();
}
