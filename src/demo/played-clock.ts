// The clock of a month that is played in seconds: it runs like any other, but some days ago, and goes on to the next day
// when it is told. On the last day it shows the real time.
import { type Clock, systemClock } from '../clock.js';

export interface PlayedClock extends Clock {
  nextDay(): void;
}

const DAY_MS = 86_400_000;

export function playedClock(daysAgo: number): PlayedClock {
  let behindMs = daysAgo * DAY_MS;
  return {
    ...systemClock,
    now: () => systemClock.now() - behindMs,
    nextDay() {
      behindMs = Math.max(0, behindMs - DAY_MS);
    },
  };
}
