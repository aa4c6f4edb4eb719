// Brings a running bridge to the end of its work: everything that is due or will be is delivered, held items are
// released as a person would, and nobody waits for a retry.
import { systemClock } from '../../src/clock.js';
import type { Clock } from '../../src/connector.js';
import type { ErrorCode } from '../../src/errors.js';
import type { Bridge } from '../../src/main.js';
import type { Delivery } from '../../src/store/types.js';

/** What is released may be held again for another reason; more rounds than this are a mistake. */
const MOST_RELEASES = 10;

export interface SkippingClock extends Clock {
  skip(ms: number): void;
}

export function skippingClock(): SkippingClock {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    skip(ms) {
      ahead += ms;
    },
  };
}

/** Retries and probes wait for their time, so the time is brought to them. */
export async function deliverAll({ dispatcher, store, routes }: Bridge, clock: SkippingClock): Promise<void> {
  for (;;) {
    await dispatcher.idle();
    const due = await store.read((tx) => tx.outbox.nextDueAt([...routes.keys()]));
    if (due === null) return;
    clock.skip(Math.max(1, due - clock.now()));
  }
}

/** Until nothing is held any more. */
export async function releaseAll(bridge: Bridge, clock: SkippingClock): Promise<void> {
  for (let round = 0; (await releaseHeld(bridge)) > 0; round += 1) {
    if (round > MOST_RELEASES) throw new Error('what is released is held again and again');
    await deliverAll(bridge, clock);
  }
}

/** As `parked release` does, for everything that is held; returns how many. */
async function releaseHeld({ store, clock }: Bridge): Promise<number> {
  const parked = await store.read((tx) => tx.outbox.list({ states: ['parked'] }));
  const held = parked.filter(({ stage, code }) => stage === 'observation' && code?.startsWith('HELD_'));
  for (const { id, route, ...item } of held) {
    const approvals = holdsOf(item);
    await store.write(async (tx) => {
      await tx.outbox.release(id, approvals, clock.now());
      const entry = { at: clock.now(), actor: 'tester', action: 'released', route, deliveryId: id };
      await tx.audit.append({ ...entry, details: { approvals } });
    });
  }
  return held.length;
}

function holdsOf({ code, detail }: Pick<Delivery, 'code' | 'detail'>): ErrorCode[] {
  const named = `${code} ${detail}`.match(/\bHELD_[A-Z_]+\b/g) ?? [];
  return [...new Set(named)] as ErrorCode[];
}
