// Absence courses, dossiers and reasons as the API shows them. `dateEnd` of a course: the description says "the end date" and
// no more; here it is the day on which the next course of the dossier starts, null for the last one.
import type { JsonObject } from '../../../src/connector.js';
import { coursesOf, currentOrLastContract } from './lookup.js';
import type { Wants } from './relations.js';
import type { CourseRow, DossierRow, ReasonRow, World } from './rows.js';
import { COURSE, DOSSIER, DOSSIER_ADDRESS, REASON, ZWERD } from './shapes-people.js';
import { keptFields, showUnitAndEmployer } from './show-organization.js';
import { showEmployeeAndPerson, showEmploymentAlone } from './show-people.js';

/** `AbsenceCourseWithoutRelations` */
function courseAlone(world: World, row: CourseRow): JsonObject {
  const planted = world.planted.plant(COURSE);
  const next = coursesOf(world, row.dossierId).find(({ dateStart }) => dateStart > row.dateStart);
  const { dateReported, dateStart, recoveryPercentage, recoveryReason } = row;
  return {
    ...planted,
    ...keptFields(world, row),
    dateReported,
    dateStart,
    dateEnd: next?.dateStart ?? null,
    recoveryPercentage,
    recoveryReason,
    wageValue: row.wageValue ?? planted.wageValue,
    workedHours: row.workedHours ?? planted.workedHours,
    safetyNet: row.safetyNet ?? planted.safetyNet,
  };
}

/** A relation that was not asked for is null, where the schema has room for that; otherwise it is left out. */
export function showCourse(world: World, row: CourseRow, wants: Wants): JsonObject {
  const employment = world.employments.get(row.employmentId);
  const employee = employment && world.employees.get(employment.employeeId);
  const dossier = world.dossiers.get(row.dossierId);
  return {
    ...courseAlone(world, row),
    employeeExternalKey: employee?.externalKey ?? null,
    employmentExternalKey: employment?.externalKey ?? null,
    employmentId: row.employmentId,
    absenceReason: wants('absenceReason') ? reasonOf(world, row) : null,
    dossier: wants('dossier') && dossier ? dossierOf(world, dossier, wants('dossier.nursingAddress')) : null,
  };
}

export function showDossier(world: World, row: DossierRow, wants: Wants): JsonObject {
  const employment = world.employments.get(row.employmentId);
  const employee = employment && world.employees.get(employment.employeeId);
  return {
    ...showDossierAlone(world, row),
    zwerd: world.planted.plant(ZWERD),
    ...(wants('nursingAddress') && { nursingAddress: world.planted.plant(DOSSIER_ADDRESS) }),
    ...(wants('absenceCourses') && {
      absenceCourses: coursesOf(world, row.id).map((course) => courseAlone(world, course)),
    }),
    ...(wants('employment') &&
      employment && {
        employment: {
          ...showEmploymentAlone(world, employment),
          ...(employee && { employee: showEmployeeAndPerson(world, employee) }),
        },
      }),
  };
}

export function showReason(world: World, row: ReasonRow): JsonObject {
  const { dateCreated: _created, dateUpdated: _updated, ...kept } = keptFields(world, row);
  const { name, code, isPrimary } = row;
  return { ...world.planted.plant(REASON), ...kept, name, code, isPrimary };
}

/** `DossierWithoutRelations` */
export function showDossierAlone(world: World, row: DossierRow): JsonObject {
  const planted = world.planted.plant(DOSSIER);
  const { type, dateReported, dateStart, dateEnd, dossierStatus, pa, pva } = row;
  return {
    ...planted,
    ...keptFields(world, row),
    type,
    dateReported,
    dateStart,
    dateEnd,
    dossierStatus,
    pa,
    pva,
    protocol: row.protocol ?? planted.protocol,
    safetyNet: row.safetyNet ?? planted.safetyNet,
    accidentType: row.accidentType ?? planted.accidentType,
    expectedDurationDays: row.expectedDurationDays ?? planted.expectedDurationDays,
  };
}

/** `Dossier`, as it comes with a course. */
function dossierOf(world: World, row: DossierRow, nursed: boolean): JsonObject {
  const employment = world.employments.get(row.employmentId);
  const unitId = currentOrLastContract(world, row.employmentId)?.unitId;
  const unit = unitId === undefined ? undefined : world.units.get(unitId);
  return {
    ...showDossierAlone(world, row),
    ...(employment && { employment: showEmploymentAlone(world, employment) }),
    ...(unit && { organizationalUnit: showUnitAndEmployer(world, unit) }),
    ...(nursed && { nursingAddress: world.planted.plant(DOSSIER_ADDRESS) }),
  };
}

/** A course without a reason comes with a planted one, so that a client that asks for it must forget it. */
function reasonOf(world: World, row: CourseRow): JsonObject {
  const reason = row.absenceReasonId === null ? undefined : world.reasons.get(row.absenceReasonId);
  return reason ? showReason(world, reason) : world.planted.plant(REASON);
}
