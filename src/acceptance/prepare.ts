// From a raw record to what can be accepted of it on each route: decoded, mapped and cleared, in memory only.
import type { DecodedRecord, IntakeReport, RawRecord } from '../connector.js';
import type { Observation } from '../domain/observation.js';
import type { Problem } from '../errors.js';
import type { Mapping } from '../mapping/types.js';
import type { AbsenceRoute, Inlet, ReturnRoute, Route } from '../route.js';
import { bugFree } from './bug-free.js';
import { acceptObservation } from './observation.js';
import type { RecordKeys } from './park-record.js';
import { acceptReturn, acceptUnusable, leaveOut } from './return.js';
import { judgeReturn, type Unusable } from './return-judge.js';
import type { Acceptance, Accepted, PathDeps } from './types.js';

/** An acceptance without its route, which the record has already. */
type Arrival = Omit<Acceptance, 'route'>;

/** What one record gives on one route, before the transaction: what is to be done in it, or why it cannot be used. */
type Verdict =
  | {
      readonly ok: true;
      readonly accept: (keys: RecordKeys, arrival: Arrival) => Promise<Accepted>;
      /** After the transaction: what the source is told is wrong with it, where only the store knew whether to. */
      readonly told?: () => readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Prepared {
  readonly route: Route;
  /** Keyed hash of this very record on this route, to know it when it comes again. */
  readonly key: string;
  /** Keyed hash of the report that it is, to know that when it comes again corrected; else the key. */
  readonly report: string;
  /** It says how something stands, and not that something came to pass: the same may come back later. */
  readonly isState: boolean;
  /** Becomes a bug when the record cannot be taken in. */
  verdict: Verdict;
}

export interface PreparedRaw {
  readonly reference: string;
  readonly items: readonly Prepared[];
}

/** Pure but for the keyed hashes: nothing of the record is kept anywhere yet. */
export function prepare(raw: RawRecord, inlet: Inlet, { store, log }: PathDeps): PreparedRaw {
  const decoded = bugFree(log, 'decode', () => inlet.source.decode(raw)) ?? { records: [], problems: [BUG] };
  const digest = store.hash('raw', inlet.connection, Buffer.from(raw.bytes).toString('latin1'));
  const unusable: DecodedRecord = { path: '', record: {}, problems: decoded.problems, ignored: [] };
  const records = decoded.problems.length > 0 ? [unusable] : decoded.records;
  const items = records.flatMap((record) =>
    inlet.routes.map((route): Prepared => {
      const key = store.hash('record', digest, route.name, record.path);
      const name = bugFree(log, 'name the report', () => inlet.source.nameOf?.(record));
      const report = name ? store.hash('report', route.name, ...name) : key;
      const verdict = bugFree(log, 'map and clear', () => judge(record, route));
      const isState = inlet.source.showsStates === true || isReturnState(record, route);
      return { route, key, report, isState, verdict: verdict ?? { ok: false, problems: [BUG] } };
    }),
  );
  return { reference: raw.reference, items };
}

/** An appointment that is planned again or an advice as it was before, also where nothing else tells the messages apart. */
function isReturnState({ kind }: DecodedRecord, { carries }: Route): boolean {
  return carries === 'returns' && (kind === 'appointment' || kind === 'advice' || kind === 'document');
}

export const BUG: Problem = { code: 'BUG', path: 'record' };

function judge(decoded: DecodedRecord, route: Route): Verdict {
  if (route.carries === 'returns') return judgeBack(decoded, route);
  return decoded.problems.length > 0
    ? { ok: false, problems: decoded.problems }
    : judgeAbsence(decoded, route);
}

function judgeAbsence(decoded: DecodedRecord, route: AbsenceRoute): Verdict {
  const observed = observe(decoded, route.inMapping);
  if (!observed.ok) return observed;
  const gated = route.gate.clear(observed.observation, { ...route.facts, advisedPercentages: [] });
  return {
    ok: true,
    accept: (_keys, arrival) => acceptObservation(gated, decoded.ignored, { ...arrival, route }),
  };
}

function judgeBack(decoded: DecodedRecord, route: ReturnRoute): Verdict {
  const judged = judgeReturn(decoded, route);
  if (judged.outcome === 'unusable')
    return judged.tie ? judgeTied(judged, route) : { ok: false, problems: judged.problems };
  if (judged.outcome === 'left-out')
    return { ok: true, accept: (_keys, arrival) => leaveOut(judged.why, { ...arrival, route }) };
  return { ok: true, accept: (keys, arrival) => acceptReturn(judged.cleared, keys, { ...arrival, route }) };
}

/** The source hears what is wrong only with what is parked: it, too, keeps what it is told. */
function judgeTied(judged: Unusable, route: ReturnRoute): Verdict {
  let told: readonly Problem[] = [];
  return {
    ok: true,
    told: () => told,
    async accept(keys, arrival) {
      const accepted = await acceptUnusable(judged, keys, { ...arrival, route });
      told = accepted.leftOut > 0 ? [] : judged.problems;
      return accepted;
    },
  };
}

type Observed =
  | { readonly ok: true; readonly observation: Observation }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** From a decoded record to the domain. The in-mapping's own check has made sure of the shape. */
export function observe(decoded: DecodedRecord, mapping: Mapping): Observed {
  const { kind = 'absence', path } = decoded;
  if (kind === 'medical-file') return { ok: false, problems: [{ code: 'HELD_MEDICAL_FILE', path }] };
  if (kind !== 'absence') return { ok: false, problems: [{ code: 'KIND_NOT_CARRIED', path }] };
  const mapped = mapping.apply(decoded.record);
  if (mapped.ok) return { ok: true, observation: mapped.output as unknown as Observation };
  const problems = mapped.problems.map((found) => ({ ...found, path: `${path} ${found.path}` }));
  return { ok: false, problems };
}

/** What the source is told of it after the commit. */
export function reportOf({ reference, items }: PreparedRaw): IntakeReport {
  const problems = items.flatMap(({ verdict }) => (verdict.ok ? (verdict.told?.() ?? []) : verdict.problems));
  const unique = new Map(problems.map((found) => [`${found.code} ${found.path}`, found]));
  return { reference, problems: [...unique.values()] };
}
