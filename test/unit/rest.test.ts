// The parts of a dispatcher that decide by themselves: when a connection rests, how fast deliveries may begin, and what
// has to be told to a queue again.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createStarts } from '../../src/delivery/pace.js';
import { createBreaker, probeAtOf, type Shown } from '../../src/delivery/rest.js';
import { createSilence } from '../../src/delivery/silence.js';
import { createWakeUps } from '../../src/delivery/wake-ups.js';
import { manualClock } from '../fakes/manual-clock.js';

describe('the breaker', () => {
  it('opens at once on a refusal, and on failures only with so many in a row', () => {
    const breaker = createBreaker(3);
    const count = (...shown: readonly Shown[]) =>
      shown.map((one) => {
        const opens = breaker.opens('arbo', one);
        breaker.count('arbo', one);
        return opens;
      });
    expect(count('refuses')).toEqual([true]);
    expect(count('works', 'fails', 'fails', null, 'works')).toEqual([false, false, false, false, false]);
    expect(count('fails', 'fails', null, 'fails', 'fails')).toEqual([false, false, false, true, true]);
    expect(breaker.opens('another', 'fails')).toBe(false);
  });

  it('lets a connection rest as long as the latest of its routes says', () => {
    const state = (route: string, pausedAt: number | null, nextProbeAt: number | null) => {
      return { route, pausedAt, nextProbeAt, pausedCode: null, pausedDetail: null };
    };
    const states = [state('a', 1, 20), state('b', null, 99), state('c', 1, 30), state('other', 1, 50)];
    expect(probeAtOf(states, ['a', 'b', 'c'])).toBe(30);
    expect(probeAtOf(states, ['b'])).toBeNull();
  });
});

describe('the pace', () => {
  it('never lets more begin within any span, and lets as many begin as it may', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(waits, fc.integer({ min: 1, max: 6 }), (steps, deliveries) => {
        const clock = manualClock(0);
        const pace = { deliveries, perMs: 1_000 };
        const starts = createStarts(clock);
        const begun: number[] = [];
        for (const step of steps) {
          clock.advance(step);
          const room = starts.room(pace);
          expect(starts.nextAt(pace) > clock.now()).toBe(room === 0);
          starts.began(room);
          for (let one = 0; one < room; one += 1) begun.push(clock.now());
          expect(begun.filter((at) => at > clock.now() - pace.perMs)).toHaveLength(deliveries);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is no longer to wait for when the clock was set back', () => {
    const clock = manualClock(10_000_000);
    const starts = createStarts(clock);
    starts.began(1);
    clock.advance(-3_600_000);
    expect(starts.room({ deliveries: 1, perMs: 1_000 })).toBe(1);
  });
});

describe('what was told to the queue', () => {
  it('is not told again, until it is woken, forgotten or lost, or the clock jumped', () => {
    const clock = manualClock();
    const wakeUps = createWakeUps(clock);
    wakeUps.told(['a', 'b']);
    expect(wakeUps.untold(['a', 'b', 'c'])).toEqual(['c']);
    wakeUps.woken('a');
    expect([wakeUps.count, wakeUps.untold(['a', 'b'])]).toEqual([1, ['a']]);
    clock.advance(5_000);
    expect(wakeUps.untold(['b'])).toEqual(['b']);
    wakeUps.told(['b']);
    clock.advance(-3_600_000);
    expect(wakeUps.untold(['b'])).toEqual(['b']);
    wakeUps.told(['b']);
    wakeUps.forget();
    expect(wakeUps.count).toBe(0);
  });
});

describe('the silence of a queue', () => {
  it('is too long once nothing that is due has moved for so long, and begins anew with every sign', () => {
    const clock = manualClock();
    const silence = createSilence(clock, 1_000);
    const later = (ms: number, ...due: readonly string[]) => {
      clock.advance(ms);
      return silence.isTooLong(due);
    };
    expect([later(5_000, 'a'), later(900, 'a', 'b'), later(100, 'a', 'b')]).toEqual([false, false, true]);
    silence.end();
    expect([later(900, 'a', 'b'), later(100, 'a', 'b')]).toEqual([false, true]);
    // Another process took one up; and then all.
    expect([later(900, 'b', 'c'), later(900, 'b', 'c'), later(100, 'b', 'c')]).toEqual([false, false, true]);
    expect([later(0), later(5_000), later(0, 'd')]).toEqual([false, false, false]);
  });
});
