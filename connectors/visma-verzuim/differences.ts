// The read-back: where the receiver shows something else than a notification told. Names of places only, never a value.
// Pure. What is compared: notes on the Visma Verzuim API, section 3.7.
import {
  beginsWith,
  coursesOf,
  dossiersOf,
  enteredByHand,
  type HeldCourse,
  isOwn,
  strayByHand,
} from './courses.js';
import type { Told } from './payload.js';
import type { Step } from './steps.js';
import { RECOVERED, type Wanted } from './wanted.js';

export function differencesOf(
  told: Told,
  wanted: readonly Wanted[],
  courses: readonly HeldCourse[],
): readonly string[] {
  const ours = coursesOf(courses, told);
  const stray = strayOf(told, wanted, courses);
  if (told.kind === 'Withdrawal') return [...(ours.length > 0 ? ['course'] : []), ...stray];
  const own = dossiersOf(courses, told).filter((dossier) => isOwn(dossier, told));
  const shown = [...ours, ...enteredByHand(courses, told)];
  const isEnded = shown.some(({ day, recovery }) => recovery === RECOVERED && day >= told.day);
  const found = [
    ...wanted.flatMap((course) => courseDifference(course, shown)),
    ...(ours.length === 0 || ours.length > wanted.length ? ['course'] : []),
    ...(!told.ended && isEnded ? ['course: recovered'] : []),
    ...(ours[0] && ours[0].day !== told.firstDay ? ['course: first day'] : []),
    ...own
      .filter((dossier) => beginsWith(dossier, courses, told) && dossier.firstDay !== told.firstDay)
      .map(() => 'dossier: dateStart'),
    // A recovery that somebody entered closes it too, and is told by itself.
    ...(!told.ended && !isEnded && own.some(({ completed }) => completed) ? ['dossier: dossierStatus'] : []),
    ...stray,
  ];
  return [...new Set(found)];
}

/** A recovery that somebody entered while the case goes on is told as such. */
function strayOf(told: Told, wanted: readonly Wanted[], courses: readonly HeldCourse[]): readonly string[] {
  const isWithdrawn = told.kind === 'Withdrawal';
  const lastDay = [told.day, wanted.at(-1)?.day ?? ''].sort().at(-1) ?? '';
  const stray = strayByHand(courses, told, isWithdrawn ? '' : lastDay).filter(
    ({ recovery }) => isWithdrawn || told.ended || recovery !== RECOVERED,
  );
  return stray.length > 0 ? ['course: entered by hand'] : [];
}

/** What is still planned when the delivery gives up, and what of a dossier could not be changed. */
export function lackingOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.call === 'patch-dossier') return step.differs;
    if (step.call === 'patch') return Object.keys(step.change).map((name) => `course: ${name}`);
    return ['course'];
  });
}

function courseDifference({ day, recovery }: Wanted, courses: readonly HeldCourse[]): readonly string[] {
  const shown = courses.filter((course) => course.day === day);
  if (shown.length === 0) return ['course'];
  return shown.some((course) => course.recovery === recovery) ? [] : ['course: recoveryPercentage'];
}
