// An arbodienst that says what a test tells it, and a route back to the employer, over the real intake and store: the
// target of the route writes notifications as they are.
import type {
  DecodedRecord,
  IntakeReport,
  JsonObject,
  RecordKind,
  Rendered,
  ReturnKind,
  Source,
} from '../../src/connector.js';
import type { ReturnNotification, ReturnObservation } from '../../src/domain/return.js';
import type { Problem } from '../../src/errors.js';
import { silentLog } from '../../src/log.js';
import type { PageResult } from '../../src/pipeline.js';
import { takeIn } from '../../src/pipeline.js';
import { createReturnGate, DEFAULT_GATE_OPTIONS, type GateOptions } from '../../src/privacy/gate.js';
import type { ReturnMappings, ReturnRoute } from '../../src/route.js';
import { noSteps, type Steps } from '../../src/steps.js';
import { scriptedTarget } from '../fakes/scripted-target.js';
import { AS_IT_IS, type IntakeBench } from './intake-bench.js';

export interface Said {
  readonly kind?: RecordKind;
  readonly said: ReturnObservation | JsonObject;
  /** What its reading found wrong. */
  readonly problems?: readonly Problem[];
}

/** Each record is a raw record of its own; what it says is its name and its content. */
const SOURCE: Source = {
  async *poll() {},
  decode({ bytes }) {
    const { kind, said, problems = [] }: Said = JSON.parse(Buffer.from(bytes).toString());
    const record: DecodedRecord = {
      ...(kind && { kind }),
      ...{ path: '/', record: said as JsonObject, problems, ignored: [] },
    };
    return { records: [record], problems: [] };
  },
};

const KINDS: readonly ReturnKind[] = ['appointment', 'advice', 'result', 'document'];
const ALL: ReturnMappings = Object.fromEntries(KINDS.map((kind) => [kind, AS_IT_IS]));

export function makeReturnRoute(
  over: Partial<ReturnRoute> = {},
  options: Partial<GateOptions> = {},
): ReturnRoute {
  const direction = { from: 'arbodienst', to: 'employer' };
  const all = { ...DEFAULT_GATE_OPTIONS, ...options };
  const render = (record: JsonObject): Rendered => ({
    ok: true,
    payload: { contentType: 'application/json', body: JSON.stringify(record) },
  });
  return {
    ...{ name: 'back', from: 'arbo', to: 'visma', direction, options: all, facts: {}, carries: 'returns' },
    gate: createReturnGate(direction, all),
    mappings: { in: ALL, out: ALL },
    target: { ...scriptedTarget(), render },
    answers: ['absences'],
    employerIds: {},
    results: 'refused',
    ...over,
  };
}

export interface Hearing {
  readonly route?: ReturnRoute;
  readonly nameOf?: Source['nameOf'];
  readonly cursor?: string | null;
  readonly steps?: Steps;
  /** What the source is told after the commit. */
  readonly onReports?: (reports: readonly IntakeReport[]) => unknown;
}

/** In one page; the source names each record by what it says, so that the same comes in once. */
export function hear(
  { store, clock }: IntakeBench,
  said: readonly Said[],
  { route = makeReturnRoute(), nameOf, cursor = null, steps = noSteps, onReports }: Hearing = {},
): Promise<PageResult> {
  const records = said.map((one, at) => ({
    reference: `said-${at}.xml`,
    bytes: Buffer.from(JSON.stringify(one)),
    contentType: 'application/json',
  }));
  const inlet = { connection: route.from, source: { ...SOURCE, ...(nameOf && { nameOf }) }, routes: [route] };
  const page = {
    records,
    cursor,
    settle: async (reports: readonly IntakeReport[]) => void onReports?.(reports),
  };
  return takeIn(page, inlet, { store, clock, log: silentLog, steps });
}

/** What is on its way to the employer, in order. */
export async function toldBy(
  { store, deliveries }: IntakeBench,
  route = 'back',
): Promise<ReturnNotification[]> {
  const items = (await deliveries(route)).filter(({ stage }) => stage === 'payload');
  return Promise.all(
    items.map(async ({ id }) => {
      const body = await store.read((tx) => tx.outbox.open(id));
      if (body?.stage !== 'payload') throw new Error('it has no payload');
      return JSON.parse(body.payload.body) as ReturnNotification;
    }),
  );
}
