// The absence case that an arbodienst speaks about, as the employer reported it to it: that gives the employer's own ids
// and names. What belongs to no such case is none of the employer's business.
import type { ReturnObservation } from '../domain/return.js';
import type { CaseWords } from '../ledger/appointment.js';
import type { CaseState } from '../ledger/case-state.js';
import type { ReturnRoute } from '../route.js';
import type { CaseSought, FoundCase, ReadTx } from '../store/types.js';

export type KnownCase =
  | { readonly found: 'none' }
  /** Cases of several people fit: nobody may be picked. */
  | { readonly found: 'several' }
  /** One case; on each route that reported it. */
  | { readonly found: 'one'; readonly cases: readonly [FoundCase, ...FoundCase[]] };

export async function findKnownCase(
  observation: ReturnObservation,
  { tx, route }: { readonly tx: Pick<ReadTx, 'ledger'>; readonly route: ReturnRoute },
): Promise<KnownCase> {
  for (const sought of soughtBy(observation)) {
    const all = await tx.ledger.findCase(route.answers, sought);
    const own = all.filter((one) => isAtEmployer(one, observation, route) && isOf(one.state, observation));
    const [first, ...others] = own;
    if (first && areOne(own)) return { found: 'one', cases: [first, ...others] };
    if (own.length > 0) return { found: 'several' };
  }
  return { found: 'none' };
}

/** Most telling first. The case id may be the arbodienst's own, which we do not know. */
function soughtBy({ absence, employee }: ReturnObservation): CaseSought[] {
  const { caseId, firstDay } = absence ?? {};
  const ids = [employee?.id, employee?.previousId].filter((id) => id !== undefined);
  const byDay = firstDay === undefined ? [] : ids.map((employeeId) => ({ employeeId, firstDay }));
  return [...(caseId === undefined ? [] : [{ caseId }]), ...byDay];
}

/** A case number used twice must not tell one person's appointment as another's. */
function isOf({ employee, laneEmployment }: CaseState, { employee: stated }: ReturnObservation): boolean {
  if (stated?.id === undefined) return true;
  // The arbodienst may still use the number with which the case began.
  const known = [employee.id, employee.previousId, laneEmployment?.employeeId];
  return [stated.id, stated.previousId].some((id) => id !== undefined && known.includes(id));
}

/** Employee numbers begin anew at each employer: where the arbodienst says which one it means, no other will do. */
function isAtEmployer(
  { route: reporting, state }: FoundCase,
  { employer: stated }: ReturnObservation,
  { employerIds }: ReturnRoute,
): boolean {
  if (stated?.id === undefined) return true;
  const numbers = employerIds[reporting] ?? {};
  const { id } = state.employer;
  if (numbers[id] === stated.id) return true;
  const isAnothers = Object.values(numbers).includes(stated.id);
  return id === stated.id && !isAnothers;
}

function areOne(cases: readonly FoundCase[]): boolean {
  return new Set(cases.map(({ state }) => JSON.stringify([state.employer.id, state.employee.id]))).size < 2;
}

/** What a notification says of the case, from what the employer itself reported. */
export function wordsOf({ employer, employee, employment, absence, caseId }: CaseState): CaseWords {
  return {
    employer: some(employer, 'id', 'name', 'payrollTaxNumber'),
    employee: some(employee, 'id', 'lastName', 'initials', 'prefix', 'calledName'),
    employment: some(employment, 'id', 'personnelNumber'),
    absence: { caseId, firstDay: absence.firstDay },
  };
}

/** These members, where they are set. */
function some<T extends object, K extends keyof T>(group: T, ...names: readonly K[]): Pick<T, K> {
  const set = names.filter((name) => group[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, group[name]])) as Pick<T, K>;
}
