// When to try again: the wait doubles with every attempt up to a longest wait, with jitter so that many deliveries
// that failed together do not come back together. Pure.

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Milliseconds to wait after `attempts` failed attempts (1 or more): between half and all of the doubled wait. */
export function backoffMs(attempts: number, options: BackoffOptions, random: number): number {
  const doubled = options.firstMs * 2 ** Math.min(attempts - 1, 30);
  const wait = Math.min(doubled, options.longestMs);
  return Math.round(wait / 2 + (wait / 2) * random);
}
