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
  /** Takes a claimed item as far as it goes, or puts it back when we are stopping; resolves when it is over. */
  launch(delivery: Delivery): Promise<void>;
  /** Launches what `claim` gives of this id. It counts as busy from now on, so that nobody takes it for abandoned. */
  take(
    id: string,
    claim: () => Promise<Delivery | undefined>,
  ): Promise<{ readonly landed: Promise<void> } | null>;
  /** Asks what became of one that a crash, here or elsewhere, left sending. */
  ask(delivery: Delivery): void;
  /** Takes up what an error of the store left under way, where that is long enough ago. */
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

interface Stranded {
  readonly notBefore: number;
  readonly error: unknown;
}

export function createFlights({ clock, log, runner, onLanded }: FlightsDeps): Flights {
  const inFlight = new Map<Promise<void>, Delivery>();
  const stranded = new Map<Delivery, Stranded>();
  const claiming = new Set<{ readonly id: string }>();
  const abort = new AbortController();
  let stopping = false;

  /** When the store fails, the item is rescued no sooner than `restMs` later. */
  function begin(delivery: Delivery, work: Runner['run'], restMs = 0): Promise<void> {
    const run = work(delivery, abort.signal).catch((error) => {
      log.error('a delivery ended in an error of the store', { delivery: delivery.id }, error);
      stranded.set(delivery, { notBefore: clock.now() + restMs, error });
    });
    inFlight.set(run, delivery);
    return run.then(() => {
      inFlight.delete(run);
      onLanded();
    });
  }

  const launch = (delivery: Delivery) => begin(delivery, stopping ? runner.putBack : runner.run);

  return {
    get count() {
      return inFlight.size;
    },
    countOf: (routes) => [...inFlight.values()].filter(({ route }) => routes.includes(route)).length,
    busy: () => [...claiming, ...inFlight.values(), ...stranded.keys()].map(({ id }) => id),
    launch,
    async take(id, claim) {
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
      for (const [delivery, { notBefore }] of [...stranded]) {
        if (notBefore > upTo) continue;
        stranded.delete(delivery);
        begin(delivery, runner.rescue, REST_MS);
      }
    },
    stumble: () => stranded.values().next().value ?? null,
    stop() {
      stopping = true;
    },
    async landed() {
      await Promise.all(inFlight.keys());
    },
    abort: () => abort.abort(),
  };
}
