// Chance that comes out the same on every run: a small seeded generator, so that the demo can be repeated.

export interface Chance {
  /** A whole number from 0 up to but not including `below`. */
  below(below: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** True in `percent` of the cases. */
  percent(percent: number): boolean;
}

/** Marsaglia's xorshift with 32 bits (Journal of Statistical Software 8/14, 2003). */
export function createChance(seed: number): Chance {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
    percent: (percent) => next() * 100 < percent,
  };
}
