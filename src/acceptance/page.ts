// Accepts what a page gave, in one transaction with the source's cursor; record by record when one of them makes that
// transaction fail.
import { CodedError } from '../errors.js';
import type { Inlet, Route } from '../route.js';
import type { WriteTx } from '../store/types.js';
import { clearParkedRecord, parkRecord } from './park-record.js';
import { BUG, type PreparedRaw } from './prepare.js';
import { type Acceptance, type Accepted, NOTHING, type PathDeps } from './types.js';

interface PageCounts extends Accepted {
  /** Records, counted per route. */
  records: number;
  duplicates: number;
}
export type PageResult = Readonly<PageCounts>;

export interface Intake {
  readonly cursor: string | null;
  readonly inlet: Inlet;
  readonly deps: PathDeps;
}

/** All of the page in one transaction, with the cursor. */
export async function acceptPage(raws: readonly PreparedRaw[], intake: Intake): Promise<PageResult> {
  const { cursor, inlet, deps } = intake;
  const commit = (part: readonly PreparedRaw[]) =>
    deps.store.write(async (tx) => {
      await deps.guard?.(tx);
      const accepted = await acceptAll(part, inlet, { tx, deps });
      await deps.beside?.(tx, accepted);
      await tx.operation.setCursor(inlet.connection, cursor);
      deps.steps.reach('intake: before the commit');
      return accepted;
    });
  try {
    return await commit(raws);
  } catch (error) {
    if (isOutOfReach(error)) throw error;
    deps.log.error('a page could not be taken in whole: its records go one at a time', {}, error);
    return acceptOneByOne(raws, intake);
  }
}

/** One record that cannot be taken in must not keep the others out for ever: it is parked as a bug. */
async function acceptOneByOne(raws: readonly PreparedRaw[], intake: Intake): Promise<PageResult> {
  const { cursor, inlet, deps } = intake;
  const total = { records: 0, duplicates: 0, ...NOTHING };
  const accept = (items: PreparedRaw) =>
    deps.store
      .write(async (tx) => {
        await deps.guard?.(tx);
        const accepted = await acceptAll([items], inlet, { tx, deps });
        await deps.beside?.(tx, accepted);
        return accepted;
      })
      .then((part) => addPage(total, part));
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
  await deps.store.write(async (tx) => {
    await deps.guard?.(tx);
    await tx.operation.setCursor(inlet.connection, cursor);
  });
  return total;
}

/** The store itself does not answer, it is another process's turn, or all is refused: the source keeps what it has. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof CodedError && (error.kind === 'retryable' || error.code === 'NOT_ALLOWED');
}

async function acceptAll(
  raws: readonly PreparedRaw[],
  inlet: Inlet,
  at: { tx: WriteTx; deps: PathDeps },
): Promise<PageResult> {
  const { tx, deps } = at;
  const total = { records: 0, duplicates: 0, ...NOTHING };
  for (const { reference, items } of raws) {
    for (const { route, key, report, isState, verdict } of items) {
      total.records += 1;
      // A state may come back as it was, and is then no repeat: the comparison with what was told knows it.
      const knowsRepeats = !isState;
      if (knowsRepeats && (await tx.operation.hasSeen(inlet.connection, key))) {
        total.duplicates += 1;
        continue;
      }
      const arrival = { ...deps, tx, reference, actor: 'daemon' };
      const acceptance: Acceptance<Route> = { ...arrival, route };
      const keys = { key, report, knowsRepeats };
      if (!verdict.ok) {
        add(total, await parkRecord(verdict.problems, keys, acceptance));
        continue;
      }
      const accepted = await verdict.accept(keys, arrival);
      add(total, accepted);
      // On the way back nothing is kept of what a person has to look into: the record itself is parked, now or before.
      if (accepted.unusable > 0) continue;
      await clearParkedRecord({ report, knowsRepeats }, acceptance);
      // Only what went on is remembered: what is unusable, held, waiting or left out may have to come in again, once the
      // cause is mended, its case is known, or after it was discarded by mistake.
      const wentOn = accepted.held + accepted.waiting + accepted.leftOut === 0;
      if (wentOn && knowsRepeats) await tx.operation.remember(inlet.connection, key, deps.clock.now());
    }
  }
  return total;
}

function addPage(total: PageCounts, part: PageResult): void {
  total.records += part.records;
  total.duplicates += part.duplicates;
  add(total, part);
}

const COUNTED = ['queued', 'unchanged', 'held', 'parked', 'unusable', 'waiting', 'leftOut'] as const;

function add(total: Accepted, more: Accepted): void {
  for (const name of COUNTED) total[name] += more[name];
}
