// What a target is asked: to take one delivery, and whether one arrived. Whatever it answers or throws, and also its
// silence, becomes an outcome; nothing is thrown and nothing is written here.
import type { Clock, DeliverOptions } from '../connector.js';
import { UnknownOutcomeError } from '../errors.js';
import type { Route } from '../route.js';
import type { Delivery, DeliveryBody } from '../store/types.js';
import type { Circumstances, Outcome } from './settle.js';
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
  const { target } = asking.route;
  try {
    const receipt = await withinTime((signal) => {
      const options: DeliverOptions = { idempotencyKey: delivery.id, order: orderOf(delivery), signal };
      return target.deliver(body.payload, options);
    }, limitOf(asking));
    return { kind: 'delivered', receipt };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

export function isUnknown(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.error instanceof UnknownOutcomeError;
}

/** After an unknown outcome: did it arrive? */
export async function lookUp(delivery: Delivery, asking: Asking): Promise<Circumstances['lookup']> {
  const { target } = asking.route;
  if (!target.lookup) return 'cannot-tell';
  const lookup = target.lookup.bind(target);
  try {
    const order = orderOf(delivery);
    return await withinTime((signal) => lookup(delivery.id, { order, signal }), limitOf(asking));
  } catch {
    // The question itself failed: the item is sent again or parked, by what the target says of itself.
    return 'cannot-tell';
  }
}

function limitOf({ clock, timeoutMs, signal }: Asking) {
  return { clock, limitMs: timeoutMs, stop: signal };
}

/** Sorts as text in the order of acceptance; a later item of the same lane has a higher one. */
function orderOf(delivery: Pick<Delivery, 'position' | 'sub'>): string {
  return `${String(delivery.position).padStart(10, '0')}-${String(delivery.sub).padStart(2, '0')}`;
}
