// Makes the planned calls. A course is asked for by its key right before it is made, so that it is never made twice.
import { NeedsHumanError, RejectedError } from '../../src/connector.js';
import type { Refusal } from './answers.js';
import type { Api } from './api.js';
import { dossierKey } from './courses.js';
import type { Told } from './payload.js';
import type { CourseStep } from './plan.js';
import type { DossierStep } from './plan-dossier.js';
import { RECOVERED, type Wanted } from './wanted.js';

export type Step = CourseStep | DossierStep;

export interface Doing {
  readonly told: Told;
  readonly employmentId: string;
  readonly api: Api;
}

/** Throws Refusal when the receiver says no to it. */
export async function take(step: Step, { told, employmentId, api }: Doing): Promise<void> {
  switch (step.call) {
    case 'post':
      if (await api.hasCourse(step.key)) return;
      return api.postCourse({ employmentId, ...postBody(step, told) });
    case 'patch':
      return api.patchCourse({ id: step.id, ...step.change });
    case 'delete':
      return api.deleteCourse(step.id);
    case 'patch-dossier':
      return api.patchDossier(step.id, step.change);
  }
}

/** `PostAbsenceCourseRequestBody`. What is not here is never sent: notes, section 3.3. */
function postBody({ key, first, course }: Extract<CourseStep, { call: 'post' }>, told: Told) {
  const { dateReported, expectedDurationDays, recoveryReason } = told;
  const isEnd = course.recovery === RECOVERED;
  const opening = {
    setDossierKey: dossierKey(told),
    ...(expectedDurationDays !== undefined && { expectedDurationDays }),
    ...told.first,
  };
  return {
    externalKey: key,
    // True asks for more checks there; it forces no dossier within 28 days of an earlier absence.
    newDossier: first,
    ...(first && opening),
    dateStart: course.day,
    recoveryPercentage: course.recovery,
    ...((first || isEnd) && dateReported !== undefined && { dateReported }),
    ...(isEnd && recoveryReason !== undefined && { recoveryReason }),
  };
}

const WORDS = {
  post: ['a course was added', 'courses were added'],
  patch: ['a course was changed', 'courses were changed'],
  delete: ['a course was removed', 'courses were removed'],
  'patch-dossier': ['the dossier was changed', 'changes of dossiers'],
} as const;

/** "a course was added", "2 courses were removed". */
export function inWords(steps: readonly Step[]): readonly string[] {
  return Object.entries(WORDS).flatMap(([call, [one, several]]) => {
    const count = steps.filter((step) => step.call === call).length;
    if (count === 0) return [];
    return count === 1 ? [one] : [`${count} ${several}`];
  });
}

/** A refusal that stands. When another course is on that day, somebody can mend it there and release this one. */
export function refused(refusal: Refusal, step: Step, courses: readonly Pick<Wanted, 'day'>[]): Error {
  const day =
    step.call === 'post' ? step.course.day : step.call === 'patch' ? step.change.dateStart : undefined;
  if (day === undefined || !courses.some((course) => course.day === day)) {
    return new RejectedError(refusal.message, refusal);
  }
  const words =
    'Another course of this employment stands on that day, and one a day is taken: mend it there.';
  return new NeedsHumanError('TARGET_CANNOT_CARRY', [], { detail: `${words} ${refusal.message}` });
}
