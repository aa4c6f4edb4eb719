// What is remembered of token calls that failed: after the second in a row they rest, longer each time, so that neither
// an outage nor a wrong secret spends the month's token calls.
import type { Clock } from '../clock.js';
import { RouteError } from '../errors.js';

export interface TokenTrouble {
  /** Throws the last failure again while the calls rest. */
  rest(): void;
  failed(error: unknown): void;
  succeeded(): void;
  /** The last failure, when it was a refusal: it says more than that the budget is spent. */
  refusal(): RouteError | null;
}

const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

export function createTokenTrouble(clock: Pick<Clock, 'now'>): TokenTrouble {
  let failures = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let last: unknown = null;
  return {
    rest() {
      if (clock.now() < restsUntil) throw last;
    },
    failed(error) {
      failures += 1;
      last = error;
      if (failures < 2) return;
      restsUntil = clock.now() + Math.min(FIRST_REST_MS * 2 ** (failures - 2), LONGEST_REST_MS);
    },
    succeeded() {
      failures = 0;
      last = null;
      restsUntil = Number.NEGATIVE_INFINITY;
    },
    refusal: () => (last instanceof RouteError ? last : null),
  };
}
