// What one process has under way: a delivery is in its hands once, whoever asks for it.
import { describe, expect, it } from '@jest/globals';
import { createFlights, type Flights } from '../../src/delivery/flights.js';
import type { Runner } from '../../src/delivery/runner.js';
import { CodedError } from '../../src/errors.js';
import { silentLog } from '../../src/log.js';
import type { Delivery } from '../../src/store/types.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';

interface Hangar {
  readonly flights: Flights;
  readonly clock: ManualClock;
  readonly begun: string[];
  /** Ends the work that is under way. */
  end(error?: Error): void;
}

function hangar(): Hangar {
  const begun: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const work = (verb: string) => (delivery: Delivery) => {
    begun.push(`${verb} ${delivery.id}`);
    return new Promise<void>((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  };
  const runner: Runner = {
    longestMs: 1_000,
    ...{ run: work('run'), resolveUnknown: work('ask'), rescue: work('rescue'), putBack: work('put back') },
  };
  const clock = manualClock();
  const flights = createFlights({ clock, log: silentLog, runner, onLanded: () => {} });
  return { flights, clock, begun, end: (error) => ends.shift()?.(error) };
}

/** Another object each time, as the store gives it. */
const delivery = () => ({ id: 'a', route: 'absences' }) as Delivery;
const FAILED = new CodedError('STORE_UNAVAILABLE');

describe('a delivery that is in flight', () => {
  it('is not begun again by a launch, a question or a wake-up', async () => {
    const { flights, begun, end } = hangar();
    const landed = flights.launch(delivery());
    flights.ask(delivery());
    let claimed = false;
    const taken = await flights.take('a', async () => {
      claimed = true;
      return delivery();
    });
    void flights.launch(delivery());
    expect([taken, claimed, flights.count, begun]).toEqual([null, false, 1, ['run a']]);
    end();
    await landed;
    expect(flights.count).toBe(0);
    void flights.launch(delivery());
    expect(begun).toEqual(['run a', 'run a']);
    end();
  });

  it('is not rescued meanwhile, and is rescued after it', async () => {
    const { flights, begun, end } = hangar();
    const first = flights.launch(delivery());
    end(FAILED);
    await first;
    const second = flights.launch(delivery());
    flights.rescue(Number.POSITIVE_INFINITY);
    expect(begun).toEqual(['run a', 'run a']);
    end(FAILED);
    await second;
    flights.rescue(Number.POSITIVE_INFINITY);
    expect(begun).toEqual(['run a', 'run a', 'rescue a']);
    end();
    await flights.landed();
    expect(flights.busy()).toEqual([]);
  });

  it('is rescued in time although the clock was set back', async () => {
    const { flights, clock, begun, end } = hangar();
    const first = flights.launch(delivery());
    end(FAILED);
    await first;
    flights.rescue(clock.monotonic());
    end(FAILED);
    await flights.landed();
    clock.set(-3_600_000);
    clock.advance(2_000);
    flights.rescue(clock.monotonic());
    expect(begun).toEqual(['run a', 'rescue a', 'rescue a']);
    end();
    await flights.landed();
  });
});
