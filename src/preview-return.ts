// The path of the way back without its transaction: what each record of one file would give on one route, held against
// what the store knows of cases and of what was told before. Writes nothing.
import { findKnownCase, stands } from './acceptance/known-case.js';
import { compareReturn } from './acceptance/return-compare.js';
import { type ClearedReturn, judgeReturn, type Unusable } from './acceptance/return-judge.js';
import { mapReturn, takes } from './acceptance/return-queue.js';
import type { Clock, DecodedRecord, Log } from './connector.js';
import type { ReturnNotification } from './domain/return.js';
import { ERRORS } from './errors.js';
import { type PreviewResult, unusable } from './preview.js';
import type { Cleared } from './privacy/gate.js';
import type { ReturnRoute } from './route.js';
import type { Store } from './store/types.js';

interface Around {
  readonly clock: Clock;
  readonly log: Log;
  /** Null when there is none yet: then no case is known. */
  readonly store: Store | null;
}

export async function previewReturns(
  records: readonly DecodedRecord[],
  route: ReturnRoute,
  around: Around,
): Promise<PreviewResult[]> {
  const results: PreviewResult[] = [];
  for (const decoded of records) results.push(await previewReturn(decoded, route, around));
  return results;
}

async function previewReturn(
  decoded: DecodedRecord,
  route: ReturnRoute,
  around: Around,
): Promise<PreviewResult> {
  const { ignored } = decoded;
  const judged = judgeReturn(decoded, route);
  if (judged.outcome === 'unusable') {
    const isKnown = await hasCase(judged, route, around);
    return isKnown ? unusable(judged.problems, ignored) : nothing('NO_CASE', { ignored });
  }
  if (judged.outcome === 'left-out') return nothing(judged.why, { ignored });
  return { ...(await previewCleared(judged.cleared, route, around)), ignored };
}

async function hasCase({ tie }: Unusable, route: ReturnRoute, { store }: Around): Promise<boolean> {
  if (!tie) return true;
  const known = await store?.read((tx) => findKnownCase(tie, { tx, route }));
  return known !== undefined && known.found !== 'none';
}

async function previewCleared(
  { kind, observation, removed }: ClearedReturn,
  route: ReturnRoute,
  { clock, log, store }: Around,
): Promise<PreviewResult> {
  if (kind === 'result') return nothing('RESULT', { removed });
  if (!store) return nothing('NO_CASE', { removed });
  const compared = await store.read(async (tx) => {
    const known = await findKnownCase(observation, { tx, route });
    if (known.found !== 'one') return known;
    const [found] = known.cases;
    const compared = await compareReturn(kind, observation, found, { tx, store, route });
    return compared.notification || stands(found.state) ? compared : ({ found: 'none' } as const);
  });
  if ('found' in compared)
    return compared.found === 'several' ? unusable([compared.problem], []) : nothing('NO_CASE', { removed });
  const { notification } = compared;
  if (!notification) return nothing('unchanged', { removed });
  if (!takes(notification.kind, route)) return nothing('NOT_TAKEN', { removed });
  const { body, code, detail } = mapReturn(notification, 'preview', { clock, log, route });
  return {
    notification: summaryOf(notification),
    removed,
    held: code && body.stage !== 'payload' ? { code, reason: `${ERRORS[code].text} ${detail ?? ''}` } : null,
    payload: body.stage === 'payload' ? body.payload : null,
    ignored: [],
  };
}

function nothing(outcome: string, parts: Partial<Pick<PreviewResult, 'removed' | 'ignored'>>): PreviewResult {
  const notification = { kind: 'none', caseId: '', outcome } as const;
  return { notification, removed: [], held: null, payload: null, ignored: [], ...parts };
}

function summaryOf({
  kind,
  absence,
  sequence,
  appointment,
}: Cleared<ReturnNotification>): PreviewResult['notification'] {
  const { date, time, status } = appointment ?? {};
  return { kind, caseId: absence.caseId ?? '', sequence, ...(date && { date, time, status }) };
}
