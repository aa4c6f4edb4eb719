// A WFM connection over a scripted API, and one poll of it as the intake does it: commit, then receipt.
import { vismaRaetWfm } from '../../connectors/visma-raet-wfm/index.js';
import type { ConnectorDeps, JsonObject, Memory, Problem, RawRecord, Source } from '../../src/connector.js';
import { volatileMemory } from '../../src/memory.js';
import { manualClock } from '../fakes/manual-clock.js';
import { connectorDeps } from './connector-deps.js';
import type { WfmApi } from './wfm-api.js';

export const SETTINGS = {
  ...{ baseUrl: 'https://wfm.test/1.0', tokenUrl: 'https://login.test/token', tenantId: '1234567' },
  ...{ clientId: 'env:client', clientSecret: 'env:secret' },
  ...{ percentageMeans: 'sickness', recoveryDateMeans: 'first-working-day' },
  pace: { minIntervalMs: 0 },
};

export interface WfmConnection {
  readonly memory: Memory;
  /** As after a restart of the process. */
  start(settings?: JsonObject): Source;
  check(settings?: JsonObject): Promise<readonly Problem[]>;
}

export function wfmConnection(api: WfmApi, parts: Partial<ConnectorDeps> = {}): WfmConnection {
  const memory = volatileMemory();
  const clock = manualClock();
  const create = (settings: JsonObject) => {
    const deps = connectorDeps({ http: api.http, memory, clock, ...parts });
    return vismaRaetWfm.create(vismaRaetWfm.settingsSchema.parse({ ...SETTINGS, ...settings }), deps);
  };
  return {
    memory,
    start(settings = {}) {
      const { source } = create(settings);
      if (!source) throw new Error('there is no source');
      return source;
    },
    check: (settings = {}) => create(settings).check(new AbortController().signal),
  };
}

export interface PollOptions {
  readonly cursor?: string | null;
  /** What the intake found wrong with a record that decoded well. */
  readonly refuse?: (raw: RawRecord) => readonly Problem[];
  /** Pages that are committed without a receipt: the process dies after the first of them. */
  readonly diesAtPage?: number;
  readonly onPage?: (records: readonly RawRecord[]) => void;
}

export interface Polled {
  readonly records: readonly RawRecord[];
  readonly cursor: string | null;
  readonly error: Error | null;
}

export async function pollWfm(source: Source, options: PollOptions = {}): Promise<Polled> {
  const { refuse = () => [], diesAtPage, onPage = () => {} } = options;
  const records: RawRecord[] = [];
  let cursor = options.cursor ?? null;
  let pages = 0;
  try {
    for await (const page of source.poll(cursor, new AbortController().signal)) {
      records.push(...page.records);
      onPage(page.records);
      cursor = page.cursor;
      pages += 1;
      if (pages === diesAtPage) break;
      await page.settle(
        page.records.map((raw) => {
          const own = source.decode(raw).records.flatMap(({ problems }) => problems);
          return { reference: raw.reference, problems: own.length > 0 ? own : refuse(raw) };
        }),
      );
    }
    return { records, cursor, error: null };
  } catch (error) {
    return { records, cursor, error: error as Error };
  }
}

/** The decoded record of a raw one, with what is wrong with it. */
export function recordOf(source: Source, raw: RawRecord | undefined) {
  const [decoded] = raw ? source.decode(raw).records : [];
  if (!decoded) throw new Error('there is no record');
  return decoded;
}

export const references = ({ records }: Pick<Polled, 'records'>): string[] =>
  records.map(({ reference }) => reference);
