// The outbox against a plain model of it: whatever is done to it in whatever order, what it allows, what it claims and
// what its books say is what the model says. Each run has a route of its own in the same store.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CodedError } from '../../src/errors.js';
import { DELIVERY_STATES, type DeliveryState, type Settlement, type WriteTx } from '../../src/store/types.js';
import { newDelivery, observationBody, payloadBody } from '../support/store-material.js';
import type { CurrentStore } from './store-contract.js';

interface Item {
  readonly id: string;
  readonly lane: string;
  readonly position: number;
  readonly sub: number;
  state: DeliveryState;
  stage: 'observation' | 'payload';
  dueAt: number;
}

const MOSTLY = 20;
const FINAL: readonly DeliveryState[] = ['delivered', 'confirmed', 'rejected', 'discarded'];
const UNDER_WAY: readonly DeliveryState[] = ['claimed', 'sending'];
const open = (item: Item) => !FINAL.includes(item.state);
const inOrder = (a: Item, b: Item) => a.position - b.position || a.sub - b.sub;

class Model {
  readonly items: Item[] = [];
  now = 1000;

  /** Of each lane with something open: the one under way, or else the first. */
  heads(): Item[] {
    const lanes = new Map<string, Item>();
    for (const item of this.items.filter(open).sort(inOrder)) {
      const head = lanes.get(item.lane);
      if (!head || UNDER_WAY.includes(item.state)) lanes.set(item.lane, item);
    }
    return [...lanes.values()];
  }

  claimable(): Item[] {
    return this.heads()
      .filter((item) => item.state === 'queued' && item.dueAt <= this.now)
      .sort((a, b) => a.dueAt - b.dueAt || inOrder(a, b));
  }

  /** The item that an operation is about: mostly one for which it is legal, else any, now and then none at all. */
  pick(n: number, legal: (item: Item) => boolean): Item | undefined {
    const fitting = this.items.filter(legal);
    if (n < MOSTLY && fitting.length > 0) return fitting[n % fitting.length];
    return this.items[n - MOSTLY];
  }
}

type Operation =
  | { readonly do: 'insert'; readonly lane: number; readonly held: boolean }
  | { readonly do: 'resume'; readonly item: number; readonly extra: number }
  | { readonly do: 'put-in'; readonly item: number }
  | { readonly do: 'claim'; readonly limit: number }
  | { readonly do: 'send' | 'release' | 'discard'; readonly item: number }
  | {
      readonly do: 'settle';
      readonly item: number;
      readonly state: Settlement['state'];
      readonly wait: number;
    }
  | { readonly do: 'recover' }
  | { readonly do: 'wait'; readonly ms: number };

const item = fc.nat(MOSTLY + 10);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('insert' as const), lane: fc.nat(1), held: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), item, extra: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put-in' as const), item }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('send' as const, 'release' as const, 'discard' as const),
      item,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      item,
      state: fc.constantFrom<Settlement['state']>(
        'queued',
        'delivered',
        'confirmed',
        'rejected',
        'parked',
        'discarded',
      ),
      wait: fc.nat(30),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30) }) },
);

interface Run {
  readonly model: Model;
  readonly route: string;
  readonly tx: WriteTx;
}

/** Does it to the store; true when the store did it, false when it refused. */
async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof CodedError && (error.code === 'NOT_ALLOWED' || error.code === 'NOT_FOUND'))
      return false;
    throw error;
  }
}

async function insert(run: Run, lane: string, options: { held?: boolean; behind?: Item }): Promise<void> {
  const { model, route, tx } = run;
  const id = `${route}-${model.items.length}`;
  const { held = false, behind } = options;
  await tx.outbox.insert({
    ...newDelivery(id, model.now, { route, lane, body: held ? observationBody() : payloadBody() }),
    state: held ? 'parked' : 'queued',
    ...(behind && { inPlaceOf: behind }),
  });
  const stored = await tx.outbox.get(id);
  if (!stored) throw new Error('not inserted');
  const expected = behind
    ? {
        position: behind.position,
        sub: 1 + Math.max(...model.items.filter((i) => i.position === behind.position).map((i) => i.sub)),
      }
    : { position: stored.position, sub: 0 };
  expect({ position: stored.position, sub: stored.sub }).toEqual(expected);
  if (!behind) expect(model.items.every((other) => other.position < stored.position)).toBe(true);
  const state = held ? 'parked' : 'queued';
  model.items.push({
    id,
    lane,
    ...expected,
    state,
    stage: held ? 'observation' : 'payload',
    dueAt: model.now,
  });
}

async function resume(run: Run, found: Item | undefined, extra: number): Promise<void> {
  const { model, tx } = run;
  const to = { body: payloadBody(), kind: 'SickReport', state: 'queued' } as const;
  const done = await attempt(() => tx.outbox.advance(found?.id ?? 'nowhere', to, model.now));
  expect(done).toBe(found?.state === 'claimed' && found.stage === 'observation');
  if (!done || !found) return;
  Object.assign(found, { state: 'queued', stage: 'payload', dueAt: model.now });
  for (let n = 0; n < extra; n += 1) await insert(run, found.lane, { behind: found });
}

async function claim({ model, route, tx }: Run, limit: number): Promise<void> {
  const expected = model.claimable().slice(0, limit);
  const claimed = await tx.outbox.claim({ routes: [route], limit, at: model.now });
  expect(claimed.map((each) => each.id).sort()).toEqual(expected.map((each) => each.id).sort());
  for (const each of expected) each.state = 'claimed';
}

async function settle(
  { model, tx }: Run,
  found: Item | undefined,
  to: Extract<Operation, { do: 'settle' }>,
): Promise<void> {
  const reached = to.state === 'delivered' || to.state === 'confirmed' || to.state === 'rejected';
  const legal = found?.state === 'sending' || (found?.state === 'claimed' && !reached);
  const nextAttemptAt = model.now + to.wait;
  const settlement = { state: to.state, spent: true, nextAttemptAt };
  const done = await attempt(() => tx.outbox.settle(found?.id ?? 'nowhere', settlement, model.now));
  expect(done).toBe(legal);
  if (done && found) Object.assign(found, { state: to.state, dueAt: nextAttemptAt });
}

async function simple(
  run: Run,
  verb: 'send' | 'release' | 'discard',
  found: Item | undefined,
): Promise<void> {
  const { model, tx } = run;
  const id = found?.id ?? 'nowhere';
  if (verb === 'send') {
    const done = await attempt(() => tx.outbox.markSending(id, model.now));
    expect(done).toBe(found?.state === 'claimed' && found.stage === 'payload');
    if (done && found) found.state = 'sending';
    return;
  }
  const act =
    verb === 'release' ? tx.outbox.release(id, [], model.now) : tx.outbox.discard(id, 'reason', model.now);
  const done = await attempt(() => act);
  expect(done).toBe(found?.state === 'parked');
  if (!done || !found) return;
  found.state = verb === 'release' ? 'queued' : 'discarded';
  found.dueAt = model.now;
}

async function recover({ model, route, tx }: Run): Promise<void> {
  const unknown = await tx.outbox.recover(model.now);
  const ours = unknown.filter((each) => each.route === route).map((each) => each.id);
  expect(ours.sort()).toEqual(
    model.items
      .filter((each) => each.state === 'sending')
      .map((each) => each.id)
      .sort(),
  );
  for (const each of model.items) if (each.state === 'claimed') each.state = 'queued';
}

function legalFor(next: Operation): (item: Item) => boolean {
  switch (next.do) {
    case 'resume':
      return (found) => found.state === 'claimed' && found.stage === 'observation';
    case 'send':
      return (found) => found.state === 'claimed' && found.stage === 'payload';
    case 'settle':
      return (found) => UNDER_WAY.includes(found.state);
    case 'release':
    case 'discard':
      return (found) => found.state === 'parked';
    // Behind one that is final, so before whatever is under way.
    case 'put-in':
      return (found) => !open(found);
    default:
      return () => true;
  }
}

async function step(run: Run, next: Operation): Promise<void> {
  const { model } = run;
  if (next.do === 'insert') return insert(run, `lane-${next.lane}`, { held: next.held });
  if (next.do === 'claim') return claim(run, next.limit);
  if (next.do === 'recover') return recover(run);
  if (next.do === 'wait') {
    model.now += next.ms;
    return;
  }
  const found = model.pick(next.item, legalFor(next));
  if (next.do === 'resume') return resume(run, found, next.extra);
  if (next.do === 'put-in') return found && insert(run, found.lane, { behind: found });
  if (next.do === 'settle') return settle(run, found, next);
  return simple(run, next.do, found);
}

export function modelContract(current: CurrentStore): void {
  describe('whatever is done to the outbox', () => {
    it('it does what a plain model of it does, and its books balance after every step', async () => {
      const { store } = current();
      let runs = 0;
      const property = fc.asyncProperty(
        fc.array(operation, { minLength: 20, maxLength: 80, size: 'max' }),
        async (operations) => {
          runs += 1;
          const route = `run-${runs}`;
          const model = new Model();
          for (const next of operations) {
            await store.write((tx) => step({ model, route, tx }, next));
            const stored = await store.read((tx) => tx.outbox.list({ route }));
            expect(stored.map((each) => [each.id, each.state])).toEqual(
              [...model.items].sort(inOrder).map((each) => [each.id, each.state]),
            );
            const books = (await store.read((tx) => tx.outbox.accounting())).find(
              (each) => each.route === route,
            );
            const sum = DELIVERY_STATES.reduce((total, state) => total + (books?.states[state] ?? 0), 0);
            expect(sum).toBe(books?.accepted ?? 0);
            expect(sum).toBe(model.items.length);
          }
        },
      );
      await fc.assert(property, { numRuns: 12, interruptAfterTimeLimit: 20_000 });
    });
  });
}
