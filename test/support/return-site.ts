// A route and its way back over a real store, for tests of what receivers say: deliveries go through the real runner to a
// scripted target, and what is told to the employer can be read back.
import { acceptResult } from '../../src/acceptance/result.js';
import type { Accepted } from '../../src/acceptance/types.js';
import type { Receipt } from '../../src/connector.js';
import { createRunner, type Runner } from '../../src/delivery/runner.js';
import type { ProcessingResult, ReturnNotification, ReturnObservation } from '../../src/domain/return.js';
import { caseReferenceOf } from '../../src/ledger/case-keys.js';
import { silentLog } from '../../src/log.js';
import type { ReturnRoute, Route } from '../../src/route.js';
import { noSteps } from '../../src/steps.js';
import type { Delivery } from '../../src/store/types.js';
import { scriptedTarget } from '../fakes/scripted-target.js';
import { openSqlite, type SqliteFixture } from './open-sqlite.js';
import { makeReturnRoute } from './return-intake.js';
import { caseState, cleared, newDelivery } from './store-material.js';

export interface ReturnSite extends SqliteFixture {
  readonly runner: Runner;
  /** Puts a case into the ledger, C1 if nothing else is said, with so many reports that are queued; gives their ids. */
  sendReports(count: number, caseId?: string): Promise<string[]>;
  /** The target took it, or threw. */
  settle(id: string, outcome: Receipt | Error): Promise<void>;
  say(
    result: Partial<ProcessingResult> & { reference: string },
    route?: Partial<ReturnRoute>,
  ): Promise<Accepted>;
  get(id: string): Promise<Delivery>;
  diverged(caseId?: string): Promise<string | null>;
  /** Everything that was queued for the employer, on all routes back. */
  told(): Promise<(ReturnNotification & { route: string })[]>;
}

export async function openReturnSite(): Promise<ReturnSite> {
  const fixture = await openSqlite();
  const { store, clock } = fixture;
  const target = { ...scriptedTarget({ canLookUp: false }) };
  const absences = { name: 'absences', to: 'arbo', target } as unknown as Route;
  const routes = new Map([['absences', absences]]);
  const times = { pauseMs: 60_000, timeoutMs: 60_000, failuresBeforePause: 50 };
  const backoff = { firstMs: 1_000, longestMs: 8_000 };
  const runner = createRunner({ store, clock, log: silentLog, steps: noSteps, routes, backoff, ...times });
  let count = 0;

  async function get(id: string): Promise<Delivery> {
    const found = await store.read((tx) => tx.outbox.get(id));
    if (!found) throw new Error(`there is no ${id}`);
    return found;
  }

  return {
    ...fixture,
    runner,
    get,
    async sendReports(reports, caseId = 'C1') {
      const caseReference = caseReferenceOf(store.hash, 'absences', caseId);
      const ids = Array.from({ length: reports }, (_, n) => `m${++count}-${n + 1}`);
      await store.write(async (tx) => {
        await tx.ledger.put('absences', `case-${caseId}`, caseReference, caseState(caseId), clock.now());
        for (const [n, id] of ids.entries()) {
          const report = { caseReference, sequence: n + 1 };
          await tx.outbox.insert(newDelivery(id, clock.now(), { caseKey: `case-${caseId}`, report }));
        }
      });
      return ids;
    },
    async settle(id, outcome) {
      Object.assign(target, {
        deliver: async () => {
          if (outcome instanceof Error) throw outcome;
          return outcome;
        },
      });
      const [claimed] = await store.write((tx) =>
        tx.outbox.claim({ routes: ['absences'], limit: 1, at: clock.now(), ids: [id] }),
      );
      if (claimed) await runner.run(claimed, new AbortController().signal);
    },
    say: (result, route = {}) =>
      store.write((tx) => {
        const whole = { scope: 'message', outcome: 'received', ...result } as const;
        const observation = cleared<ReturnObservation>({ result: whole });
        const key = store.hash(JSON.stringify([whole, route.name ?? '']));
        const keys = { key, report: key, knowsRepeats: true };
        const deps = { store, clock, log: silentLog, tx, reference: 'result-1.xml', actor: 'daemon' };
        return acceptResult(observation, keys, { ...deps, route: makeReturnRoute(route) });
      }),
    async diverged(caseId = 'C1') {
      return (await store.read((tx) => tx.ledger.get('absences', `case-${caseId}`)))?.diverged ?? null;
    },
    async told() {
      const items = await store.read((tx) => tx.outbox.list({}));
      const back = items.filter(({ kind }) => kind === 'ReportRejected' || kind === 'ReportConfirmed');
      return Promise.all(
        back.map(async ({ id, route }) => {
          const body = await store.read((tx) => tx.outbox.open(id));
          if (body?.stage !== 'payload') throw new Error(`${id} is not ready`);
          return { ...JSON.parse(body.payload.body), route };
        }),
      );
    },
  };
}
