// Which courses of a case the receiver should hold once a notification was told: pure, and worked out from what it
// holds now. Telling the same twice gives the same, also when the first time broke off half-way. Source of each case:
// notes on the Visma Verzuim API, sections 3.3 to 3.6, and src/ledger/README.md for what a notification means.
import { byDay, type HeldCourse } from './courses.js';
import type { Told } from './payload.js';

export interface Wanted {
  readonly day: string;
  /** 0 is fully absent, 100 recovered. */
  readonly recovery: number;
}

export const RECOVERED = 100;

/**
 * Why a person has to look: nothing of the case is there; or the course of its first day is no longer known; or it has
 * ended there, and only a correction opens a case again.
 */
export type Hold = 'unknown-case' | 'first-course-lost' | 'ended-there';

export type Telling = Pick<Told, 'kind' | 'firstDay' | 'moved' | 'ended' | 'day' | 'recovery' | 'wrongDay'>;

/** Oldest first. `ours` are the courses of the case that the receiver holds, oldest first. */
export function wantedOf(told: Telling, ours: readonly HeldCourse[]): readonly Wanted[] | Hold {
  if (told.kind === 'SickReport') return [{ day: told.firstDay, recovery: told.recovery }];
  if (told.kind === 'Withdrawal') return [];
  if (told.kind === 'EmployeeChange') return ours.map(({ day, recovery }) => ({ day, recovery }));
  if (ours.length === 0) return 'unknown-case';
  const absent = ours.filter(({ recovery }) => recovery < RECOVERED);
  if (told.kind === 'AbsenceChange' && absent.length < ours.length) return 'ended-there';
  const wanted = told.ended ? ended(told, moved(told, absent)) : open(told, moved(told, absent));
  return lacksFirst(told, wanted, ours) ? 'first-course-lost' : wanted;
}

/** An open case has no course that says "recovered", so a former end goes. */
function open(told: Telling, courses: readonly Wanted[]): readonly Wanted[] {
  const right = courses.filter(({ day }) => day !== told.wrongDay || day === told.firstDay);
  return withCourse(right, { day: told.day, recovery: told.recovery });
}

function ended(told: Telling, courses: readonly Wanted[]): readonly Wanted[] {
  const before = courses.filter(({ day }) => day < told.day);
  return withCourse(before, { day: told.day, recovery: RECOVERED });
}

function withCourse(courses: readonly Wanted[], course: Wanted): readonly Wanted[] {
  return byDay([...courses.filter(({ day }) => day !== course.day), course]);
}

/** What held on the new first day holds from there; a new first day before all others takes the first along. */
function moved({ moved: isMoved, firstDay }: Telling, courses: readonly Wanted[]): readonly Wanted[] {
  const first = courses.findLast(({ day }) => day <= firstDay) ?? courses[0];
  if (!isMoved || !first) return courses;
  const later = courses.filter((course) => course !== first && course.day > firstDay);
  return [{ day: firstDay, recovery: first.recovery }, ...later];
}

/**
 * A case that ended on its first day has one course, "recovered". When it goes on after all, nobody here knows how far
 * the employee was absent on that day.
 */
function lacksFirst(told: Telling, wanted: readonly Wanted[], ours: readonly HeldCourse[]): boolean {
  if (wanted[0]?.day === told.firstDay) return false;
  const absent = ours.filter(({ recovery }) => recovery < RECOVERED);
  const endedThere = ours.some(({ day, recovery }) => day === told.firstDay && recovery === RECOVERED);
  return absent.length === 0 || endedThere;
}
