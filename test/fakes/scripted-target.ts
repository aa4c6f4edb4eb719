// A target that does what a test tells it, delivery by delivery, and remembers what it was given.
import type { DeliveryPace, Receipt, Target } from '../../src/connector.js';

export interface Attempt {
  readonly key: string;
  readonly order: string;
}

export interface ScriptedTarget extends Target {
  readonly attempts: readonly Attempt[];
  /** Keys in the order in which they arrived for good. */
  readonly arrived: readonly string[];
  readonly mostInFlight: number;
  /** What the next attempts of a key do before they arrive; an error thrown here is the outcome. */
  script(key: string, ...steps: readonly (() => void | Promise<void>)[]): void;
  /** The effect takes place, but the answer is this error. */
  arriveAndThrow(key: string, error: unknown): void;
  /** What reading back gives from now on; nothing is read back before. */
  showDifferences(differences: readonly string[]): void;
}

export interface TargetTraits {
  readonly idempotent?: boolean;
  readonly concurrency?: number;
  readonly canLookUp?: boolean;
  readonly pace?: DeliveryPace;
}

export function scriptedTarget({
  idempotent = false,
  concurrency = 4,
  canLookUp = true,
  pace,
}: TargetTraits = {}): ScriptedTarget {
  const scripts = new Map<string, (() => void | Promise<void>)[]>();
  const lost = new Map<string, unknown>();
  const attempts: Attempt[] = [];
  const arrived: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  let differences: readonly string[] | undefined;

  async function deliver(key: string, order: string): Promise<Receipt> {
    attempts.push({ key, order });
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    try {
      await scripts.get(key)?.shift()?.();
      arrived.push(key);
      if (!lost.has(key)) return { reference: null, ...(differences && { differences }) };
      const error = lost.get(key);
      lost.delete(key);
      throw error;
    } finally {
      inFlight -= 1;
    }
  }

  return {
    ...{ idempotent, concurrency, attempts, arrived, lane: 'case' },
    ...(pace && { pace }),
    get mostInFlight() {
      return mostInFlight;
    },
    script: (key, ...steps) => void scripts.set(key, [...steps]),
    arriveAndThrow: (key, error) => void lost.set(key, error),
    showDifferences: (shown) => {
      differences = shown;
    },
    render: () => ({ ok: false, problems: [] }),
    deliver: (_payload, { idempotencyKey, order }) => deliver(idempotencyKey, order),
    ...(canLookUp && { lookup: async (key: string) => (arrived.includes(key) ? 'present' : 'absent') }),
  };
}
