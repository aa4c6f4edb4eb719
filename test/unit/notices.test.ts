// What had to be changed so that a receiver can take a notification: people see it at the delivery, and the audit keeps
// where and by which code.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resume } from '../../src/acceptance/resume.js';
import { silentLog } from '../../src/log.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';

const notices = [
  { code: 'MAPPING_SHORTENED', path: 'employment.unitName' },
  { code: 'TARGET_CANNOT_CARRY', path: 'absence.percentage', detail: 'rounded' },
] as const;
const CHANGED = ['employment.unitName MAPPING_SHORTENED', 'absence.percentage TARGET_CANNOT_CARRY'];

let bench: IntakeBench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

/** One sick report on this route. */
async function takeIn(route: ReturnType<typeof makeRoute>): Promise<void> {
  const source = scriptedSource();
  source.next([plainObservation()]);
  await bench.poller(source, route).poll();
}

const rows = async (action: string) => (await bench.audit()).filter((row) => row.action === action);

describe('a notification that was changed to fit', () => {
  const plain = makeRoute('absences');
  const outMapping: typeof plain.outMapping = {
    ...plain.outMapping,
    apply: (output) => ({ ok: true, output, notices }),
  };

  it('says so at the delivery and in the audit, with path and code', async () => {
    await takeIn(makeRoute('absences', { outMapping }));
    const [delivery] = await bench.deliveries();
    expect(delivery).toMatchObject({ state: 'queued', detail: `changed to fit: ${CHANGED.join(', ')}` });
    expect(await rows('queued')).toMatchObject([
      { deliveryId: delivery?.id, details: { kind: 'SickReport', changed: CHANGED } },
    ]);
  });

  it('says so too when it is mapped again after it was parked', async () => {
    const problems = [{ code: 'MAPPING_UNKNOWN_CODE', path: 'absence.cause' }] as const;
    const failing = { ...outMapping, apply: () => ({ ok: false, problems }) as const };
    await takeIn(makeRoute('absences', { outMapping: failing }));
    const { store, clock } = bench;
    await store.write(async (tx) => {
      const [parked] = await tx.outbox.list({ states: ['parked'] });
      const body = parked && (await tx.outbox.open(parked.id));
      if (!parked || !body) throw new Error('nothing is parked');
      await tx.outbox.release(parked.id, [], clock.now());
      const [claimed] = await tx.outbox.claim({ routes: ['absences'], limit: 1, at: clock.now() });
      if (!claimed) throw new Error('nothing is due');
      const route = makeRoute('absences', { outMapping });
      await resume(claimed, body, {
        store,
        clock,
        tx,
        route,
        log: silentLog,
        reference: 'x',
        actor: 'daemon',
      });
    });
    expect((await bench.deliveries())[0]?.detail).toBe(`changed to fit: ${CHANGED.join(', ')}`);
    expect(await rows('queued')).toMatchObject([{ details: { changed: CHANGED } }]);
  });

  it('that was not changed says nothing of the kind', async () => {
    await takeIn(plain);
    expect((await bench.deliveries())[0]?.detail).toBeNull();
    expect((await rows('queued'))[0]?.details).not.toHaveProperty('changed');
  });
});
