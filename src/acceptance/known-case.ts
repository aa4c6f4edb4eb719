// The absence case that an arbodienst speaks about, as the employer reported it to it: that gives the employer's own ids
// and names. What belongs to no such case is none of the employer's business.
import type { ReturnObservation } from '../domain/return.js';
import type { Problem } from '../errors.js';
import type { CaseWords } from '../ledger/appointment.js';
import type { CaseState } from '../ledger/case-state.js';
import type { ReturnRoute } from '../route.js';
import type { CaseSought, FoundCase, ReadTx } from '../store/types.js';

export type KnownCase =
  | { readonly found: 'none' }
  /** Several cases fit: none may be picked. The problem says what the record would have to name. */
  | { readonly found: 'several'; readonly problem: Problem }
  /** One case; on each route that reported it. */
  | { readonly found: 'one'; readonly cases: readonly [FoundCase, ...FoundCase[]] };

export async function findKnownCase(
  observation: ReturnObservation,
  { tx, route }: { readonly tx: Pick<ReadTx, 'ledger'>; readonly route: ReturnRoute },
): Promise<KnownCase> {
  for (const sought of soughtBy(observation)) {
    const all = await tx.ledger.findCase(route.answers, sought);
    const own = all.filter((one) => isAtEmployer(one, observation, route) && isOf(one.state, observation));
    const fitting = areOne(own) ? own : ofEmployment(own, observation);
    const standing = fitting.filter(({ state }) => stands(state));
    const isCancelled = observation.appointment?.status === 'cancelled';
    const [first, ...others] = standing.length === 0 && isCancelled ? fitting : standing;
    if (!first) continue;
    const cases = [first, ...others] as const;
    return areOne(cases) ? { found: 'one', cases } : { found: 'several', problem: unclear(cases) };
  }
  return { found: 'none' };
}

/**
 * It was told to the arbodienst, and not withdrawn. Of any other case nothing may be told, but that an appointment which
 * the employer was told of is cancelled.
 */
export function stands({ notified, withdrawn }: CaseState): boolean {
  return notified > 0 && !withdrawn;
}

/** Most telling first. The case id may be the arbodienst's own, which we do not know. */
function soughtBy({ absence, employee }: ReturnObservation): CaseSought[] {
  const { employerId, caseId, firstDay } = absence ?? {};
  const within = employerId === undefined ? {} : { employerId };
  const ids = [employee?.id, employee?.previousId].filter((id) => id !== undefined);
  const byDay = firstDay === undefined ? [] : ids.map((employeeId) => ({ employeeId, firstDay, ...within }));
  return [...(caseId === undefined ? [] : [{ caseId, ...within }]), ...byDay];
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

/** Those of the employment that it names, as it is or as the receiver met it; all of them where it names none of theirs. */
function ofEmployment(
  cases: readonly FoundCase[],
  { employment: stated }: ReturnObservation,
): readonly FoundCase[] {
  const named = cases.filter(({ state: { employment, laneEmployment } }) => {
    const ids = [employment.id, employment.previousId, laneEmployment?.employmentId];
    const isThis = stated?.id !== undefined && ids.includes(stated.id);
    return isThis || (stated?.personnelNumber ?? '') === (employment.personnelNumber ?? null);
  });
  return named.length > 0 ? named : cases;
}

/** One person's case: on several routes it is the same one, also when it was renumbered before one of them began. */
function areOne(cases: readonly FoundCase[]): boolean {
  if (!areOnePersons(cases)) return false;
  return allSame(cases, ({ laneCaseId }) => laneCaseId) || allSame(cases, ({ caseId }) => caseId);
}

function areOnePersons(cases: readonly FoundCase[]): boolean {
  return allSame(cases, ({ employer, employee }) => JSON.stringify([employer.id, employee.id]));
}

function allSame(cases: readonly FoundCase[], nameOf: (state: CaseState) => string): boolean {
  return new Set(cases.map(({ state }) => nameOf(state))).size < 2;
}

function unclear(cases: readonly FoundCase[]): Problem {
  const code = 'HELD_INCOMPLETE';
  if (!areOnePersons(cases))
    return { code, path: 'employer.id', detail: 'Cases of several people fit: it has to name the employer.' };
  const detail = 'Several cases of this employee fit: it has to name the case or the employment.';
  return { code, path: 'employment.id', detail };
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
