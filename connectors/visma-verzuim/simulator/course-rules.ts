// Absence courses: POST, PATCH and DELETE as documented. A dossier has at most one course per day; its last course decides
// whether it is open (changelog, December 2024; DELETE "also updates the status of a dossier").
import type { PatchCourse, PostCourse } from './bodies-absence.js';
import { chooseDossier } from './dossier-choice.js';
import { followFirstDay, openDossier, settleDossier } from './dossier-rules.js';
import { coursesOf, keyMustBeFree, namedRow, today } from './lookup.js';
import { refuse, VALIDATION_CODE } from './refusal.js';
import { type CourseRow, newRow, type World } from './rows.js';

export function postCourse(world: World, body: PostCourse): CourseRow {
  const employment = namedRow(world, world.employments, { id: body.employmentId, key: body.employmentKey });
  const absenceReasonId = reasonId(world, body) ?? null;
  mayStart(world, body.dateStart);
  keyMustBeFree(world, world.courses, { key: body.externalKey });
  const choice = chooseDossier(world, employment.id, {
    dateStart: body.dateStart,
    newDossier: body.newDossier === true,
  });
  if (choice.dossier) dayMustBeFree(world, choice.dossier.id, { day: body.dateStart });
  const dossier = choice.dossier ?? openDossier(world, employment.id, body);
  if (choice.compiled && body.recoveryPercentage < 100)
    world.dossiers.set(dossier.id, { ...dossier, compiled: true });
  const course: CourseRow = {
    ...newRow(world, body),
    dossierId: dossier.id,
    employmentId: employment.id,
    dateReported: body.dateReported ?? today(world),
    dateStart: body.dateStart,
    recoveryPercentage: body.recoveryPercentage,
    recoveryReason: body.recoveryReason ?? null,
    wageValue: body.wageValue ?? null,
    workedHours: body.workedHours ?? null,
    safetyNet: body.safetyNet ?? null,
    accidentType: body.accidentType ?? null,
    absenceReasonId,
  };
  world.courses.set(course.id, course);
  followFirstDay(world, dossier.id);
  settleDossier(world, dossier.id, { takeBack: true });
  return course;
}

export function patchCourse(world: World, body: PatchCourse): CourseRow {
  const course = namedRow(world, world.courses, body);
  const { id: _id, key: _key, migrationKeyId: _migrationKeyId, absenceReasonCode: _code, ...given } = body;
  keyMustBeFree(world, world.courses, { key: body.externalKey, except: course.id });
  if (body.dateStart !== undefined) {
    mayStart(world, body.dateStart);
    dayMustBeFree(world, course.dossierId, { day: body.dateStart, except: course.id });
  }
  const absenceReasonId = reasonId(world, body);
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const changed: CourseRow = {
    ...course,
    ...changes,
    ...(absenceReasonId !== undefined && { absenceReasonId }),
    updatedMs: world.clock.now(),
  };
  const reasonTouched = body.recoveryReason !== undefined || body.recoveryPercentage !== undefined;
  if (reasonTouched && changed.recoveryReason !== null && changed.recoveryPercentage !== 100)
    refuse(VALIDATION_CODE, "recoveryReason: only allowed with 'recoveryPercentage' equal to 100");
  world.courses.set(course.id, changed);
  followFirstDay(world, course.dossierId);
  settleDossier(world, course.dossierId);
  return changed;
}

export function deleteCourse(world: World, id: string): void {
  const course = namedRow(world, world.courses, { id });
  world.courses.delete(course.id);
  followFirstDay(world, course.dossierId);
  settleDossier(world, course.dossierId);
}

function dayMustBeFree(
  world: World,
  dossierId: string,
  { day, except }: { readonly day: string; readonly except?: string },
): void {
  const taken = coursesOf(world, dossierId).some(({ id, dateStart }) => dateStart === day && id !== except);
  if (taken) refuse('SIM_SAME_DAY', 'dateStart: the dossier has a course on this day');
}

function mayStart(world: World, day: string): void {
  if (world.rules.futureCourses === 'refuse' && day > today(world))
    refuse('SIM_FUTURE', 'dateStart: after today');
}

/** Undefined: not mentioned; null: taken away. */
function reasonId(
  world: World,
  body: {
    readonly absenceReasonId?: string | undefined;
    readonly absenceReasonCode?: string | null | undefined;
  },
): string | null | undefined {
  const { absenceReasonId, absenceReasonCode } = body;
  if (absenceReasonId === undefined && absenceReasonCode === undefined) return undefined;
  if (absenceReasonId === undefined && absenceReasonCode === null) return null;
  const found = [...world.reasons.values()].find(({ id, code }) =>
    absenceReasonId === undefined ? code === absenceReasonCode : id === absenceReasonId,
  );
  return found ? found.id : refuse(VALIDATION_CODE, 'absenceReason: unknown');
}
