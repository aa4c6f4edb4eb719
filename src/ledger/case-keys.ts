// The parts of the keyed hashes by which a case is found on a route. Kept in one place, for whoever writes them and
// whoever looks: they are in the store for good. Pure.
import type { PlainDate } from '../domain/people.js';

export type Hash = (...parts: readonly string[]) => string;

/** Of a case id alone: two employers may use the same one. */
export function caseReferenceOf(hash: Hash, route: string, caseId: string): string {
  return hash('case-id', route, caseId);
}

/** Of an employee's absences that began on a day: somebody else may know the case by no other name. */
export function personDayOf(hash: Hash, route: string, employeeId: string, firstDay: PlainDate): string {
  return hash('person-day', route, employeeId, firstDay);
}
