// An intake with everything real but its ends: a source that hands over what a test tells it, as observations, and a
// target that only takes. Mappings change nothing.
import type { JsonObject, Rendered, Source, SourcePage } from '../../src/connector.js';
import type { Observation } from '../../src/domain/observation.js';
import type { Problem } from '../../src/errors.js';
import { createPoller, type Poller } from '../../src/intake/poller.js';
import { silentLog } from '../../src/log.js';
import type { Mapping } from '../../src/mapping/types.js';
import { createGate, DEFAULT_GATE_OPTIONS } from '../../src/privacy/gate.js';
import type { AbsenceRoute, Inlet, Route } from '../../src/route.js';
import { noSteps } from '../../src/steps.js';
import type { AuditRow, Delivery } from '../../src/store/types.js';
import { scriptedTarget } from '../fakes/scripted-target.js';
import { openSqlite, type SqliteFixture } from './open-sqlite.js';

export interface ScriptedSource extends Source {
  /** Cursors that it was polled with. */
  readonly cursors: readonly (string | null)[];
  /** What the next polls hand over: pages of observations, or problems of a record; an error ends the poll. */
  next(...pages: readonly (readonly Shown[] | Error)[]): void;
}

export type Shown = Observation | readonly Problem[];

export function scriptedSource(traits: Pick<Source, 'showsStates'> = {}): ScriptedSource {
  const cursors: (string | null)[] = [];
  const polls: (readonly (readonly Shown[] | Error)[])[] = [];
  let made = 0;
  return {
    ...traits,
    cursors,
    next: (...pages) => void polls.push(pages),
    async *poll(cursor) {
      cursors.push(cursor);
      for (const shown of polls.shift() ?? []) {
        if (shown instanceof Error) throw shown;
        made += 1;
        yield pageOf(shown, `page-${made}`);
      }
    },
    decode({ bytes }) {
      const shown: Shown = JSON.parse(Buffer.from(bytes).toString());
      const problems = Array.isArray(shown) ? shown : [];
      return {
        records: [{ path: '/', record: shown as unknown as JsonObject, problems, ignored: [] }],
        problems: [],
      };
    },
    nameOf: () => ['the one report'],
  };
}

function pageOf(shown: readonly Shown[], cursor: string): SourcePage {
  const records = shown.map((one, index) => ({
    reference: `${cursor} ${index}`,
    bytes: Buffer.from(JSON.stringify(one)),
    contentType: 'application/json',
  }));
  return { records, cursor, settle: async () => {} };
}

export const AS_IT_IS: Mapping = {
  ...{ system: 'small', direction: 'in', reads: [], guesses: [] },
  apply: (output) => ({ ok: true, output, notices: [] }),
  glimpse: (output) => output,
};

export function makeRoute(name: string, parts: Partial<AbsenceRoute> = {}): AbsenceRoute {
  const direction = { from: 'employer', to: 'arbodienst' };
  const rendered: Rendered = { ok: true, payload: { contentType: 'text/plain', body: 'rendered' } };
  return {
    ...{ name, from: 'visma', to: 'arbo', direction, options: DEFAULT_GATE_OPTIONS, facts: {} },
    gate: createGate(direction, DEFAULT_GATE_OPTIONS),
    inMapping: AS_IT_IS,
    outMapping: { ...AS_IT_IS, direction: 'out' },
    target: { ...scriptedTarget(), render: () => rendered },
    ...parts,
  };
}

export interface IntakeBench extends SqliteFixture {
  /** A poller of the connection these routes start at, `visma`; another one counts as a new start of the daemon. */
  poller(source: Source, ...routes: readonly Route[]): Poller;
  /** As `poller`, of a daemon that is being stopped. */
  stoppedPoller(source: Source, ...routes: readonly Route[]): Poller;
  deliveries(route?: string): Promise<Delivery[]>;
  audit(): Promise<AuditRow[]>;
}

export async function openBench(): Promise<IntakeBench> {
  const fixture = await openSqlite();
  const { store, clock } = fixture;
  const deps = {
    store,
    clock,
    log: silentLog,
    steps: noSteps,
    timeZone: 'Europe/Amsterdam',
    onPage: () => {},
  };
  return {
    ...fixture,
    poller(source, ...routes) {
      const inlet: Inlet = { connection: routes[0]?.from ?? 'visma', source, routes };
      return createPoller(inlet, deps, new AbortController().signal);
    },
    stoppedPoller: (source, ...routes) =>
      createPoller({ connection: 'visma', source, routes }, deps, AbortSignal.abort()),
    deliveries: (route = 'absences') => store.read((tx) => tx.outbox.list({ route })),
    audit: () =>
      store.read(async (tx) => {
        const rows: AuditRow[] = [];
        for await (const row of tx.audit.export({})) rows.push(row);
        return rows;
      }),
  };
}
