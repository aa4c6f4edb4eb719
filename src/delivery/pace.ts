// The pace of a target that states one, kept by this process alone: how many deliveries may begin now, and when the
// next one may. Where a queue keeps the pace of all processes together, this is only for when the queue is away.
import type { Clock, DeliveryPace } from '../connector.js';

export interface Starts {
  /** How many may begin now. */
  room(pace: DeliveryPace | undefined): number;
  /** When the next may begin; now when there is room. */
  nextAt(pace: DeliveryPace): number;
  began(count: number): void;
}

export function createStarts(clock: Clock): Starts {
  let begun: number[] = [];
  const within = ({ perMs }: DeliveryPace) => {
    const now = clock.now();
    // A clock that was set back must not make anybody wait for longer than the span.
    begun = begun.filter((at) => at > now - perMs && at <= now);
    return begun;
  };
  return {
    room: (pace) => (pace ? Math.max(0, pace.deliveries - within(pace).length) : Number.POSITIVE_INFINITY),
    nextAt(pace) {
      const starts = within(pace);
      const oldest = starts.at(-pace.deliveries);
      return starts.length < pace.deliveries || oldest === undefined ? clock.now() : oldest + pace.perMs;
    },
    began(count) {
      begun.push(...Array.from({ length: count }, () => clock.now()));
    },
  };
}
