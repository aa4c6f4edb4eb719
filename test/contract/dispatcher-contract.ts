// What every dispatcher promises, over a real store and the real runner: order per lane also through retries, nothing
// twice, a pause that stops one route alone, and nothing left behind when it stops or the store stumbles.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dispatcher } from '../../src/delivery/dispatcher.js';
import type { EmbeddedDeps } from '../../src/delivery/embedded.js';
import { createRunner } from '../../src/delivery/runner.js';
import {
  CodedError,
  RejectedError,
  RetryableError,
  RouteError,
  UnknownOutcomeError,
} from '../../src/errors.js';
import { silentLog } from '../../src/log.js';
import type { Route } from '../../src/route.js';
import { noSteps } from '../../src/steps.js';
import type { NewDelivery, OutboxReader, Store } from '../../src/store/types.js';
import { type ScriptedTarget, scriptedTarget, type TargetTraits } from '../fakes/scripted-target.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';
import { caseState, newDelivery } from '../support/store-material.js';
import { aTurn, eventually, unhurried } from './dispatcher-time.js';

const PAUSE_MS = 60_000;
const TIMEOUT_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const FAILURES = 5;

export function describeDispatcher(name: string, create: (deps: EmbeddedDeps) => Dispatcher): void {
  describe(`${name} keeps the contract of a dispatcher`, () => {
    let fixture: SqliteFixture;
    let dispatchers: Dispatcher[];

    beforeEach(async () => {
      fixture = await openSqlite();
      dispatchers = [];
    });

    afterEach(async () => {
      for (const dispatcher of dispatchers) await dispatcher.stop(0);
      await fixture.end();
    });

    async function queue(
      ...items: readonly (readonly [id: string, over?: Partial<NewDelivery>])[]
    ): Promise<void> {
      await fixture.store.write(async (tx) => {
        for (const [id, over] of items) await tx.outbox.insert(newDelivery(id, fixture.clock.now(), over));
      });
    }

    const pauseOf = async (route: string) =>
      (await fixture.store.read((tx) => tx.operation.routes())).find((state) => state.route === route);

    /** What the audit tells of a connection, in order. */
    const actionsOf = (connection: string) =>
      fixture.store.read(async (tx) => {
        const actions: string[] = [];
        for await (const row of tx.audit.export({}))
          if (row.connection === connection) actions.push(row.action);
        return actions;
      });

    function dispatch(
      targets: Record<string, ScriptedTarget>,
      store: Store = fixture.store,
      to?: string,
    ): Dispatcher {
      const routes = new Map(
        // Payloads are ready, so that neither gate nor mappings are asked for anything.
        Object.entries(targets).map(([route, target]) => [
          route,
          { name: route, to: to ?? `to-${route}`, target } as unknown as Route,
        ]),
      );
      const shared = { store, clock: unhurried(fixture.clock), log: silentLog, routes };
      const backoff = { firstMs: FIRST_RETRY_MS, longestMs: 8_000 };
      const times = { pauseMs: PAUSE_MS, timeoutMs: TIMEOUT_MS, failuresBeforePause: FAILURES };
      const runner = createRunner({ ...shared, steps: noSteps, backoff, ...times });
      const dispatcher = create({ ...shared, runner });
      dispatchers.push(dispatcher);
      return dispatcher;
    }

    async function start(traits: TargetTraits = {}, prepare: (target: ScriptedTarget) => void = () => {}) {
      const target = scriptedTarget(traits);
      prepare(target);
      const dispatcher = dispatch({ absences: target });
      await dispatcher.start();
      return { target, dispatcher };
    }

    const stateOf = async (id: string) => (await fixture.store.read((tx) => tx.outbox.get(id)))?.state;

    /** Looks again and again, while the clock goes on, until every one of them is final or parked. */
    async function settled(dispatcher: Dispatcher, ...ids: readonly string[]): Promise<void> {
      for (let look = 0; look < 500; look += 1) {
        await dispatcher.idle();
        const states = await Promise.all(ids.map(stateOf));
        if (states.every((state) => state && !['queued', 'claimed', 'sending'].includes(state))) return;
        fixture.clock.advance(FIRST_RETRY_MS);
      }
      throw new Error('they were never settled');
    }

    it('delivers all that is due, once, and is idle then', async () => {
      await queue(['a'], ['b'], ['c']);
      const { target, dispatcher } = await start();
      await dispatcher.idle();
      expect([...target.arrived].sort()).toEqual(['a', 'b', 'c']);
      expect(target.attempts).toHaveLength(3);
      expect(await stateOf('a')).toBe('delivered');
    });

    it('keeps the order of a lane through retries, while other lanes go on', async () => {
      await queue(['a1', { lane: 'A' }], ['a2', { lane: 'A' }], ['a3', { lane: 'A' }], ['b1', { lane: 'B' }]);
      const busy = failing(new RetryableError('busy'));
      const { target, dispatcher } = await start({}, (made) => made.script('a1', busy, busy, busy));
      await settled(dispatcher, 'a1', 'a2', 'a3', 'b1');
      expect(target.arrived.filter((key) => key.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
      expect(target.arrived[0]).toBe('b1');
      expect(target.attempts.filter(({ key }) => key === 'a1')).toHaveLength(4);
      const orders = target.attempts.filter(({ key }) => key.startsWith('a')).map(({ order }) => order);
      expect(orders).toEqual([...orders].sort());
    });

    it('lets a parked head hold its own lane and no other', async () => {
      await queue(
        ['held', { lane: 'A', state: 'parked' }],
        ['behind', { lane: 'A' }],
        ['other', { lane: 'B' }],
      );
      const { target, dispatcher } = await start();
      await dispatcher.idle();
      expect(target.arrived).toEqual(['other']);
      await fixture.store.write((tx) => tx.outbox.release('held', [], fixture.clock.now()));
      dispatcher.wake();
      await settled(dispatcher, 'held', 'behind');
      expect(target.arrived).toEqual(['other', 'held', 'behind']);
    });

    it('confirms what the receiver shows as it was sent', async () => {
      await queue(['a', { caseKey: 'case-A' }]);
      const { dispatcher } = await start({}, (made) => made.showDifferences([]));
      await dispatcher.idle();
      expect(await stateOf('a')).toBe('confirmed');
      expect(await fixture.store.read((tx) => tx.ledger.diverged())).toEqual([]);
    });

    it('marks the case that the receiver shows otherwise, until a later one is confirmed', async () => {
      const { store, clock } = fixture;
      await store.write((tx) => tx.ledger.put('absences', 'case-A', 'A', caseState(), clock.now()));
      await queue(['a', { lane: 'A', caseKey: 'case-A' }]);
      const { target, dispatcher } = await start({}, (made) => made.showDifferences(['absence.percentage']));
      await dispatcher.idle();
      expect(await stateOf('a')).toBe('delivered');
      const marked = await store.read((tx) => tx.ledger.diverged());
      expect(marked).toMatchObject([{ caseKey: 'case-A', code: 'TARGET_DIFFERS' }]);
      const rows = await store.read((tx) => tx.audit.ofDelivery('a'));
      expect(rows.at(-1)?.details?.differences).toEqual(['absence.percentage']);
      target.showDifferences([]);
      await queue(['b', { lane: 'A', caseKey: 'case-A' }]);
      dispatcher.wake();
      await settled(dispatcher, 'b');
      expect(await store.read((tx) => tx.ledger.diverged())).toEqual([]);
    });

    it('lets those behind a refused one go on, and marks its case', async () => {
      await queue(['a1', { lane: 'A', caseKey: 'case-A' }], ['a2', { lane: 'A', caseKey: 'case-A' }]);
      const { target, dispatcher } = await start({}, (made) =>
        made.script('a1', failing(new RejectedError('unknown employer'))),
      );
      await settled(dispatcher, 'a1', 'a2');
      expect(await stateOf('a1')).toBe('rejected');
      expect(target.arrived).toEqual(['a2']);
    });

    it('never has more in flight than the target takes', async () => {
      await queue(...Array.from({ length: 20 }, (_, index) => [`n${index}`] as const));
      const { target, dispatcher } = await start({ concurrency: 3 }, (made) => {
        for (let index = 0; index < 20; index += 1)
          made.script(`n${index}`, () => eventually(() => made.mostInFlight === 3));
      });
      await dispatcher.idle();
      expect(target.arrived).toHaveLength(20);
      expect(target.mostInFlight).toBe(3);
    });

    it('pauses a route that is refused, spends no attempt, probes it with one, and then goes on', async () => {
      await queue(['a'], ['b'], ['c'], ['x', { route: 'other' }]);
      const refused = failing(new RouteError('401'));
      const absences = scriptedTarget({ concurrency: 1 });
      absences.script('a', refused, refused);
      const other = scriptedTarget();
      const dispatcher = dispatch({ absences, other });
      await dispatcher.start();
      await dispatcher.idle();
      expect(other.arrived).toEqual(['x']);
      await settled(dispatcher, 'a', 'b', 'c');
      expect(absences.arrived).toHaveLength(3);
      const a = await fixture.store.read((tx) => tx.outbox.get('a'));
      expect(a?.attempts).toBe(1);
      const [state] = (await fixture.store.read((tx) => tx.operation.routes())).filter(
        ({ route }) => route === 'absences',
      );
      expect(state?.pausedAt).toBeNull();
    });

    it('lets a connection rest that fails again and again, probes it with one, and goes on when it works', async () => {
      const ids = Array.from({ length: 12 }, (_, index) => `n${index}`);
      await queue(...ids.map((id) => [id] as const), ['x', { route: 'other' }]);
      const absences = scriptedTarget({ concurrency: 1 });
      let works = false;
      const down = () => {
        if (!works) throw new RetryableError('no answer');
      };
      for (const id of ids) absences.script(id, ...ids.map(() => down));
      const other = scriptedTarget();
      const dispatcher = dispatch({ absences, other });
      await dispatcher.start();
      await eventually(async () => (await pauseOf('absences'))?.pausedCode === 'TARGET_FAILING');
      await eventually(() => other.arrived.length === 1);
      expect(absences.attempts.length).toBeLessThanOrEqual(FAILURES + 1);
      works = true;
      await settled(dispatcher, ...ids, 'x');
      expect([...absences.arrived].sort()).toEqual([...ids].sort());
      expect((await pauseOf('absences'))?.pausedAt).toBeNull();
      expect((await pauseOf('other'))?.pausedAt ?? null).toBeNull();
      const told = await actionsOf('to-absences');
      expect(told.filter((action) => action === 'paused')).toHaveLength(1);
      expect(told.filter((action) => action === 'resumed')).toHaveLength(1);
    });

    it('lets no target that never answers keep another waiting', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
      await queue(
        ...ids.map((id) => [id] as const),
        ...ids.map((id) => [`x${id}`, { route: 'other' }] as const),
      );
      const silent = scriptedTarget({ concurrency: 2 });
      Object.assign(silent, { deliver: () => new Promise<never>(() => {}) });
      const other = scriptedTarget({ concurrency: 2 });
      await dispatch({ absences: silent, other }).start();
      await eventually(() => other.arrived.length === ids.length);
      expect(silent.arrived).toEqual([]);
    });

    it('delivers and probes in time although the clock is set back by an hour', async () => {
      await queue(['a'], ['x', { route: 'other' }]);
      const absences = scriptedTarget();
      absences.script('a', failing(new RouteError('401')));
      const other = scriptedTarget();
      other.script('x', failing(new RetryableError('busy')));
      const dispatcher = dispatch({ absences, other });
      await dispatcher.start();
      await eventually(() => absences.attempts.length === 1 && other.attempts.length === 1);
      await dispatcher.idle();
      const from = fixture.clock.monotonic();
      fixture.clock.set(-3_600_000);
      await settled(dispatcher, 'a', 'x');
      expect([...absences.arrived, ...other.arrived]).toEqual(['a', 'x']);
      expect(fixture.clock.monotonic() - from).toBeLessThan(3 * PAUSE_MS);
    });

    it('rests every route of a connection, and probes it with one of them', async () => {
      await queue(['a', { route: 'first' }], ['b', { route: 'second' }]);
      const shared = scriptedTarget({ concurrency: 1 });
      const refused = failing(new RouteError('401'));
      shared.script('a', refused, refused);
      const dispatcher = dispatch({ first: shared, second: shared }, fixture.store, 'shared');
      await dispatcher.start();
      await settled(dispatcher, 'a', 'b');
      expect([...shared.arrived].sort()).toEqual(['a', 'b']);
      // The probe may be the other route's: then it goes on, and rests again when the first one is refused again.
      expect((await actionsOf('shared')).join()).toMatch(/^(paused,resumed,?)+$/);
      expect((await pauseOf('second'))?.pausedAt).toBeNull();
    });

    it.each([
      ['is there', true, 'delivered', 0],
      ['is not there', false, 'delivered', 1],
    ] as const)(
      'asks the target about one that a crash left sending: it %s',
      async (_what, present, state, sends) => {
        await leaveSending('a');
        const { target, dispatcher } = await start({}, (made) => {
          if (present) (made.arrived as string[]).push('a');
        });
        await settled(dispatcher, 'a');
        expect(await stateOf('a')).toBe(state);
        expect(target.attempts).toHaveLength(sends);
      },
    );

    it('parks one that a crash left sending when nobody can tell, and sends it again when twice counts once', async () => {
      await leaveSending('a');
      const parked = await start({ canLookUp: false });
      await settled(parked.dispatcher, 'a');
      expect(await stateOf('a')).toBe('parked');
      expect(parked.target.attempts).toHaveLength(0);
      await parked.dispatcher.stop(0);
      await leaveSending('b');
      const again = await start({ canLookUp: false, idempotent: true });
      await settled(again.dispatcher, 'b');
      expect(again.target.arrived).toEqual(['b']);
    });

    it('does not send again what arrived although the answer was lost', async () => {
      await queue(['a']);
      const { target, dispatcher } = await start({}, (made) =>
        made.arriveAndThrow('a', new UnknownOutcomeError('timed out')),
      );
      await settled(dispatcher, 'a');
      expect(await stateOf('a')).toBe('delivered');
      expect(target.arrived).toEqual(['a']);
    });

    it('parks a delivery that meets a bug, and goes on with the others', async () => {
      await queue(['a'], ['b']);
      const { target, dispatcher } = await start({}, (made) =>
        made.script('a', failing(new TypeError('a bug'))),
      );
      await settled(dispatcher, 'a', 'b');
      expect(await stateOf('a')).toBe('parked');
      expect(target.arrived).toEqual(['b']);
    });

    it.each([
      ['can be asked', true],
      ['cannot be asked, because the outcome was known', false],
    ])(
      'loses and doubles nothing when the store fails right after the delivery and the target %s',
      async (_what, canLookUp) => {
        await queue(['a', { lane: 'A' }], ['b', { lane: 'A' }]);
        const target = scriptedTarget({ canLookUp });
        let failures = 2;
        const stumbling: Store = {
          ...fixture.store,
          write: (unit) => {
            if (!target.arrived.includes('a') || failures === 0) return fixture.store.write(unit);
            failures -= 1;
            return Promise.reject(DISK_FULL);
          },
        };
        const dispatcher = dispatch({ absences: target }, stumbling);
        await dispatcher.start();
        await eventually(async () => (await stateOf('b')) === 'delivered');
        expect(target.arrived).toEqual(['a', 'b']);
        expect(await stateOf('a')).toBe('delivered');
      },
    );

    it('writes a known outcome down when it stops, although the store failed before', async () => {
      await queue(['a']);
      const target = scriptedTarget({ canLookUp: false });
      let dispatcher: Dispatcher;
      let stopping: Promise<void> | undefined;
      const stumbling: Store = {
        ...fixture.store,
        write: (unit) => {
          if (!target.arrived.includes('a') || stopping) return fixture.store.write(unit);
          stopping = dispatcher.stop(5_000);
          return Promise.reject(DISK_FULL);
        },
      };
      dispatcher = dispatch({ absences: target }, stumbling);
      await dispatcher.start();
      await eventually(() => stopping !== undefined);
      await stopping;
      expect(await stateOf('a')).toBe('delivered');
    });

    it('parks what cannot be opened, says why, and goes on with the others', async () => {
      await queue(['a'], ['b']);
      let opened = 0;
      const target = scriptedTarget();
      const dispatcher = dispatch(
        { absences: target },
        failingToOpen('a', () => {
          opened += 1;
          return new CodedError('SEAL_BROKEN');
        }),
      );
      await dispatcher.start();
      await settled(dispatcher, 'a', 'b');
      const a = await fixture.store.read((tx) => tx.outbox.get('a'));
      expect(a).toMatchObject({ state: 'parked', code: 'SEAL_BROKEN' });
      expect(opened).toBe(1);
      expect(target.arrived).toEqual(['b']);
    });

    it('tries an item that the store fails on again and again only now and then, and goes on with the others', async () => {
      await queue(['a'], ['b']);
      let opened = 0;
      const target = scriptedTarget();
      const dispatcher = dispatch(
        { absences: target },
        failingToOpen('a', () => {
          opened += 1;
          return DISK_FULL;
        }),
      );
      const from = fixture.clock.now();
      await dispatcher.start();
      await eventually(() => opened === 5);
      expect(fixture.clock.now() - from).toBeGreaterThanOrEqual(4 * FIRST_RETRY_MS);
      expect(target.arrived).toEqual(['b']);
    });

    it('takes a target that never answers for an unknown outcome, asks it, and sends again', async () => {
      await queue(['a']);
      const { target, dispatcher } = await start({}, (made) => made.script('a', never));
      const from = fixture.clock.now();
      await settled(dispatcher, 'a');
      expect(await stateOf('a')).toBe('delivered');
      expect(target.attempts).toHaveLength(2);
      expect(fixture.clock.now() - from).toBeGreaterThanOrEqual(TIMEOUT_MS);
    });

    it('asks again, and sends nothing meanwhile, as long as the target does not say whether it arrived', async () => {
      await queue(['a']);
      let asked = 0;
      const { target, dispatcher } = await start({}, (made) => {
        made.arriveAndThrow('a', new UnknownOutcomeError('timed out'));
        const lookup = () => {
          asked += 1;
          return asked < 3 ? never() : Promise.resolve('present');
        };
        Object.assign(made, { lookup });
      });
      await settled(dispatcher, 'a');
      expect(await stateOf('a')).toBe('delivered');
      expect(target.attempts).toHaveLength(1);
    });

    it('delivers the others while it asks after one that a crash left sending', async () => {
      await leaveSending('a');
      await queue(['b']);
      const { target } = await start({}, (made) => {
        Object.assign(made, { lookup: never });
      });
      await eventually(async () => (await stateOf('b')) === 'delivered');
      expect(target.arrived).toEqual(['b']);
      expect(await stateOf('a')).toBe('sending');
    });

    it('lets a paused route go on when its probe is refused for what it is: the link works', async () => {
      await queue(['a']);
      const { dispatcher } = await start({}, (made) =>
        made.script('a', failing(new RouteError('401')), failing(new RejectedError('unknown employer'))),
      );
      await settled(dispatcher, 'a');
      expect(await stateOf('a')).toBe('rejected');
      const [state] = await fixture.store.read((tx) => tx.operation.routes());
      expect(state?.pausedAt).toBeNull();
    });

    it.each([
      ['of an earlier one does not settle', ['sent', 'gone'], 'HELD_CAUSE', 'DISCARDED'],
      ['of a later one settles', ['gone', 'sent'], 'HELD_CAUSE', null],
      ['settles, when it was only superseded,', ['sent', 'gone'], 'SUPERSEDED', null],
    ] as const)('a delivery %s what a discarded one left open', async (_what, order, code, diverged) => {
      const lane = { lane: 'A', caseKey: 'A' };
      const items = { sent: lane, gone: { ...lane, state: 'parked', code } } as const;
      await queue(...order.map((id) => [id, items[id]] as const));
      await fixture.store.write(async (tx) => {
        const at = fixture.clock.now();
        await tx.ledger.put('absences', 'A', 'A', caseState(), at);
        await tx.outbox.discard('gone', 'told by telephone', at);
        await tx.ledger.setDiverged('absences', 'A', 'DISCARDED', at);
      });
      const { dispatcher } = await start();
      await settled(dispatcher, 'sent');
      expect(await stateOf('sent')).toBe('delivered');
      const entry = await fixture.store.read((tx) => tx.ledger.get('absences', 'A'));
      expect(entry?.diverged).toBe(diverged);
    });

    it('waits for what is in flight when it stops, and takes nothing new', async () => {
      await queue(['a', { lane: 'A' }], ['b', { lane: 'A' }]);
      let finish = () => {};
      const { target, dispatcher } = await start({}, (made) =>
        made.script('a', () => new Promise<void>((resolve) => (finish = resolve))),
      );
      await eventually(() => target.attempts.length === 1);
      fixture.clock.whileSleeping = finish;
      await dispatcher.stop(5_000);
      expect(await stateOf('a')).toBe('delivered');
      expect(await stateOf('b')).toBe('queued');
      expect(target.attempts).toHaveLength(1);
    });

    it('puts back what it was claiming when it stops, and leaves the store alone afterwards', async () => {
      await queue(['a'], ['b']);
      let dispatcher: Dispatcher;
      let stopping: Promise<void> | undefined;
      let touched = 0;
      const stopped: Store = {
        ...fixture.store,
        read: (query) => {
          touched += 1;
          return fixture.store.read(query);
        },
        write: (unit) => {
          touched += 1;
          return fixture.store.write((tx) =>
            unit({
              ...tx,
              outbox: {
                ...tx.outbox,
                async claim(options) {
                  stopping ??= dispatcher.stop(5_000);
                  return tx.outbox.claim(options);
                },
              },
            }),
          );
        },
      };
      const target = scriptedTarget();
      dispatcher = dispatch({ absences: target }, stopped);
      await dispatcher.start();
      await eventually(() => stopping !== undefined);
      await stopping;
      expect([await stateOf('a'), await stateOf('b')]).toEqual(['queued', 'queued']);
      expect(target.attempts).toHaveLength(0);
      const before = touched;
      for (let turn = 0; turn < 100; turn += 1) await aTurn();
      expect(touched).toBe(before);
    });

    it('leaves no item under way when it stops although a target does not answer', async () => {
      await queue(['a']);
      const { target, dispatcher } = await start({ canLookUp: false, idempotent: true }, (made) =>
        made.script('a', never),
      );
      await eventually(() => target.attempts.length === 1);
      await dispatcher.stop(5_000);
      expect(await stateOf('a')).toBe('queued');
    });

    /** The store, failing whenever the content of one item is asked for. */
    function failingToOpen(id: string, error: () => Error): Store {
      const open =
        (outbox: OutboxReader): OutboxReader['open'] =>
        async (asked) => {
          if (asked === id) throw error();
          return outbox.open(asked);
        };
      return {
        ...fixture.store,
        read: (query) =>
          fixture.store.read((tx) => query({ ...tx, outbox: { ...tx.outbox, open: open(tx.outbox) } })),
      };
    }

    async function leaveSending(id: string): Promise<void> {
      await queue([id]);
      await fixture.store.write((tx) =>
        tx.outbox.claim({ routes: ['absences'], limit: 1, at: fixture.clock.now() }),
      );
      await fixture.store.write((tx) => tx.outbox.markSending(id, fixture.clock.now()));
    }
  });
}

const DISK_FULL = new CodedError('STORE_UNAVAILABLE', [], { detail: 'Database code: SQLITE_FULL.' });

const failing = (error: Error) => () => {
  throw error;
};
const never = () => new Promise<never>(() => {});
