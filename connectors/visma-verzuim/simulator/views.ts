// What a test or the demo may look at: the rows as they are, with the keys of what they belong to, and the open cases.
import { coursesOf } from './lookup.js';
import type { CourseRow, DossierRow, EmployeeRow, EmploymentRow, World } from './rows.js';

export interface CourseView extends CourseRow {
  readonly employmentKey: string | null;
  readonly dossierKey: string | null;
}

export interface DossierView extends DossierRow {
  readonly employmentKey: string | null;
}

export interface OpenCase {
  readonly employmentKey: string | null;
  readonly dossierKey: string | null;
  /** First day of the dossier's first course. */
  readonly firstDay: string;
  readonly recoveryPercentage: number;
}

export interface Views {
  /** In order of their first day, then of their coming. */
  courses(): readonly CourseView[];
  dossiers(): readonly DossierView[];
  employees(): readonly EmployeeRow[];
  employments(): readonly EmploymentRow[];
  /** The now-state: of each dossier the course with the latest `dateStart` not after `today`, unless that is a recovery. */
  openCases(today: string): readonly OpenCase[];
}

export function createViews(world: World): Views {
  const employmentKey = (id: string) => world.employments.get(id)?.externalKey ?? null;
  return {
    courses: () =>
      [...world.courses.values()]
        .map((course) => ({
          ...course,
          employmentKey: employmentKey(course.employmentId),
          dossierKey: world.dossiers.get(course.dossierId)?.externalKey ?? null,
        }))
        .sort((one, other) => one.dateStart.localeCompare(other.dateStart)),
    dossiers: () =>
      [...world.dossiers.values()].map((dossier) => ({
        ...dossier,
        employmentKey: employmentKey(dossier.employmentId),
      })),
    employees: () => [...world.employees.values()],
    employments: () => [...world.employments.values()],
    openCases: (today) =>
      [...world.dossiers.values()].flatMap((dossier) => {
        const courses = coursesOf(world, dossier.id);
        const now = courses.findLast(({ dateStart }) => dateStart <= today);
        const [first] = courses;
        const closed = dossier.setByHand && dossier.dossierStatus === 'completed';
        if (!now || !first || now.recoveryPercentage === 100 || closed) return [];
        return [
          {
            employmentKey: employmentKey(dossier.employmentId),
            dossierKey: dossier.externalKey,
            firstDay: first.dateStart,
            recoveryPercentage: now.recoveryPercentage,
          },
        ];
      }),
  };
}
