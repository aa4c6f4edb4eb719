// A route from the WFM connection, without a store: poll, decode, the built-in mapping, the gate, the comparison, and a
// receiver that refuses what makes no sense. A ledger that is kept when the page commits, as the intake does.
import { WFM_FIELDS } from '../../connectors/visma-raet-wfm/record.js';
import type { RawRecord, Source } from '../../src/connector.js';
import { FIELDS } from '../../src/domain/fields.js';
import type { Notification } from '../../src/domain/notification.js';
import type { Observation } from '../../src/domain/observation.js';
import type { ErrorCode, Problem } from '../../src/errors.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { compare } from '../../src/ledger/compare.js';
import { loadMapping } from '../../src/mapping/load.js';
import type { Mapping } from '../../src/mapping/types.js';
import { type Cleared, createGate, DEFAULT_GATE_OPTIONS } from '../../src/privacy/gate.js';
import { makeReceiver, type Receiver } from './receiver.js';
import type { WfmApi } from './wfm-api.js';
import { pollWfm, wfmConnection } from './wfm-poll.js';

export function wfmMapping(): Mapping {
  const fields = { source: WFM_FIELDS, target: FIELDS.map(({ path }) => path) };
  return loadMapping({ folder: 'mappings', system: 'visma-raet-wfm', direction: 'in', options: {}, fields });
}

export interface WfmRoute {
  /** Kinds of what was told since the last look, or the codes of what was held or could not be used. */
  poll(options?: { diesAtPage?: number; settings?: object }): Promise<string[]>;
  readonly told: readonly Notification[];
  readonly receiver: Receiver;
}

export interface RouteOptions {
  /** What a person releases at once. */
  readonly approvals?: readonly ErrorCode[];
  readonly recoveredBefore?: string;
}

export function wfmRoute(api: WfmApi, { approvals = [], recoveredBefore }: RouteOptions = {}): WfmRoute {
  const link = wfmConnection(api);
  const mapping = wfmMapping();
  const direction = { from: 'employer', to: 'arbodienst' };
  const gate = createGate(direction, { ...DEFAULT_GATE_OPTIONS, partialPercentage: 'allow' });
  const states = new Map<string, Cleared<CaseState>>();
  const receiver = makeReceiver();
  const told: Notification[] = [];
  let cursor: string | null = null;

  function observe(record: Parameters<Mapping['apply']>[0]): Observation | readonly Problem[] {
    const mapped = mapping.apply(record);
    return mapped.ok ? (mapped.output as unknown as Observation) : mapped.problems;
  }

  function takeIn(raw: RawRecord, source: Source): string[] {
    const [decoded] = source.decode(raw).records;
    if (!decoded) throw new Error('a record was expected');
    if (decoded.problems.length > 0) return decoded.problems.map(({ code }) => code);
    const observed = observe(decoded.record);
    if (!('absence' in observed)) return observed.map(({ code }) => code);
    const gated = gate.clear(observed, { advisedPercentages: [] });
    if (gated.verdict === 'held') return gated.holds.map(({ code }) => code);
    const { caseId } = gated.observation.absence;
    const options = recoveredBefore === undefined ? {} : { recoveredBefore };
    const result = compare(states.get(caseId) ?? null, gated.observation, approvals, options);
    if (result.outcome === 'held') return [result.code];
    if (result.next) states.set(caseId, result.next);
    if (result.outcome !== 'told') return [];
    for (const notification of result.notifications) receiver.tell(notification);
    told.push(...result.notifications);
    return result.notifications.map(({ kind }) => kind);
  }

  return {
    told,
    receiver,
    async poll({ diesAtPage, settings = {} } = {}) {
      const outcomes: string[] = [];
      const source = link.start({ ...settings });
      const onPage = (records: readonly RawRecord[]) =>
        void outcomes.push(...records.flatMap((raw) => takeIn(raw, source)));
      const dies = diesAtPage === undefined ? {} : { diesAtPage };
      const polled = await pollWfm(source, { cursor, onPage, ...dies });
      if (polled.error) throw polled.error;
      cursor = polled.cursor;
      return outcomes;
    },
  };
}
