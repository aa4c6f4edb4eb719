// The path without its transaction: what each record of one file would give on one route. Writes nothing; the states
// that the file itself brings about are kept in memory, so that its later records are compared with them.
import { factsOf } from './acceptance/observation.js';
import { observe } from './acceptance/prepare.js';
import type { Clock, DecodedRecord, Payload } from './connector.js';
import type { Notification, NotificationKind } from './domain/notification.js';
import type { Observation } from './domain/observation.js';
import type { ReturnNotificationKind } from './domain/return.js';
import { ERRORS, type ErrorCode, type Problem } from './errors.js';
import type { CaseState } from './ledger/case-state.js';
import { compare } from './ledger/compare.js';
import { preparePayload } from './outgoing.js';
import type { Cleared, Removal } from './privacy/gate.js';
import type { AbsenceRoute } from './route.js';

export interface LedgerView {
  find(employerId: string, caseId: string): Promise<Cleared<CaseState> | null>;
}

export interface PreviewResult {
  /** `kind` is `none` when nothing would be sent. */
  readonly notification: {
    readonly kind: NotificationKind | ReturnNotificationKind | 'none';
    readonly caseId: string;
  } & Record<string, unknown>;
  readonly removed: readonly Removal[];
  readonly held: { readonly code: ErrorCode; readonly reason: string } | null;
  readonly payload: Payload | null;
  /** Elements that nobody knows and that were left out. */
  readonly ignored: readonly string[];
}

interface Around {
  readonly clock: Clock;
  readonly ledger: LedgerView;
}

export async function previewRecords(
  records: readonly DecodedRecord[],
  route: AbsenceRoute,
  around: Around,
): Promise<PreviewResult[]> {
  const brought = new Map<string, Cleared<CaseState>>();
  const results: PreviewResult[] = [];
  for (const decoded of records)
    results.push(...(await previewRecord(decoded, route, { ...around, brought })));
  return results;
}

async function previewRecord(
  decoded: DecodedRecord,
  route: AbsenceRoute,
  around: Around & { brought: Map<string, Cleared<CaseState>> },
): Promise<PreviewResult[]> {
  const { ignored } = decoded;
  const observed =
    decoded.problems.length > 0
      ? ({ ok: false, problems: decoded.problems } as const)
      : observe(decoded, route.inMapping);
  if (!observed.ok) return [unusable(observed.problems, ignored)];
  const { employer, absence } = observed.observation;
  const keyOf = (caseId: string) => JSON.stringify([employer.id, caseId]);
  const find = async (caseId: string) =>
    around.brought.get(keyOf(caseId)) ?? (await around.ledger.find(employer.id, caseId));
  let state = await find(absence.caseId);
  if (!state && absence.previousCaseId) state = await find(absence.previousCaseId);
  const gated = route.gate.clear(observed.observation, factsOf(route, state));
  const holds = gated.verdict === 'held' ? gated.holds : [];
  const told = tell(
    gated.observation,
    state,
    holds.map((hold) => hold.code),
  );
  const held = holds[0]
    ? {
        code: holds[0].code,
        reason: holds.map(({ code, path }) => `${ERRORS[code].text} (${path})`).join(' '),
      }
    : told.held;
  if (!held && told.next) around.brought.set(keyOf(absence.caseId), told.next);
  const common = { removed: gated.removed, ignored };
  if (told.notifications.length === 0) {
    const notification = { kind: 'none', caseId: absence.caseId, outcome: told.outcome } as const;
    return [{ ...common, notification, held, payload: null }];
  }
  return told.notifications.map((notification) => ({
    ...common,
    notification: summaryOf(notification),
    ...(held ? { held, payload: null } : payloadOf(notification, route, around.clock)),
  }));
}

function tell(
  observation: Cleared<Observation>,
  state: Cleared<CaseState> | null,
  approvals: readonly ErrorCode[],
) {
  const result = compare(state, observation, approvals);
  if (result.outcome !== 'held') {
    const notifications = result.outcome === 'told' ? result.notifications : [];
    return { outcome: result.outcome, notifications, next: result.next, held: null };
  }
  // What would go if a person released it.
  const released = compare(state, observation, [...approvals, result.code]);
  const notifications = released.outcome === 'told' ? released.notifications : [];
  return {
    outcome: result.outcome,
    notifications,
    next: null,
    held: { code: result.code, reason: result.reason },
  };
}

function payloadOf(
  notification: Cleared<Notification>,
  route: AbsenceRoute,
  clock: Clock,
): Pick<PreviewResult, 'held' | 'payload'> {
  const made = preparePayload(notification, route, { reference: 'preview', createdAt: clock.now() });
  if (made.ok)
    return { held: null, payload: { contentType: made.payload.contentType, body: made.payload.body } };
  return { held: heldBy(made.problems), payload: null };
}

/** Of a record of which nothing can be sent. */
export function unusable(problems: readonly Problem[], ignored: readonly string[]): PreviewResult {
  return {
    notification: { kind: 'none', caseId: '' },
    removed: [],
    held: heldBy(problems),
    payload: null,
    ignored,
  };
}

function heldBy(problems: readonly Problem[]): { code: ErrorCode; reason: string } {
  const reason = problems
    .map(({ code, path, detail }) => [`${ERRORS[code].text} (${path})`, detail].filter(Boolean).join(' '))
    .join(' ');
  return { code: problems[0]?.code ?? 'BUG', reason };
}

function summaryOf({ kind, absence }: Notification): PreviewResult['notification'] {
  const { caseId, sequence, effectiveDate, firstDay, percentage, ended, recoveryDate } = absence;
  return {
    kind,
    caseId,
    sequence,
    effectiveDate,
    firstDay,
    percentage,
    ended,
    ...(recoveryDate && { recoveryDate }),
  };
}
