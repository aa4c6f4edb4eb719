// Where a case stands on a route: its keys, its lane, and what the ledger holds of it; and the audit rows about it.
import type { Observation } from '../domain/observation.js';
import type { ErrorCode } from '../errors.js';
import { caseReferenceOf } from '../ledger/case-keys.js';
import type { CaseState } from '../ledger/case-state.js';
import { laneEmploymentOf } from '../ledger/first-report.js';
import { withoutPeople } from '../ledger/forget.js';
import { type Cleared, derive } from '../privacy/gate.js';
import type { Route } from '../route.js';
import type { AuditDetails, NewDelivery, Store } from '../store/types.js';
import type { Acceptance } from './types.js';

export interface Place {
  readonly lane: string;
  readonly caseKey: string;
  /** All ids under which this observation and the ledger know the case; more than one after a renumbering. */
  readonly caseIds: readonly string[];
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
  const { employer, employee, absence } = located;
  const known = async (caseId: string) =>
    (await tx.ledger.get(route.name, caseKeys(acceptance, employer.id, caseId).caseKey))?.state ?? null;
  const { caseId, previousCaseId } = absence;
  const found = (await known(caseId)) ?? (previousCaseId ? await known(previousCaseId) : null);
  // A renumbered case is kept under every id that it had; under its present one it is up to date.
  const state = found && found.caseId !== caseId ? ((await known(found.caseId)) ?? found) : found;
  const caseLane = state?.laneCaseId ?? absence.previousCaseId ?? absence.caseId;
  const laneId = route.target.lane === 'employment' ? employmentLane(located, state) : [caseLane];
  const formerIds = state ? [state.caseId, ...(previousCaseId ? [previousCaseId] : [])] : [];
  return {
    caseKey: caseKeys(acceptance, employer.id, caseId).caseKey,
    caseIds: [...new Set([caseId, ...formerIds])],
    lane: store.hash('lane', route.name, employer.id, ...laneId),
    subject: store.hash('employee', employer.id, employee.id),
    state,
  };
}

/** As the ledger met the case: a renumbered employee or employment must not start a lane that overtakes the old one. */
function employmentLane(located: Located, state: CaseState | null): readonly string[] {
  const { employeeId, employmentId } = state?.laneEmployment ?? laneEmploymentOf(state ?? located);
  return [employeeId, employmentId];
}

/** Keyed hashes of a case: with its employer, and of its id alone. */
export function caseKeys(
  { store, route }: { readonly store: Pick<Store, 'hash'>; readonly route: Pick<Route, 'name'> },
  employerId: string,
  caseId: string,
): { caseKey: string; caseReference: string } {
  return {
    caseKey: store.hash('case', route.name, employerId, caseId),
    caseReference: caseReferenceOf(store.hash, route.name, caseId),
  };
}

/** Under every id of the case, so that a late report under a former one finds it as it is. */
export async function keepState(
  state: Cleared<CaseState>,
  place: Place,
  acceptance: Acceptance,
): Promise<void> {
  const { tx, route, clock } = acceptance;
  for (const caseId of new Set([...place.caseIds, state.caseId])) {
    const { caseKey, caseReference } = caseKeys(acceptance, state.employer.id, caseId);
    // Under a former id nothing is needed but the way to the present one.
    const kept = caseId === state.caseId ? state : derive(state, withoutPeople);
    await tx.ledger.put(route.name, caseKey, caseReference, kept, clock.now());
  }
}

type Fresh = Pick<NewDelivery, 'id' | 'route' | 'lane' | 'caseKey' | 'subject' | 'sourceReference' | 'at'>;

/** The parts that every new item has. */
export function freshItem(
  { clock, route, reference }: Acceptance<Route>,
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

export async function audit(
  acceptance: Acceptance<Route>,
  place: Pick<Place, 'caseKey'> & { readonly subject: string | null },
  words: AuditWords,
): Promise<void> {
  const { store, tx, clock, route, reference, actor } = acceptance;
  const { action, code, deliveryId, details } = words;
  await tx.audit.append({
    at: clock.now(),
    actor,
    action,
    route: route.name,
    caseKey: place.caseKey,
    ...(place.subject !== null && { subject: place.subject }),
    ...(deliveryId && { deliveryId }),
    ...(code && { code }),
    // A file name is the sender's choice and may name a person: the audit gets its keyed hash.
    details: { ...details, source: store.hash('source', reference) },
  });
}
