// The dossiers behind the courses of a case: what of a dossier has to follow a notification. Pure. Only a dossier that
// came with the case is ever changed: one that the case was joined to (28 days) belongs to an earlier absence.
import {
  beginsWith,
  dossiersOf,
  type HeldCourse,
  type HeldDossier,
  isOfOurs,
  isOwn,
  newKeyOf,
} from './courses.js';
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
  /** Names of what the receiver shows otherwise until then. */
  readonly differs: readonly string[];
}

/** Once the courses are right: the dossier's own dates, as far as this kind of notification speaks of them. */
export function planDossiers(told: Told, courses: readonly HeldCourse[]): readonly DossierStep[] {
  const own = dossiersOf(courses, told).filter((dossier) => isOwn(dossier, told));
  return own.flatMap((dossier): readonly DossierStep[] => {
    const change = changeOf(told, dossier, beginsWith(dossier, courses, told));
    return Object.keys(change).length === 0 ? [] : [stepOf(dossier, change, reportedIn(told))];
  });
}

/** `dateReported` goes with every change: "if omitted defaults to 'now'" (`PatchIllnessRequestBody`). */
function stepOf(dossier: HeldDossier, change: DossierChange, told?: string): DossierStep {
  const dateReported = told ?? dossier.dateReported;
  const differs = Object.keys(change).map((name) => `dossier: ${name}`);
  const full = { ...change, ...(dateReported !== null && { dateReported }) };
  return { call: 'patch-dossier', id: dossier.id, change: full, differs };
}

/** The day of a recovery's report is another one. */
function reportedIn({ kind, ended, dateReported }: Told): string | undefined {
  return (kind === 'Correction' || kind === 'SickReport') && !ended ? dateReported : undefined;
}

function changeOf(told: Told, dossier: HeldDossier, begins: boolean): DossierChange {
  const { kind, firstDay, dateReported, expectedDurationDays } = told;
  const externalKey = newKeyOf(dossier.key, told);
  const isMoved = begins && (told.moved || kind === 'SickReport') && dossier.firstDay !== firstDay;
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
 * After a withdrawal: an own dossier that is still open and holds no course any more is closed as cancelled, and so is
 * one of another case of ours, which this case may have been joined to and have emptied now. `dossiers` are all of the employment, `courses` what is left.
 */
export function planCancelling(
  told: Told,
  dossiers: readonly HeldDossier[],
  courses: readonly HeldCourse[],
): readonly DossierStep[] {
  const open = dossiers.filter(
    (dossier) => dossier.open && (isOwn(dossier, told) || isOfOurs(dossier, told)),
  );
  const alone = open.filter(({ id }) => !courses.some(({ dossier }) => dossier?.id === id));
  const change = { dossierStatus: 'completed', dossierClosureReason: 'cancelled' } as const;
  return alone.map((dossier) => stepOf(dossier, change));
}
