// The lists about absence, with the filters, sortings and includes of the description.
import { wallClock } from '../../../src/connector.js';
import { byId, byMigrationKey, byUpdate, instant, isTrue } from './filters.js';
import type { Listing } from './listing.js';
import { coursesOf } from './lookup.js';
import type { CourseRow, DossierRow, ReasonRow, World } from './rows.js';
import { showCourse, showDossier, showReason } from './show-absence.js';

const employmentOf = (world: World, row: { readonly employmentId: string }) =>
  world.employments.get(row.employmentId);
const dayOf = (value: string, { timeZone }: World) => wallClock(instant(value), timeZone).date;
const wholeSecond = (ms: number) => Math.floor(ms / 1000) * 1000;

function endOf(row: CourseRow, world: World): string | undefined {
  return coursesOf(world, row.dossierId).find(({ dateStart }) => dateStart > row.dateStart)?.dateStart;
}

/** A course without an end matches no filter on its end. */
const ends = (row: CourseRow, world: World, fits: (end: string) => boolean) => {
  const end = endOf(row, world);
  return end !== undefined && fits(end);
};

export const COURSES: Listing<CourseRow> = {
  path: '/absence-course',
  rows: (world) => world.courses.values(),
  filters: {
    ...byId,
    ...byMigrationKey,
    dossierId: ({ dossierId }, value) => dossierId === value,
    dossierKey: ({ dossierId }, value, world) => world.dossiers.get(dossierId)?.externalKey === value,
    employeeId: (row, value, world) => employmentOf(world, row)?.employeeId === value,
    employmentId: ({ employmentId }, value) => employmentId === value,
    absenceReasonId: ({ absenceReasonId }, value) => absenceReasonId === value,
    employeeNumber: (row, value, world) => employmentOf(world, row)?.employeeNumber === value,
    dateStartFrom: ({ dateStart }, value, world) => dateStart >= dayOf(value, world),
    dateStartUntil: ({ dateStart }, value, world) => dateStart <= dayOf(value, world),
    dateEndFrom: (row, value, world) => ends(row, world, (end) => end >= dayOf(value, world)),
    dateEndUntil: (row, value, world) => ends(row, world, (end) => end <= dayOf(value, world)),
    dateUpdatedFrom: ({ updatedMs }, value) => wholeSecond(updatedMs) >= wholeSecond(instant(value)),
    dateUpdatedUntil: ({ updatedMs }, value) => wholeSecond(updatedMs) <= instant(value),
  },
  sorts: {
    dateStart: ({ dateStart }) => dateStart,
    externalKey: ({ externalKey }) => externalKey ?? '',
  },
  includes: ['dossier', 'dossier.nursingAddress', 'absenceReason'],
  show: showCourse,
};

export const DOSSIERS: Listing<DossierRow> = {
  path: '/dossier/illness',
  rows: (world) => [...world.dossiers.values()].filter(({ type }) => type === 'illness'),
  filters: {
    ...byId,
    ...byUpdate,
    dossierId: ({ id }, value) => id === value,
    employmentId: ({ employmentId }, value) => employmentId === value,
    employmentNumber: (row, value, world) => String(employmentOf(world, row)?.employmentNumber) === value,
    dateStart: ({ dateStart }, value) => dateStart === value,
    dateEnd: ({ dateEnd }, value) => dateEnd === value,
  },
  sorts: {
    dateStart: ({ dateStart }) => dateStart,
    externalKey: ({ externalKey }) => externalKey ?? '',
    dateUpdated: ({ updatedMs }) => new Date(updatedMs).toISOString(),
  },
  includes: ['absenceCourses', 'employment', 'nursingAddress'],
  show: showDossier,
};

export const REASONS: Listing<ReasonRow> = {
  path: '/absence-reason',
  rows: (world) => world.reasons.values(),
  filters: {
    ...byId,
    code: ({ code }, value) => code === value,
    // "Returns only primary absence reasons when true": false leaves all of them.
    isPrimary: ({ isPrimary }, value) => isPrimary || !isTrue(value),
  },
  sorts: {
    externalKey: ({ externalKey }) => externalKey ?? '',
    name: ({ name }) => name,
    code: ({ code }) => code ?? '',
  },
  includes: [],
  show: showReason,
};
