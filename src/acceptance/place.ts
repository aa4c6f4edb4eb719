// Where a case stands on a route: its keys, its lane, and what the ledger holds of it; and the audit rows about it.
import type { Observation } from '../domain/observation.js';
import type { ErrorCode } from '../errors.js';
import type { CaseState } from '../ledger/case-state.js';
import type { Cleared } from '../privacy/gate.js';
import type { AuditDetails, NewDelivery } from '../store/types.js';
import type { Acceptance } from './types.js';

export interface Place {
  readonly lane: string;
  readonly caseKey: string;
  readonly caseReference: string;
  /** Set when the source renumbered the case: its keys under the id that it had. */
  readonly former: { readonly caseKey: string; readonly caseReference: string } | null;
  /** Keyed hash of the employee. */
  readonly subject: string;
  readonly state: Cleared<CaseState> | null;
}

/** The values by which a case is found; an observation and a ledger state both have them. */
type Located = Pick<Observation, 'employer' | 'employee' | 'employment'> & {
  readonly absence: Pick<Observation['absence'], 'caseId' | 'previousCaseId'>;
};

export async function placeOf(located: Located, acceptance: Acceptance): Promise<Place> {
  const { store, tx, route } = acceptance;
  const { employer, employee, employment, absence } = located;
  const keysOf = (caseId: string) => ({
    caseKey: store.hash('case', route.name, employer.id, caseId),
    caseReference: store.hash('case-id', route.name, caseId),
  });
  const keys = keysOf(absence.caseId);
  let entry = await tx.ledger.get(route.name, keys.caseKey);
  const former = !entry && absence.previousCaseId ? keysOf(absence.previousCaseId) : null;
  // The source renumbered the case: it goes on under its new id, in its old lane.
  if (former) entry = await tx.ledger.get(route.name, former.caseKey);
  const caseLane = entry?.state.laneCaseId ?? absence.previousCaseId ?? absence.caseId;
  const laneId = route.target.lane === 'employment' ? [employee.id, employment.id] : [caseLane];
  return {
    ...keys,
    former: entry && former,
    lane: store.hash('lane', route.name, employer.id, ...laneId),
    subject: store.hash('employee', employer.id, employee.id),
    state: entry?.state ?? null,
  };
}

type Fresh = Pick<NewDelivery, 'id' | 'route' | 'lane' | 'caseKey' | 'subject' | 'sourceReference' | 'at'>;

/** The parts that every new item has. */
export function freshItem(
  { clock, route, reference }: Acceptance,
  { lane, caseKey, subject }: Pick<NewDelivery, 'lane' | 'caseKey' | 'subject'>,
): Fresh {
  return {
    id: clock.id(),
    route: route.name,
    lane,
    caseKey,
    subject,
    sourceReference: reference,
    at: clock.now(),
  };
}

export interface AuditWords {
  readonly action: string;
  readonly code?: ErrorCode | undefined;
  readonly deliveryId?: string;
  readonly details?: AuditDetails;
}

export async function audit(acceptance: Acceptance, place: Place, words: AuditWords): Promise<void> {
  const { store, tx, clock, route, reference, actor } = acceptance;
  const { action, code, deliveryId, details } = words;
  await tx.audit.append({
    at: clock.now(),
    actor,
    action,
    route: route.name,
    caseKey: place.caseKey,
    subject: place.subject,
    ...(deliveryId && { deliveryId }),
    ...(code && { code }),
    // A file name is the sender's choice and may name a person: the audit gets its keyed hash.
    details: { ...details, source: store.hash('source', reference) },
  });
}
