// The loop of a dispatcher: how often it looks, when every delivery wakes it.
import { describe, expect, it } from '@jest/globals';
import { createFlights } from '../../src/delivery/flights.js';
import { createLoop } from '../../src/delivery/loop.js';
import type { Runner } from '../../src/delivery/runner.js';
import { silentLog } from '../../src/log.js';
import type { Store } from '../../src/store/types.js';
import { manualClock } from '../fakes/manual-clock.js';

const noStore = { read: async () => null, write: async () => [] } as unknown as Store;

/** Ten looks of so many ms, each woken again before it ends; gives the sleeps between them. */
async function sleepsBetween(tookMs: number, unhurried: boolean): Promise<readonly number[]> {
  const clock = manualClock();
  const flights = createFlights({ clock, log: silentLog, runner: {} as Runner, onLanded: () => {} });
  let looks = 0;
  let over = () => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const loop = createLoop({
    ...{ store: noStore, clock, log: silentLog, flights, routes: ['absences'] },
    async look() {
      looks += 1;
      clock.advance(tookMs);
      loop.wake();
      if (looks === 10) over();
      return { busy: true, again: false, idleRoutes: [], nextAt: Number.POSITIVE_INFINITY, unhurried };
    },
  });
  await loop.start();
  await ended;
  const slept = [...clock.slept];
  await loop.stop(0);
  return slept;
}

describe('a loop that is woken all the time', () => {
  it('spends a fifth of it with looking, when nothing waits for the next look', async () => {
    expect(await sleepsBetween(20, true)).toEqual(Array(9).fill(80));
    expect(await sleepsBetween(2_000, true)).toEqual(Array(9).fill(250));
  });

  it('looks again at once, when what is due waits for it', async () => {
    expect(await sleepsBetween(20, false)).toEqual([]);
  });
});
