// A route that is added to a connection gets everything once; postponed and failed polls are told apart.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderStatus } from '../../src/commands/status.js';
import { configSchema } from '../../src/config/schema.js';
import { PostponedError, RetryableError } from '../../src/errors.js';
import { readStatus } from '../../src/ops/status.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';

const sick = (caseId: string) => plainObservation({ absence: { caseId } });

let bench: IntakeBench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

const loadOf = (route: string) => bench.store.read((tx) => tx.firstLoads.get(route, 'visma'));
const stateOf = async () => (await bench.store.read((tx) => tx.operation.connections()))[0] ?? null;

describe('the first load of a route', () => {
  it('asks for everything until one poll came to its end, and goes on from the cursor after that', async () => {
    const source = scriptedSource();
    const poller = bench.poller(source, makeRoute('absences'));
    source.next([sick('C1')], new RetryableError('503'));
    source.next([sick('C1')], [sick('C2')]);
    source.next([sick('C3')]);
    expect([await poller.poll(), await poller.poll(), await poller.poll(), await poller.poll()]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(source.cursors).toEqual([null, null, 'page-3', 'page-4']);
    expect(await bench.deliveries()).toHaveLength(3);
  });

  it('is given to a route that was added later, and tells the others nothing again', async () => {
    const source = scriptedSource();
    source.next([sick('C1'), sick('C2')]);
    source.next([sick('C1'), sick('C2')], [sick('C3')]);
    await bench.poller(source, makeRoute('absences')).poll();
    const both = bench.poller(source, makeRoute('absences'), makeRoute('two'));
    await both.poll();
    await both.poll();
    expect(source.cursors).toEqual([null, null, 'page-3']);
    expect(await bench.deliveries('absences')).toHaveLength(3);
    expect(await bench.deliveries('two')).toHaveLength(3);
  });

  it('is completed by a source that has nothing at all', async () => {
    const source = scriptedSource();
    await bench.poller(source, makeRoute('absences')).poll();
    expect(await loadOf('absences')).toEqual({
      ...{ route: 'absences', connection: 'visma' },
      startedDay: '2026-03-02',
      completedAt: bench.clock.now(),
    });
  });

  it('begins on the day of its first page, not on that of the first attempt', async () => {
    const source = scriptedSource();
    const poller = bench.poller(source, makeRoute('absences'));
    source.next(new RetryableError('503'));
    await poller.poll();
    expect(await loadOf('absences')).toBeNull();
    source.next([sick('C1')], new RetryableError('503'));
    await poller.poll();
    const begun = { startedDay: '2026-03-02', completedAt: null };
    expect(await loadOf('absences')).toMatchObject(begun);
    bench.clock.advance(3 * 86_400_000);
    await poller.poll();
    expect(await loadOf('absences')).toMatchObject({ startedDay: '2026-03-02' });
  });

  it.each([
    ['2026-03-28T22:59:00Z', '2026-03-28'],
    ['2026-03-28T23:00:00Z', '2026-03-29'],
    ['2026-03-29T21:59:00Z', '2026-03-29'],
    ['2026-03-29T22:00:00Z', '2026-03-30'],
    ['2026-10-24T21:59:00Z', '2026-10-24'],
    ['2026-10-25T22:59:00Z', '2026-10-25'],
    ['2026-10-25T23:00:00Z', '2026-10-26'],
  ])('at %s is of the day %s in the time zone of the configuration', async (instant, day) => {
    bench.clock.advance(Date.parse(instant) - bench.clock.now());
    await bench.poller(scriptedSource(), makeRoute('absences')).poll();
    expect(await loadOf('absences')).toMatchObject({ startedDay: day });
  });
});

describe('a postponed poll', () => {
  const postponed = new PostponedError('6000 of 6000 calls', 60_000);

  it('is no failed one: how the last poll went stays as it was, and what came before is kept', async () => {
    const source = scriptedSource();
    const poller = bench.poller(source, makeRoute('absences'));
    source.next([sick('C1')]);
    source.next([sick('C2')], postponed);
    await poller.poll();
    const before = await stateOf();
    bench.clock.advance(60_000);
    expect(await poller.poll()).toBe(false);
    expect(await stateOf()).toEqual(before);
    expect(await bench.deliveries()).toHaveLength(2);
    expect(await poller.poll()).toBe(true);
    expect(source.cursors).toEqual([null, 'page-1', 'page-2']);
  });

  it('as the very first leaves no outcome at all', async () => {
    const source = scriptedSource();
    source.next(postponed);
    expect(await bench.poller(source, makeRoute('absences')).poll()).toBe(false);
    expect(await stateOf()).toBeNull();
    expect(await loadOf('absences')).toBeNull();
  });

  it('does not complete a first load', async () => {
    const source = scriptedSource();
    const poller = bench.poller(source, makeRoute('absences'));
    source.next([sick('C1')], postponed);
    await poller.poll();
    await poller.poll();
    expect(source.cursors).toEqual([null, null]);
  });

  it('is told in `status` since the first one, needs a person after four hours, and is taken back by a good one', async () => {
    const source = scriptedSource();
    const poller = bench.poller(source, makeRoute('absences'));
    const began = bench.clock.now();
    const config = configSchema.parse({
      connections: {
        visma: { connector: 'a', party: 'employer' },
        arbo: { connector: 'b', party: 'arbodienst' },
      },
      routes: [{ name: 'absences', from: 'visma', to: 'arbo' }],
    });
    const report = () => readStatus(bench.store, config, bench.clock.now());
    source.next(postponed);
    await poller.poll();
    bench.clock.advance(4 * 3_600_000);
    source.next(new PostponedError('token calls: 400 of 400', 60_000));
    await poller.poll();
    const before = await report();
    expect(before.connections[0]?.postponed).toEqual({
      since: began,
      reason: expect.stringContaining('token calls: 400 of 400'),
    });
    expect(before.attention).toEqual([]);
    expect(renderStatus(before, 'Europe/Amsterdam')).toContain(
      'nothing needs attention yet; polls are postponed: visma\n',
    );
    bench.clock.advance(1);
    expect((await report()).attention).toEqual([
      expect.stringMatching(/^Connection visma: no poll succeeded for more than 4 hours\. .*400 of 400/),
    ]);
    await poller.poll();
    expect(await report()).toMatchObject({
      attention: [],
      connections: [{ postponed: null, notes: [] }, {}],
    });
    // A budget that is spent for days is told at once, and once.
    source.next(new PostponedError('token calls: 400 of 400', 8 * 24 * 3_600_000));
    await poller.poll();
    bench.clock.advance(5 * 3_600_000);
    expect((await report()).attention).toEqual([expect.stringContaining('token calls: 400 of 400')]);
  });

  it('that was cut short by the end of the daemon counts neither as well nor as failed', async () => {
    const source = scriptedSource();
    source.next([sick('C1')]);
    expect(await bench.stoppedPoller(source, makeRoute('absences')).poll()).toBe(false);
    expect(await stateOf()).toBeNull();
  });
});
