// What the receiver holds of a case at another employment than the one it is told of now: the employment was corrected
// after an earlier notification. It cannot be moved there, only deleted and posted again (notes on the Visma Verzuim API,
// section 3.5), so a case that is told as a whole, or taken back, leaves nothing of it behind.
import type { Api } from './api.js';
import { courseKey, coursesOf, type HeldCourse, type HeldDossier } from './courses.js';
import type { Told } from './payload.js';

export interface Asking {
  readonly told: Told;
  readonly employmentId: string;
  readonly api: Api;
}

export interface Elsewhere {
  /** Of all cases and of nobody, so that it shows which dossiers are empty. */
  readonly courses: readonly HeldCourse[];
  readonly dossiers: readonly HeldDossier[];
}

export const NOWHERE: Elsewhere = { courses: [], dossiers: [] };

/** A case of more notifications than this was seldom told of so many employments. */
const MOST_NUMBERS = 20;

/** Only a case that was told before, and that is told as a whole or taken back. */
export function mayBeElsewhere({ kind, sequence }: Told): boolean {
  return sequence > 1 && (kind === 'SickReport' || kind === 'Withdrawal');
}

/**
 * Ids of the other employments that hold courses of the case. By the dossier's key, and by the keys of the courses: a
 * dossier has another key when the case was joined to it, or was told anew.
 */
export async function otherEmployments({ told, employmentId, api }: Asking): Promise<readonly string[]> {
  const found: HeldCourse[] = [];
  for (const key of caseKeysOf(told)) found.push(...(await api.coursesInDossier(key)));
  const numbers = Array.from({ length: told.sequence - 1 }, (_, index) => index + 1).slice(-MOST_NUMBERS);
  for (const sequence of numbers) {
    found.push(...(await api.coursesByKey(courseKey({ caseKey: told.caseKey, sequence }))));
  }
  const ids = strays(found, { told, employmentId }).flatMap((course) => course.employmentId ?? []);
  return [...new Set(ids)];
}

export async function coursesElsewhere(
  employments: readonly string[],
  { told, api }: Asking,
): Promise<readonly HeldCourse[]> {
  const found: HeldCourse[] = [];
  for (const id of employments) found.push(...(await api.courses(id)));
  // An earlier attempt may have emptied the dossier, and then no course says where it is.
  if (told.kind !== 'Withdrawal') return found;
  for (const key of caseKeysOf(told)) found.push(...(await api.coursesInDossier(key)));
  return [...new Map(found.map((course) => [course.id, course])).values()];
}

export async function dossiersElsewhere(
  employments: readonly string[],
  { told, api }: Asking,
): Promise<readonly HeldDossier[]> {
  const found: HeldDossier[] = [];
  for (const id of employments) found.push(...(await api.dossiers(id)));
  if (told.kind === 'Withdrawal') {
    for (const key of caseKeysOf(told)) found.push(...(await api.dossiersByKey(key)));
  }
  return found;
}

/** Courses of the case that are known to lie at another employment, newest first. */
export function strays(
  courses: readonly HeldCourse[],
  { told, employmentId }: Pick<Asking, 'told' | 'employmentId'>,
): readonly HeldCourse[] {
  return coursesOf(courses, told)
    .filter((course) => course.employmentId != null && course.employmentId !== employmentId)
    .toReversed();
}

function caseKeysOf({ caseKey, previousCaseKey }: Told): readonly string[] {
  return previousCaseKey === undefined ? [caseKey] : [caseKey, previousCaseKey];
}
