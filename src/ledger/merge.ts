// The state of a case after an observation: the absence group is a report, so what it leaves out keeps its value; the
// people and organisations are stated whole every time, so what they leave out is gone. (Keeping it would also go on
// sending what a narrower privacy rule has since taken out.)
import type { Absence, Observation } from '../domain/observation.js';
import type { Employee, Employment, PlainDate } from '../domain/people.js';
import type { CaseState } from './case-state.js';
import { RECOVERED } from './course.js';

export type KeptAbsence = CaseState['absence'];
type People = Pick<CaseState, 'employer' | 'employee' | 'employment' | 'administrationOffice'>;

/** The day of recovery that an observation of an ended absence states, or the ledger's when it states none. */
export function recoveryOf(absence: Absence, known?: KeptAbsence): PlainDate | undefined {
  if (!absence.ended) return undefined;
  const back = absence.percentages.find((entry) => entry.percentage === RECOVERED);
  return absence.recoveryDate ?? known?.recoveryDate ?? absence.effectiveDate ?? back?.from;
}

export function mergeAbsence(stated: Absence, known?: KeptAbsence): KeptAbsence {
  const recoveryDate = recoveryOf(stated, known);
  // What is known of an end belongs to that end: another day of recovery is another end.
  const isOtherEnd = known?.recoveryDate !== undefined && known.recoveryDate !== recoveryDate;
  const both = { ...(isOtherEnd ? whileAbsent(known) : known), ...facts(stated) };
  const merged = { ...both, caseId: stated.caseId, firstDay: stated.firstDay, ended: stated.ended };
  return stated.ended && recoveryDate ? { ...merged, recoveryDate } : whileAbsent(merged);
}

/** What the ledger keeps of the absence group: no mechanics, no course, no notes (they are told once or never). */
export function facts(absence: Absence): Partial<KeptAbsence> {
  const { percentages, wholeCourse, processing, withdrawn, sequence, notes, ...rest } = absence;
  const { effectiveDate, previousEffectiveDate, previousFirstDay, previousCaseId, ...kept } = rest;
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

/** The absence as long as it lasts: nothing about its end. */
export function whileAbsent(absence: KeptAbsence): KeptAbsence {
  const { recoveryDate, employerRecoveryDate, endReason, ...rest } = absence;
  return { ...rest, ended: false };
}

export function peopleOf(observation: Observation, known?: People): People {
  const office = observation.administrationOffice ?? known?.administrationOffice;
  return {
    employer: observation.employer,
    employee: settledEmployee(observation.employee),
    employment: settledEmployment(observation.employment),
    ...(office && { administrationOffice: office }),
  };
}

/** Former ids are for the one notification that tells of them; the ledger keeps only those that were not told yet. */
export function settledEmployee({ previousId, ...employee }: Employee): Employee {
  return employee;
}

export function settledEmployment(employment: Employment): Employment {
  const { previousId, previousPersonnelNumber, workRelation, ...rest } = employment;
  if (!workRelation) return rest;
  const { previousId: formerId, previousPersonnelNumber: formerNumber, ...relation } = workRelation;
  return { ...rest, workRelation: relation };
}

/** The people of a case about which nothing is sent any more: the ids that the receiver knows are kept until it is. */
export function untoldPeople(observation: Observation, known: CaseState): People {
  const people = peopleOf(observation, known);
  const formerId = known.employee.previousId ?? known.employee.id;
  const employment = known.employment.previousId ?? observation.employment.previousId;
  return {
    ...people,
    employee:
      formerId === people.employee.id ? people.employee : { ...people.employee, previousId: formerId },
    employment:
      employment === undefined ? people.employment : { ...people.employment, previousId: employment },
  };
}
