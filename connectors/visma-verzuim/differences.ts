// The read-back: where the receiver shows something else than a notification told. Names of places only, never a value.
// Pure. What is compared: notes on the Visma Verzuim API, section 3.7.
import { coursesOf, dossiersOf, enteredByHand, type HeldCourse, isOwn } from './courses.js';
import type { Told } from './payload.js';
import { RECOVERED, type Wanted } from './wanted.js';

export function differencesOf(
  told: Told,
  wanted: readonly Wanted[],
  courses: readonly HeldCourse[],
): readonly string[] {
  const ours = coursesOf(courses, told);
  if (told.kind === 'Withdrawal') return ours.length > 0 ? ['course'] : [];
  const shown = [...ours, ...enteredByHand(courses, told)];
  const isEnded = shown.some(({ day, recovery }) => recovery === RECOVERED && day >= told.day);
  const found = [
    ...wanted.flatMap((course) => courseDifference(course, shown)),
    ...(ours.length === 0 || ours.length > wanted.length ? ['course'] : []),
    ...(!told.ended && isEnded ? ['course: recovered'] : []),
    ...(ours[0] && ours[0].day !== told.firstDay ? ['course: first day'] : []),
    ...dossiersOf(courses, told)
      .filter((dossier) => isOwn(dossier, told) && dossier.firstDay !== told.firstDay)
      .map(() => 'dossier: dateStart'),
  ];
  return [...new Set(found)];
}

function courseDifference({ day, recovery }: Wanted, courses: readonly HeldCourse[]): readonly string[] {
  const shown = courses.filter((course) => course.day === day);
  if (shown.length === 0) return ['course'];
  return shown.some((course) => course.recovery === recovery) ? [] : ['course: recoveryPercentage'];
}
