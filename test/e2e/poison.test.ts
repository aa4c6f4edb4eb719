// A bug that one record brings to light: that record is parked, and those before and behind it go on.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { loadConfig } from '../../src/config/load.js';
import type { RawRecord, Target } from '../../src/connector.js';
import { type Bridge, startBridge } from '../../src/main.js';
import { type Inlet, takeIn } from '../../src/pipeline.js';
import type { AbsenceRoute } from '../../src/route.js';
import { noSteps } from '../../src/steps.js';
import { message } from '../support/absence-messages.js';
import { type Installation, makeInstallation } from '../support/installation.js';

let at: Installation;
let bridge: Bridge;

beforeEach(async () => {
  at = makeInstallation();
  bridge = await startBridge(loadConfig(at.config, CONNECTORS));
});
afterEach(async () => {
  await bridge.stop();
  at.remove();
});

const raw = (number: number): RawRecord => ({
  reference: `${number}.xml`,
  bytes: Buffer.from(message(number)),
  contentType: 'application/xml',
});

function bug(): never {
  throw new TypeError('a bug');
}

/** Takes three records in on a route that has been tampered with; gives code and stage of what is parked. */
async function takeThree(
  tamper: (route: AbsenceRoute, inlet: Inlet) => { route?: Partial<AbsenceRoute>; inlet?: Partial<Inlet> },
) {
  const [inlet] = bridge.inlets;
  const route = inlet?.routes[0];
  if (!inlet || !route || route.carries === 'returns') throw new Error('the bridge has no route');
  const changed = tamper(route, inlet);
  const poisoned: Inlet = { ...inlet, ...changed.inlet, routes: [{ ...route, ...changed.route }] };
  const { store, clock, log } = bridge;
  const records = [raw(1), raw(2), raw(3)];
  const result = await takeIn({ records, cursor: null, settle: async () => {} }, poisoned, {
    ...{ store, clock, log },
    steps: noSteps,
  });
  const parked = await store.read((tx) => tx.outbox.list({ states: ['parked'] }));
  return { result, parked: parked.map(({ code, stage }) => ({ code, stage })) };
}

describe('a bug in', () => {
  it('reading parks the record alone', async () => {
    const { result, parked } = await takeThree((_route, { source }) => ({
      inlet: {
        source: {
          ...source,
          decode: (record) => (record.reference === '2.xml' ? bug() : source.decode(record)),
        },
      },
    }));
    expect(result).toMatchObject({ queued: 2, parked: 1 });
    expect(parked).toEqual([{ code: 'BUG', stage: 'record' }]);
  });

  it('the gate parks the record alone, and keeps nothing of it', async () => {
    const { result, parked } = await takeThree(({ gate }) => ({
      route: {
        gate: {
          ...gate,
          clear: (observation, facts, approvals) =>
            observation.absence.caseId === 'CASE-2' ? bug() : gate.clear(observation, facts, approvals),
        },
      },
    }));
    expect(result).toMatchObject({ queued: 2, parked: 1 });
    expect(parked).toEqual([{ code: 'BUG', stage: 'record' }]);
  });

  it('rendering parks the notification, which can be released once the bug is mended', async () => {
    const { result, parked } = await takeThree(({ target }) => ({
      route: { target: failingOn(target, 'CASE-2') },
    }));
    expect(result).toMatchObject({ queued: 2, parked: 1 });
    expect(parked).toEqual([{ code: 'BUG', stage: 'notification' }]);
  });
});

function failingOn(target: Target, caseId: string): Target {
  return {
    ...target,
    render: (record, envelope) =>
      JSON.stringify(record).includes(caseId) ? bug() : target.render(record, envelope),
  };
}

describe('a case that cannot be read from the store', () => {
  it('parks its own reports, and those of other cases go on', async () => {
    const { result: before } = await takeThree(() => ({}));
    expect(before.queued).toBe(3);
    const { store } = bridge;
    const reference = store.hash('case-id', 'absences', 'CASE-2');
    const [broken] = await store.read((tx) => tx.ledger.find('absences', reference));
    const result = await takeThree((route) => ({
      route: {
        gate: {
          ...route.gate,
          // Stands for any error inside the transaction that only one case brings to light.
          clear: (observation, facts, approvals) => {
            const gated = route.gate.clear(observation, facts, approvals);
            if (observation.absence.caseId !== 'CASE-2') return gated;
            return new Proxy(gated, {
              get: (target, name) => (name === 'verdict' ? bug() : Reflect.get(target, name)),
            });
          },
        },
      },
    }));
    expect(broken).toBeDefined();
    expect(result.result).toMatchObject({ records: 3, duplicates: 0, unchanged: 2, parked: 1 });
    expect(result.parked).toEqual([{ code: 'BUG', stage: 'record' }]);
  });
});
