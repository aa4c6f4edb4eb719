// From what the receiver holds of a case to the calls that make it hold what a notification tells: pure. The order of the
// calls is such that what is worked out anew after any of them comes to the same end.
import { courseKey, coursesOf, enteredByHand, type HeldCourse, type Keys, newKeyOf } from './courses.js';
import type { Told } from './payload.js';
import { type Hold, RECOVERED, type Telling, type Wanted, wantedOf } from './wanted.js';

export type CourseStep =
  | { readonly call: 'post'; readonly key: string; readonly first: boolean; readonly course: Wanted }
  | { readonly call: 'patch'; readonly id: string; readonly change: CourseChange }
  | { readonly call: 'delete'; readonly id: string };

export interface CourseChange {
  readonly externalKey?: string;
  readonly dateStart?: string;
  readonly recoveryPercentage?: number;
  readonly recoveryReason?: string | null;
}

export type Planned = Telling & Keys & Pick<Told, 'recoveryReason'>;

export type CoursePlan =
  | { readonly ok: true; readonly steps: readonly CourseStep[]; readonly wanted: readonly Wanted[] }
  | { readonly ok: false; readonly hold: Hold };

export function planCourses(told: Planned, courses: readonly HeldCourse[]): CoursePlan {
  const ours = coursesOf(courses, told);
  const wanted = wantedOf(told, ours);
  if (typeof wanted === 'string') return { ok: false, hold: wanted };
  const byHand = enteredByHand(courses, told);
  const isThere = ({ day, recovery }: Wanted) =>
    byHand.some((other) => other.day === day && other.recovery === recovery);
  const steps = stepsTo(wanted, ours, told).filter((step) => step.call !== 'post' || !isThere(step.course));
  return { ok: true, wanted, steps };
}

interface Pair {
  readonly course: Wanted;
  readonly held: HeldCourse | undefined;
}

/**
 * Ends that are no longer right go first, with all that comes after the last day that is wanted: so the receiver never
 * sees a course after a recovery. A course whose percentage another takes over goes last.
 */
function stepsTo(
  wanted: readonly Wanted[],
  ours: readonly HeldCourse[],
  told: Planned,
): readonly CourseStep[] {
  const pairs = paired(wanted, ours, told);
  const kept = new Set(pairs.map(({ held }) => held));
  const left = ours.filter((held) => !kept.has(held)).toReversed();
  const lastDay = wanted.at(-1)?.day ?? '';
  const isEarly = ({ day, recovery }: HeldCourse) => recovery === RECOVERED || day > lastDay;
  const remove = ({ id }: HeldCourse): CourseStep => ({ call: 'delete', id });
  const first = ours.length === 0;
  return [
    ...left.filter(isEarly).map(remove),
    ...pairs.flatMap((pair) => patchOf(pair, told)),
    ...pairs.flatMap(({ course, held }): CourseStep[] =>
      held ? [] : [{ call: 'post', key: courseKey(told), first, course }],
    ),
    ...left.filter((held) => !isEarly(held)).map(remove),
  ];
}

/**
 * Each wanted course with the one that becomes it: the one of that day, else one that was told of a wrong day. The first
 * day chooses before all others, so that the percentage of the former first course is never written over.
 */
function paired(wanted: readonly Wanted[], ours: readonly HeldCourse[], told: Telling): readonly Pair[] {
  const isFirst = ({ day }: Wanted) => day === told.firstDay;
  let free = ours;
  const pairs = [...wanted.filter(isFirst), ...wanted.filter((course) => !isFirst(course))].map((course) => {
    const held = free.find(({ day }) => day === course.day) ?? wrongOne(course, free, told);
    free = free.filter((other) => other !== held);
    return { course, held };
  });
  return pairs.toSorted((a, b) => (a.course.day < b.course.day ? -1 : 1));
}

function wrongOne(
  { day, recovery }: Wanted,
  free: readonly HeldCourse[],
  told: Telling,
): HeldCourse | undefined {
  const end = free.findLast((held) => held.recovery === RECOVERED);
  const absent = free.filter((held) => held.recovery < RECOVERED);
  if (recovery === RECOVERED && end) return end;
  if (day === told.firstDay) return absent.findLast((held) => held.day <= day) ?? absent[0] ?? end;
  return told.ended ? undefined : absent.find((held) => held.day === told.wrongDay);
}

function patchOf({ course, held }: Pair, told: Planned): readonly CourseStep[] {
  if (!held) return [];
  const externalKey = newKeyOf(held.key, told);
  const change: CourseChange = {
    ...(externalKey !== undefined && { externalKey }),
    ...(held.day !== course.day && { dateStart: course.day }),
    ...(held.recovery !== course.recovery && { recoveryPercentage: course.recovery }),
    ...reasonOf(course, held, told),
  };
  return Object.keys(change).length === 0 ? [] : [{ call: 'patch', id: held.id, change }];
}

/** "Only allowed with recoveryPercentage equal to 100": set with it, and taken off with it. */
function reasonOf(course: Wanted, held: HeldCourse, { recoveryReason }: Planned): CourseChange {
  if (course.recovery === held.recovery) return {};
  if (course.recovery === RECOVERED) return recoveryReason === undefined ? {} : { recoveryReason };
  return held.recovery === RECOVERED ? { recoveryReason: null } : {};
}
