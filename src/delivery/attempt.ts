// What a target is asked: to take one delivery, and whether one arrived. Whatever it answers or throws, and also its
// silence, becomes an outcome; nothing is thrown and nothing is written here.
import type { Clock, DeliverOptions } from '../connector.js';
import { CodedError, RetryableError, UnknownOutcomeError } from '../errors.js';
import type { Route } from '../route.js';
import type { Delivery, DeliveryBody } from '../store/types.js';
import type { Outcome } from './settle.js';
import { startWatch } from './watch.js';
import { withinTime } from './within-time.js';

export interface Asking {
  readonly route: Route;
  readonly clock: Clock;
  /** How long the target may take now. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type PayloadBody = Extract<DeliveryBody, { stage: 'payload' }>;

export async function attempt(delivery: Delivery, body: PayloadBody, asking: Asking): Promise<Outcome> {
  const { route, clock, timeoutMs } = asking;
  const elapsed = startWatch(clock);
  // Long before another process may take it over: see aliveMs in store-place.ts.
  const inTime = () => {
    if (elapsed() > timeoutMs) throw new RetryableError('This process was held up before it could send.');
  };
  try {
    const receipt = await withinTime((signal) => {
      const order = orderOf(delivery);
      const options: DeliverOptions = { idempotencyKey: delivery.id, order, signal, inTime };
      return route.target.deliver(body.payload, options);
    }, limitOf(asking));
    return { kind: 'delivered', receipt };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

export function isUnknown(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.error instanceof UnknownOutcomeError;
}

export type Answer =
  | { readonly says: 'present' | 'absent' | 'cannot-tell' }
  /** Nobody answered this time: to be asked again. */
  | { readonly says: 'nothing'; readonly error: CodedError };

/** After an unknown outcome: did it arrive? */
export async function lookUp(delivery: Delivery, asking: Asking): Promise<Answer> {
  const { target } = asking.route;
  if (!target.lookup) return { says: 'cannot-tell' };
  // Whoever takes it up next asks: another process, or this one after its next start.
  if (asking.signal.aborted) return { says: 'nothing', error: new UnknownOutcomeError('It was not asked.') };
  const lookup = target.lookup.bind(target);
  try {
    const order = orderOf(delivery);
    return { says: await withinTime((signal) => lookup(delivery.id, { order, signal }), limitOf(asking)) };
  } catch (error) {
    return isPassing(error) ? { says: 'nothing', error } : { says: 'cannot-tell' };
  }
}

/** A question that failed for now; any other error of it comes again however often it is asked. */
function isPassing(error: unknown): error is CodedError {
  return error instanceof CodedError && ['retryable', 'unknown-outcome', 'route'].includes(error.kind);
}

/** Whether to ask before it is sent once more: what was taken for lost may have come since. */
export function mustAskFirst({ attempts }: Delivery, { target }: Route): boolean {
  return attempts > 0 && target.lookup !== undefined && !target.idempotent;
}

function limitOf({ clock, timeoutMs, signal }: Asking) {
  return { clock, limitMs: timeoutMs, stop: signal };
}

/** Sorts as text in the order of acceptance; a later item of the same lane has a higher one. */
function orderOf(delivery: Pick<Delivery, 'position' | 'sub'>): string {
  return `${String(delivery.position).padStart(10, '0')}-${String(delivery.sub).padStart(2, '0')}`;
}
