// The course of an absence: percentages by the day from which each holds. Pure arithmetic on such lists, and the plan
// of what a receiver has to be told so that its course means the same as the source's.
import type { PercentageFrom } from '../domain/observation.js';
import type { Percentage, PlainDate } from '../domain/people.js';

/** Oldest first, one entry a day, the first on the first day of the absence. */
export type Course = readonly PercentageFrom[];

export const FULLY_ABSENT: Percentage = '100.00';
export const RECOVERED: Percentage = '0.00';

/**
 * The course that these entries state of an absence from `firstDay`. An earlier entry holds from the first day; where
 * nothing is stated for the first days the employee is plainly sick (dutch-rules.md P-23).
 */
export function courseFrom(firstDay: PlainDate, entries: readonly PercentageFrom[]): Course {
  const sick: Course = [{ from: firstDay, percentage: FULLY_ABSENT }];
  return sorted(entries).reduce((course, entry) => withEntry(course, entry), sick);
}

/** Sets the percentage from a day on, up to the next entry; a day before the course counts as its first. */
export function withEntry(course: Course, entry: PercentageFrom): Course {
  const first = course[0];
  const from = first && entry.from < first.from ? first.from : entry.from;
  const others = course.filter((other) => other.from !== from);
  return sorted([...others, { from, percentage: entry.percentage }]);
}

/** Takes an entry out. The first one cannot go: what is left of it is "sick". */
export function withoutEntry(course: Course, day: PlainDate): Course {
  if (course[0]?.from === day) return withEntry(course, { from: day, percentage: FULLY_ABSENT });
  return course.filter((entry) => entry.from !== day);
}

/** The course when the first day turns out to be another: later entries stay, the first holds from the new day. */
export function startingOn(course: Course, firstDay: PlainDate): Course {
  const first = inEffect(course, firstDay) ?? course[0];
  const percentage = first?.percentage ?? FULLY_ABSENT;
  return [{ from: firstDay, percentage }, ...course.slice(1).filter((entry) => entry.from > firstDay)];
}

/** What of the course precedes the recovery; the first entry always does. */
export function before(course: Course, recovery: PlainDate): Course {
  return course.filter((entry, index) => index === 0 || entry.from < recovery);
}

/** The entry that holds on a day; undefined before the course. */
export function inEffect(course: Course, day: PlainDate): PercentageFrom | undefined {
  return course.findLast((entry) => entry.from <= day);
}

export function union(course: Course, others: readonly PercentageFrom[]): Course {
  return others.length === 0 ? course : sorted([...course, ...others]);
}

/** Entries of `course` on days that `others` does not have. */
export function beyond(course: Course, others: Course): Course {
  return course.filter((entry) => !at(others, entry.from));
}

/** Without the entries that repeat the percentage before them. */
export function steps(course: Course): Course {
  return course.filter((entry, index) => course[index - 1]?.percentage !== entry.percentage);
}

export interface Telling extends PercentageFrom {
  /** Day of a wrong entry that this one takes the place of. */
  readonly replaces?: PlainDate;
}

export interface CoursePlan {
  readonly tellings: readonly Telling[];
  /** What the receiver knows once it was told. */
  readonly told: Course;
}

/**
 * What to tell a receiver that knows `known` so that it ends with the meaning of `wanted`. Entries that repeat the one
 * before them are not worth telling. `stated` is the day that the observation itself speaks of: a wrong entry is
 * preferably replaced by that one.
 */
export function planCourse(known: Course, wanted: Course, stated?: PlainDate): CoursePlan {
  const told = wanted.filter(
    (entry, index) => at(known, entry.from) || wanted[index - 1]?.percentage !== entry.percentage,
  );
  const fresh = told.filter((entry) => at(known, entry.from)?.percentage !== entry.percentage);
  const wrong = known.filter((entry) => !at(wanted, entry.from)).map((entry) => entry.from);

  const paired: Telling[] = fresh.map((entry, index) => {
    const replaces = wrong[index];
    return replaces === undefined ? entry : { ...entry, replaces };
  });
  const alone = wrong.slice(fresh.length).map((day) => {
    const entry = (stated && at(wanted, stated)) ?? inEffect(wanted, day) ?? wanted[0];
    return { from: day, percentage: FULLY_ABSENT, ...entry, replaces: day };
  });
  const tellings = [...paired, ...alone];
  return { tellings, told: tellings.reduce<Course>((course, entry) => include(course, entry), told) };
}

/** The course with this entry in it, whether it was there or not. */
export function include(course: Course, entry: PercentageFrom): Course {
  return at(course, entry.from)
    ? course
    : sorted([...course, { from: entry.from, percentage: entry.percentage }]);
}

export function at(course: Course, day: PlainDate): PercentageFrom | undefined {
  return course.find((entry) => entry.from === day);
}

function sorted(entries: readonly PercentageFrom[]): Course {
  return entries.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}
