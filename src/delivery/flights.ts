// What is under way in this process. An item that an error of the store left under way is brought back as soon as the
// store answers: its outcome may be known here alone.
import type { Clock, Log } from '../connector.js';
import type { Delivery } from '../store/types.js';
import type { Runner } from './runner.js';

export interface FlightsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly runner: Runner;
  /** Called whenever one has ended: another may have its turn now. */
  readonly onLanded: () => void;
}

export interface Flights {
  readonly count: number;
  countOf(routes: readonly string[]): number;
  /** The ids of all that this process is at, what it is just claiming and what it stumbled over included. */
  busy(): string[];
  /**
   * Takes a claimed item as far as it goes, or puts it back when we are stopping; resolves when it is over. One that is in
   * flight already is left to that flight.
   */
  launch(delivery: Delivery): Promise<void>;
  /** Launches what `claim` gives of this id. It counts as busy from now on, so that nobody takes it for abandoned. */
  take(
    id: string,
    claim: () => Promise<Delivery | undefined>,
  ): Promise<{ readonly landed: Promise<void> } | null>;
  /** Asks what became of one that a crash, here or elsewhere, left sending. */
  ask(delivery: Delivery): void;
  /** Takes up what an error of the store left under way, where that is long enough ago: an instant of the monotonic clock. */
  rescue(upTo: number): void;
  /** What the store said of one that is still left under way; null when there is none. */
  stumble(): { error: unknown } | null;
  /** From now on nothing begins. */
  stop(): void;
  /** Resolves when nothing is under way any more. */
  landed(): Promise<void>;
  /** No target is waited for any longer. */
  abort(): void;
}

/** How long one that the store failed on again is left alone. */
const REST_MS = 2_000;

interface Flight {
  readonly delivery: Delivery;
  readonly landed: Promise<void>;
}

interface Stranded {
  readonly delivery: Delivery;
  readonly notBefore: number;
  readonly error: unknown;
}

export function createFlights({ clock, log, runner, onLanded }: FlightsDeps): Flights {
  const inFlight = new Map<string, Flight>();
  const stranded = new Map<string, Stranded>();
  const claiming = new Set<{ readonly id: string }>();
  const abort = new AbortController();
  let stopping = false;

  /** When the store fails, the item is rescued no sooner than `restMs` later. */
  function begin(delivery: Delivery, work: Runner['run'], restMs = 0): Promise<void> {
    const { id } = delivery;
    const before = inFlight.get(id);
    if (before) return before.landed;
    stranded.delete(id);
    const landed = work(delivery, abort.signal)
      .catch((error) => {
        log.error('a delivery ended in an error of the store', { delivery: id }, error);
        stranded.set(id, { delivery, notBefore: clock.monotonic() + restMs, error });
      })
      .then(() => {
        inFlight.delete(id);
        onLanded();
      });
    inFlight.set(id, { delivery, landed });
    return landed;
  }

  const launch = (delivery: Delivery) => begin(delivery, stopping ? runner.putBack : runner.run);

  return {
    get count() {
      return inFlight.size;
    },
    countOf: (routes) =>
      [...inFlight.values()].filter(({ delivery }) => routes.includes(delivery.route)).length,
    busy: () => [...[...claiming].map(({ id }) => id), ...inFlight.keys(), ...stranded.keys()],
    launch,
    async take(id, claim) {
      if (inFlight.has(id)) return null;
      const intent = { id };
      claiming.add(intent);
      try {
        const delivery = await claim();
        return delivery ? { landed: launch(delivery) } : null;
      } finally {
        claiming.delete(intent);
      }
    },
    ask: (delivery) => void begin(delivery, runner.resolveUnknown),
    rescue(upTo) {
      for (const { delivery, notBefore } of [...stranded.values()]) {
        if (notBefore > upTo) continue;
        begin(delivery, runner.rescue, REST_MS);
      }
    },
    stumble: () => stranded.values().next().value ?? null,
    stop() {
      stopping = true;
    },
    async landed() {
      await Promise.all([...inFlight.values()].map(({ landed }) => landed));
    },
    abort: () => abort.abort(),
  };
}
