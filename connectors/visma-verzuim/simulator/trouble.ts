// Troubles on purpose: failures armed by a test, and random 429 and 503 from a seed. None of these statuses is documented by
// Visma; the shape of the 429 is that of an API management gateway.
import type { JsonObject } from '../../../src/connector.js';
import { seededNumbers } from './ids.js';
import type { SimulatorOptions } from './options.js';

export interface Failure {
  readonly status: number;
  /** How many calls fail; 1 when absent. */
  readonly times?: number;
  readonly match?: (method: string, path: string) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, JSON otherwise. */
  readonly body?: string | JsonObject;
  /** The call is done first and then answered as a failure. */
  readonly afterwards?: boolean;
}

export interface Trouble {
  failNext(failure: Failure): void;
  /** The failure that meets this call, if any. */
  meet(method: string, path: string): Failure | null;
}

export function createTrouble(options: SimulatorOptions['trouble']): Trouble {
  const armed: { readonly failure: Failure; left: number }[] = [];
  const chance = options && seededNumbers(options.seed);
  return {
    failNext(failure) {
      armed.push({ failure, left: failure.times ?? 1 });
    },
    meet(method, path) {
      const next = armed.find(({ failure, left }) => left > 0 && (failure.match?.(method, path) ?? true));
      if (next) {
        next.left -= 1;
        return next.failure;
      }
      if (!chance) return null;
      const drawn = chance();
      const { share429 = 0, share503 = 0 } = options;
      if (drawn < share429) return tooMany(1);
      return drawn < share429 + share503 ? { status: 503 } : null;
    },
  };
}

export function tooMany(seconds: number): Failure {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` },
  };
}
