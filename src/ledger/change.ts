// What an observation changes in a case that the receiver knows: worked out once, before anybody decides what to tell.
import type { Absence, Observation } from '../domain/observation.js';
import type { PlainDate } from '../domain/people.js';
import type { CaseState } from './case-state.js';
import { sameContent } from './content.js';
import {
  before,
  beyond,
  type Course,
  type CoursePlan,
  courseFrom,
  planCourse,
  startingOn,
  union,
  withEntry,
  withoutEntry,
} from './course.js';
import { endless } from './first-report.js';
import { type KeptAbsence, mergeAbsence, peopleOf, whileAbsent } from './merge.js';

export interface Change {
  readonly state: CaseState;
  /** The state afterwards, but for the course as told, which depends on what is told. */
  readonly next: CaseState;
  /** The whole course as the source now means it, and the part of it that precedes a recovery. */
  readonly wanted: Course;
  readonly visible: Course;
  readonly plan: CoursePlan;
  /** The day that the observation speaks of, if the course has an entry on it. */
  readonly stated: PlainDate | undefined;
  readonly renamed: boolean;
  readonly moved: boolean;
  readonly recoveryMoved: boolean;
  /** Something else of the absence differs: expected recovery, cause, a requested action, the reason of the end. */
  readonly facts: boolean;
  /** The employee, the employment, the employer or a contact differs. */
  readonly people: boolean;
}

export function changeOf(state: CaseState, observation: Observation): Change {
  const { absence } = observation;
  const renamed = absence.previousCaseId === state.caseId && absence.caseId !== state.caseId;
  const caseId = renamed ? absence.caseId : state.caseId;
  const moved = absence.firstDay !== state.absence.firstDay;
  const merged = settle(mergeAbsence({ ...absence, caseId }, state.absence), state.absence);

  const wanted = wantedCourse(state, observation, moved);
  const recovery = merged.recoveryDate;
  const shown = (course: Course) => (recovery === undefined ? course : before(course, recovery));
  const known = moved ? startingOn(state.percentages, absence.firstDay) : state.percentages;
  const visible = shown(wanted);
  const stated = absence.wholeCourse ? undefined : absence.percentages.at(-1)?.from;

  const people = peopleOf(observation, state);
  const peopleDiffer = !sameContent(
    { ...people, contacts: merged.contacts },
    { ...peopleIn(state), contacts: state.absence.contacts },
  );
  return {
    state,
    next: { ...state, caseId, ...(peopleDiffer && people), absence: merged },
    wanted,
    visible,
    plan: planCourse(shown(known), visible, stated),
    stated: visible.find((entry) => entry.from === stated)?.from,
    renamed,
    moved,
    recoveryMoved: merged.ended && merged.recoveryDate !== state.absence.recoveryDate,
    facts: !sameContent(factsOf(merged, state.absence), factsOf(state.absence, merged)),
    people: peopleDiffer,
  };
}

/** The state once the receiver knows `told` of the course. */
export function settled({ next, wanted }: Change, told: Course): CaseState {
  const { unsaid: former, ...rest } = next;
  const unsaid = beyond(wanted, told);
  return { ...rest, percentages: told, ...(unsaid.length > 0 && { unsaid }) };
}

function wantedCourse(state: CaseState, observation: Observation, moved: boolean): Course {
  const { absence } = observation;
  const entries = endless(observation, state.absence);
  if (absence.wholeCourse) return courseFrom(absence.firstDay, entries);
  const source = union(state.percentages, state.unsaid ?? []);
  const course = moved ? startingOn(source, absence.firstDay) : source;
  return entries.reduce(withEntry, withoutWrong(course, absence));
}

/** A corrected effective date takes its wrong entry along, unless only the first day moved with it. */
function withoutWrong(course: Course, { previousEffectiveDate: wrong, percentages }: Absence): Course {
  if (wrong === undefined || percentages.some((entry) => entry.from === wrong)) return course;
  return course.some((entry) => entry.from === wrong) ? withoutEntry(course, wrong) : course;
}

/** Keeps the ledger's own lists where the stated ones mean the same. */
function settle(merged: KeptAbsence, known: KeptAbsence): KeptAbsence {
  const keeps = (name: 'actions' | 'contacts') => known[name] && sameContent(merged[name], known[name]);
  return {
    ...merged,
    ...(keeps('actions') && known.actions && { actions: known.actions }),
    ...(keeps('contacts') && known.contacts && { contacts: known.contacts }),
  };
}

/** What is left to compare once case, days and contacts are compared; the end only if both have ended. */
function factsOf(absence: KeptAbsence, other: KeptAbsence): Partial<KeptAbsence> {
  const lasting = absence.ended && other.ended ? absence : whileAbsent(absence);
  const { caseId, firstDay, ended, recoveryDate, contacts, ...rest } = lasting;
  return rest;
}

function peopleIn({ employer, employee, employment, administrationOffice }: CaseState) {
  return { employer, employee, employment, ...(administrationOffice && { administrationOffice }) };
}
