// The dossiers behind the courses of a case: what of a dossier has to follow a notification. Pure. Only a dossier that
// came with the case is ever changed: one that the case was joined to (28 days) belongs to an earlier absence.
import { dossiersOf, type HeldCourse, type HeldDossier, isOwn, newKeyOf } from './courses.js';
import type { Told } from './payload.js';

/** Names of `PATCH /dossier/illness`. */
export interface DossierChange {
  readonly externalKey?: string;
  readonly dateStart?: string;
  readonly dateReported?: string;
  readonly expectedDurationDays?: number;
  readonly dossierStatus?: 'completed';
  readonly dossierClosureReason?: 'cancelled';
}

export interface DossierStep {
  readonly call: 'patch-dossier';
  readonly id: string;
  readonly change: DossierChange;
}

/** Once the courses are right: the dossier's own dates, as far as this kind of notification speaks of them. */
export function planDossiers(told: Told, courses: readonly HeldCourse[]): readonly DossierStep[] {
  const own = dossiersOf(courses, told).filter((dossier) => isOwn(dossier, told));
  return own.flatMap((dossier): readonly DossierStep[] => {
    const change = changeOf(told, dossier);
    return Object.keys(change).length === 0 ? [] : [{ call: 'patch-dossier', id: dossier.id, change }];
  });
}

function changeOf(told: Told, dossier: HeldDossier): DossierChange {
  const { kind, firstDay, dateReported, expectedDurationDays } = told;
  const externalKey = newKeyOf(dossier.key, told);
  const isMoved = (told.moved || kind === 'SickReport') && dossier.firstDay !== firstDay;
  const isRedated = kind === 'Correction' && !told.ended && dateReported !== undefined;
  const isRemeasured = expectedDurationDays !== undefined && !told.ended;
  return {
    ...(externalKey !== undefined && { externalKey }),
    ...(isMoved && { dateStart: firstDay }),
    ...(isRedated && dossier.dateReported !== dateReported && { dateReported }),
    ...(isRemeasured && dossier.expectedDurationDays !== expectedDurationDays && { expectedDurationDays }),
  };
}

/**
 * After a withdrawal: an own dossier that is still open and holds no course any more is closed as cancelled. `dossiers`
 * are all of the employment, `courses` what is left.
 */
export function planCancelling(
  told: Told,
  dossiers: readonly HeldDossier[],
  courses: readonly HeldCourse[],
): readonly DossierStep[] {
  const own = dossiers.filter((dossier) => dossier.open && isOwn(dossier, told));
  const alone = own.filter(({ id }) => !courses.some(({ dossier }) => dossier?.id === id));
  const change = { dossierStatus: 'completed', dossierClosureReason: 'cancelled' } as const;
  return alone.map(({ id }) => ({ call: 'patch-dossier', id, change }));
}
