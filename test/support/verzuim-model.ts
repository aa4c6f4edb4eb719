// A small receiver of the kind of Visma Verzuim, for the tests of the plans: courses of one employment, at most one a day,
// keys that are never used twice. It knows nothing of how plans are made.
import type { HeldCourse, HeldDossier } from '../../connectors/visma-verzuim/courses.js';
import type { CourseStep } from '../../connectors/visma-verzuim/plan.js';

export interface VerzuimModel {
  courses(): readonly HeldCourse[];
  /** Throws when such a receiver would refuse it. */
  take(step: CourseStep): void;
}

export const DOSSIER: HeldDossier = {
  id: 'dossier',
  key: null,
  firstDay: '2026-03-02',
  dateReported: null,
  open: true,
  completed: false,
  expectedDurationDays: null,
};

export function course(day: string, recovery: number, key: string | null, parts: Partial<HeldCourse> = {}) {
  return { id: `id of ${key ?? day}`, key, day, recovery, dossier: DOSSIER, ...parts };
}

export function verzuimModel(begin: readonly HeldCourse[] = []): VerzuimModel {
  let held = begin;
  const used = new Set<string>();
  const require = (isFit: boolean, reason: string) => {
    if (!isFit) throw new Error(`the receiver refuses: ${reason}`);
  };
  const take: VerzuimModel['take'] = (step) => {
    if (step.call === 'post') {
      require(!used.has(step.key), `the key ${step.key} was used before`);
      used.add(step.key);
      held = [...held, course(step.course.day, step.course.recovery, step.key)];
    } else {
      const found = held.find(({ id }) => id === step.id);
      require(found !== undefined, 'there is no such course');
      const others = held.filter(({ id }) => id !== step.id);
      held = step.call === 'delete' || !found ? others : [...others, changed(found, step.change)];
    }
    const days = held.map(({ day }) => day);
    require(new Set(days).size === days.length, 'two courses on one day');
  };
  return { courses: () => held, take };
}

function changed(held: HeldCourse, change: Extract<CourseStep, { call: 'patch' }>['change']): HeldCourse {
  const { externalKey, dateStart, recoveryPercentage } = change;
  return {
    ...held,
    key: externalKey ?? held.key,
    day: dateStart ?? held.day,
    recovery: recoveryPercentage ?? held.recovery,
  };
}
