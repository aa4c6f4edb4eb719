// THE PATH. What a source hands over is decoded, mapped and cleared in memory; then one transaction compares it with
// the ledger, maps and queues the notifications, writes the audit rows and moves the cursor; only after that commit
// does the source get its receipt. A new reader starts here.

import { bugFree } from './acceptance/bug-free.js';
import { acceptObservation } from './acceptance/observation.js';
import { clearParkedRecord, parkRecord } from './acceptance/park-record.js';
import { type Acceptance, type Accepted, NOTHING } from './acceptance/types.js';
import type { Clock, DecodedRecord, IntakeReport, Log, RawRecord, Source, SourcePage } from './connector.js';
import type { Observation } from './domain/observation.js';
import { CodedError, type Problem } from './errors.js';
import type { Mapping } from './mapping/types.js';
import type { GateResult } from './privacy/gate.js';
import type { Route } from './route.js';
import type { Steps } from './steps.js';
import type { Store, WriteTx } from './store/types.js';

/** A source with the routes that start at it. */
export interface Inlet {
  readonly connection: string;
  readonly source: Source;
  readonly routes: readonly Route[];
}

export interface PathDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly steps: Steps;
}

/** What one record gives on one route, before the transaction. */
type Verdict =
  | { readonly ok: true; readonly gated: GateResult; readonly ignored: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Prepared {
  readonly route: Route;
  /** Keyed hash of this very record on this route, to know it when it comes again. */
  readonly key: string;
  /** Keyed hash of the report that it is, to know that when it comes again corrected; else the key. */
  readonly report: string;
  /** Becomes a bug when the record cannot be taken in. */
  verdict: Verdict;
}

interface PreparedRaw {
  readonly reference: string;
  readonly items: readonly Prepared[];
}

interface PageCounts extends Accepted {
  /** Records, counted per route. */
  records: number;
  duplicates: number;
}
export type PageResult = Readonly<PageCounts>;

/** Takes in one page; resolves after the commit and the source's receipt. */
export async function takeIn(page: SourcePage, inlet: Inlet, deps: PathDeps): Promise<PageResult> {
  const raws = page.records.map((raw) => prepare(raw, inlet, deps));
  deps.steps.reach('intake: before the transaction');
  const result = await commitPage(raws, { page, inlet, deps });
  deps.steps.reach('intake: committed, before the receipt');
  await page.settle(raws.map(report));
  deps.steps.reach('intake: after the receipt');
  return result;
}

interface Intake {
  readonly page: SourcePage;
  readonly inlet: Inlet;
  readonly deps: PathDeps;
}

/** All of the page in one transaction, with the cursor. */
async function commitPage(raws: readonly PreparedRaw[], { page, inlet, deps }: Intake): Promise<PageResult> {
  const commit = (part: readonly PreparedRaw[]) =>
    deps.store.write(async (tx) => {
      const accepted = await acceptAll(part, inlet, { tx, deps });
      await tx.operation.setCursor(inlet.connection, page.cursor);
      deps.steps.reach('intake: before the commit');
      return accepted;
    });
  try {
    return await commit(raws);
  } catch (error) {
    if (isOutOfReach(error)) throw error;
    deps.log.error('a page could not be taken in whole: its records go one at a time', {}, error);
    return commitOneByOne(raws, { page, inlet, deps });
  }
}

/** One record that cannot be taken in must not keep the others out for ever: it is parked as a bug. */
async function commitOneByOne(raws: readonly PreparedRaw[], intake: Intake): Promise<PageResult> {
  const { page, inlet, deps } = intake;
  const total = { records: 0, duplicates: 0, ...NOTHING };
  const accept = (items: PreparedRaw) =>
    deps.store.write((tx) => acceptAll([items], inlet, { tx, deps })).then((part) => addPage(total, part));
  for (const { reference, items } of raws) {
    for (const item of items) {
      await accept({ reference, items: [item] }).catch((error) => {
        if (isOutOfReach(error)) throw error;
        deps.log.error('a record could not be taken in: it is parked', { code: 'BUG' }, error);
        item.verdict = { ok: false, problems: [BUG] };
        return accept({ reference, items: [item] });
      });
    }
  }
  await deps.store.write((tx) => tx.operation.setCursor(inlet.connection, page.cursor));
  return total;
}

/** The store itself does not answer: the source keeps what it has. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof CodedError && error.kind === 'retryable';
}

function prepare(raw: RawRecord, inlet: Inlet, { store, log }: PathDeps): PreparedRaw {
  const decoded = bugFree(log, 'decode', () => inlet.source.decode(raw)) ?? { records: [], problems: [BUG] };
  const digest = store.hash('raw', inlet.connection, Buffer.from(raw.bytes).toString('latin1'));
  const unusable: DecodedRecord = { path: '', record: {}, problems: decoded.problems, ignored: [] };
  const records = decoded.problems.length > 0 ? [unusable] : decoded.records;
  const items = records.flatMap((record) =>
    inlet.routes.map((route): Prepared => {
      const key = store.hash('record', digest, route.name, record.path);
      const name = inlet.source.nameOf?.(record);
      const report = name ? store.hash('report', route.name, ...name) : key;
      const verdict = bugFree(log, 'map and clear', () => judge(record, route));
      return { route, key, report, verdict: verdict ?? { ok: false, problems: [BUG] } };
    }),
  );
  return { reference: raw.reference, items };
}

const BUG: Problem = { code: 'BUG', path: 'record' };

function judge(decoded: DecodedRecord, route: Route): Verdict {
  if (decoded.problems.length > 0) return { ok: false, problems: decoded.problems };
  const observed = observe(decoded, route.inMapping);
  if (!observed.ok) return observed;
  const gated = route.gate.clear(observed.observation, { ...route.facts, advisedPercentages: [] });
  return { ok: true, gated, ignored: decoded.ignored };
}

type Observed =
  | { readonly ok: true; readonly observation: Observation }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** From a decoded record to the domain. The in-mapping's own check has made sure of the shape. */
export function observe(decoded: DecodedRecord, mapping: Mapping): Observed {
  const mapped = mapping.apply(decoded.record);
  if (mapped.ok) return { ok: true, observation: mapped.output as unknown as Observation };
  const problems = mapped.problems.map((found) => ({ ...found, path: `${decoded.path} ${found.path}` }));
  return { ok: false, problems };
}

async function acceptAll(
  raws: readonly PreparedRaw[],
  inlet: Inlet,
  at: { tx: WriteTx; deps: PathDeps },
): Promise<PageResult> {
  const { tx, deps } = at;
  const total = { records: 0, duplicates: 0, ...NOTHING };
  for (const { reference, items } of raws) {
    for (const { route, key, report, verdict } of items) {
      total.records += 1;
      if (await tx.operation.hasSeen(inlet.connection, key)) {
        total.duplicates += 1;
        continue;
      }
      const acceptance: Acceptance = { ...deps, tx, route, reference, actor: 'daemon' };
      if (!verdict.ok) {
        add(total, await parkRecord(verdict.problems, { key, report }, acceptance));
        continue;
      }
      const accepted = await acceptObservation(verdict.gated, verdict.ignored, acceptance);
      await clearParkedRecord(report, acceptance);
      add(total, accepted);
      // Only what went on is remembered: what is unusable, held or waiting may have to come in again, once the cause is
      // mended or after it was discarded by mistake.
      const wentOn = accepted.held + accepted.waiting === 0;
      if (wentOn) await tx.operation.remember(inlet.connection, key, deps.clock.now());
    }
  }
  return total;
}

function addPage(total: PageCounts, part: PageResult): void {
  total.records += part.records;
  total.duplicates += part.duplicates;
  add(total, part);
}

function add(total: Accepted, more: Accepted): void {
  for (const name of ['queued', 'unchanged', 'held', 'parked', 'waiting'] as const) total[name] += more[name];
}

function report({ reference, items }: PreparedRaw): IntakeReport {
  const problems = items.flatMap(({ verdict }) => (verdict.ok ? [] : verdict.problems));
  const unique = new Map(problems.map((found) => [`${found.code} ${found.path}`, found]));
  return { reference, problems: [...unique.values()] };
}
