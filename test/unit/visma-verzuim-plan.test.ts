// Which calls a notification becomes, per kind and per state of the receiver; and that a delivery that breaks off after
// any of them ends the same when it comes again.
import { describe, expect, it } from '@jest/globals';
import { coursesOf, type HeldCourse } from '../../connectors/visma-verzuim/courses.js';
import { type CourseStep, type Planned, planCourses } from '../../connectors/visma-verzuim/plan.js';
import { course, DOSSIER, verzuimModel } from '../support/verzuim-model.js';

const TOLD: Planned = {
  kind: 'SickReport',
  caseKey: 'W:C',
  sequence: 9,
  firstDay: '2026-03-02',
  moved: false,
  ended: false,
  day: '2026-03-02',
  recovery: 0,
};
const recovery = { kind: 'Recovery', ended: true, recovery: 100, recoveryReason: 'recovered' } as const;

/** "02 0 W:C/1": day of March, recovery and key of each course. */
const held = (...texts: readonly string[]): readonly HeldCourse[] =>
  texts.map((text) => {
    const [day = '', percentage = '', key = ''] = text.split(' ');
    return course(`2026-03-${day}`, Number(percentage), key === '-' ? null : key);
  });

const shown = (step: CourseStep): string => {
  if (step.call === 'post') {
    return `post ${step.course.day.slice(8)} ${step.course.recovery} ${step.key}${step.first ? ' first' : ''}`;
  }
  return step.call === 'delete' ? `delete ${step.id}` : `patch ${step.id} ${JSON.stringify(step.change)}`;
};

interface Row {
  readonly name: string;
  readonly holds: readonly HeldCourse[];
  readonly told: Partial<Planned>;
  readonly calls: readonly string[];
}

const A = held('02 0 W:C/1');
const AB = held('02 0 W:C/1', '09 50 W:C/2');
const ENDED = held('02 0 W:C/1', '16 100 W:C/2');
const SHORT = held('02 100 W:C/1');

const ROWS: readonly Row[] = [
  {
    name: 'a sick report of a case that is not there is posted as the first course of a dossier',
    holds: [],
    told: {},
    calls: ['post 02 0 W:C/9 first'],
  },
  {
    name: 'a sick report that is there already needs nothing',
    holds: A,
    told: {},
    calls: [],
  },
  {
    name: 'a case that is told anew keeps its first course and loses the rest, newest first',
    holds: held('02 0 W:C/1', '09 50 W:C/2', '16 100 W:C/3'),
    told: { recovery: 20 },
    calls: ['delete id of W:C/3', 'delete id of W:C/2', 'patch id of W:C/1 {"recoveryPercentage":20}'],
  },
  {
    name: 'a case that is told anew from another day keeps a course throughout',
    holds: AB,
    told: { firstDay: '2026-03-04', day: '2026-03-04' },
    calls: ['delete id of W:C/2', 'patch id of W:C/1 {"dateStart":"2026-03-04"}'],
  },
  {
    name: 'a later percentage is posted',
    holds: A,
    told: { kind: 'AbsenceChange', day: '2026-03-09', recovery: 50 },
    calls: ['post 09 50 W:C/9'],
  },
  {
    name: 'another percentage on a day that has a course changes that course',
    holds: AB,
    told: { kind: 'AbsenceChange', day: '2026-03-09', recovery: 80 },
    calls: ['patch id of W:C/2 {"recoveryPercentage":80}'],
  },
  {
    name: 'a recovery is posted as fully recovered',
    holds: A,
    told: { ...recovery, day: '2026-03-16' },
    calls: ['post 16 100 W:C/9'],
  },
  {
    name: 'a recovery before later percentages takes these away first',
    holds: held('02 0 W:C/1', '09 50 W:C/2', '20 80 W:C/3'),
    told: { ...recovery, day: '2026-03-12' },
    calls: ['delete id of W:C/3', 'post 12 100 W:C/9'],
  },
  {
    name: 'a recovery on the day of a percentage changes that course',
    holds: AB,
    told: { ...recovery, day: '2026-03-09' },
    calls: ['patch id of W:C/2 {"recoveryPercentage":100,"recoveryReason":"recovered"}'],
  },
  {
    name: 'a correction moves the wrong course to its day',
    holds: AB,
    told: { kind: 'Correction', day: '2026-03-10', recovery: 50, wrongDay: '2026-03-09' },
    calls: ['patch id of W:C/2 {"dateStart":"2026-03-10"}'],
  },
  {
    name: 'a correction to a day that has a course removes the wrong one',
    holds: held('02 0 W:C/1', '09 50 W:C/2', '12 80 W:C/3'),
    told: { kind: 'Correction', day: '2026-03-12', recovery: 50, wrongDay: '2026-03-09' },
    calls: ['patch id of W:C/3 {"recoveryPercentage":50}', 'delete id of W:C/2'],
  },
  {
    name: 'an earlier first day takes the first course along',
    holds: AB,
    told: { kind: 'Correction', firstDay: '2026-03-01', moved: true, day: '2026-03-09', recovery: 50 },
    calls: ['patch id of W:C/1 {"dateStart":"2026-03-01"}'],
  },
  {
    name: 'an earlier first day keeps its percentage when the former first day gets another',
    holds: held('02 30 W:C/1'),
    told: { kind: 'Correction', firstDay: '2026-03-01', moved: true, day: '2026-03-02', recovery: 50 },
    calls: ['patch id of W:C/1 {"dateStart":"2026-03-01"}', 'post 02 50 W:C/9'],
  },
  {
    name: 'a later first day begins with what held on it, and what came before goes last',
    holds: held('02 0 W:C/1', '05 30 W:C/2', '12 80 W:C/3'),
    told: { kind: 'Correction', firstDay: '2026-03-08', moved: true, day: '2026-03-12', recovery: 80 },
    calls: ['patch id of W:C/2 {"dateStart":"2026-03-08"}', 'delete id of W:C/1'],
  },
  {
    name: 'a case that is opened again on the day of its recovery changes that course',
    holds: ENDED,
    told: { kind: 'Correction', day: '2026-03-16', recovery: 50 },
    calls: ['patch id of W:C/2 {"recoveryPercentage":50,"recoveryReason":null}'],
  },
  {
    name: 'a case that is opened again loses its recovery',
    holds: ENDED,
    told: { kind: 'Correction', day: '2026-03-02', recovery: 0 },
    calls: ['delete id of W:C/2'],
  },
  {
    name: 'a case that is opened again with a percentage of another day loses its recovery first',
    holds: ENDED,
    told: { kind: 'Correction', day: '2026-03-20', recovery: 50 },
    calls: ['delete id of W:C/2', 'post 20 50 W:C/9'],
  },
  {
    name: 'another day of recovery moves the course',
    holds: ENDED,
    told: { ...recovery, kind: 'Correction', day: '2026-03-14' },
    calls: ['patch id of W:C/2 {"dateStart":"2026-03-14"}'],
  },
  {
    name: 'another day of recovery with an earlier first day moves both courses',
    holds: ENDED,
    told: { ...recovery, kind: 'Correction', firstDay: '2026-03-01', moved: true, day: '2026-03-14' },
    calls: ['patch id of W:C/1 {"dateStart":"2026-03-01"}', 'patch id of W:C/2 {"dateStart":"2026-03-14"}'],
  },
  {
    name: 'a recovery on the first day is all that is left of the case',
    holds: AB,
    told: { ...recovery, day: '2026-03-02' },
    calls: [
      'delete id of W:C/2',
      'patch id of W:C/1 {"recoveryPercentage":100,"recoveryReason":"recovered"}',
    ],
  },
  {
    name: 'a case that ended on its first day is opened on it',
    holds: SHORT,
    told: { kind: 'Correction', day: '2026-03-02', recovery: 0 },
    calls: ['patch id of W:C/1 {"recoveryPercentage":0,"recoveryReason":null}'],
  },
  {
    name: 'a withdrawal removes all courses of the case, newest first',
    holds: ENDED,
    told: { kind: 'Withdrawal' },
    calls: ['delete id of W:C/2', 'delete id of W:C/1'],
  },
  {
    name: 'a withdrawal of what is not there needs nothing',
    holds: [],
    told: { kind: 'Withdrawal' },
    calls: [],
  },
  {
    name: 'changed data of the employee leave the courses alone',
    holds: AB,
    told: { kind: 'EmployeeChange' },
    calls: [],
  },
  {
    name: 'courses of a renumbered case get the new key',
    holds: AB,
    told: { kind: 'Correction', caseKey: 'W:D', previousCaseKey: 'W:C', day: '2026-03-09', recovery: 50 },
    calls: ['patch id of W:C/1 {"externalKey":"W:D/1"}', 'patch id of W:C/2 {"externalKey":"W:D/2"}'],
  },
  {
    name: 'courses of other cases, of cases whose number begins alike, and of nobody are left alone',
    holds: held('02 0 W:C/1', '05 0 W:CC/2', '06 0 W:C/1/2', '07 0 W:C', '08 100 -', '09 100 W:C/x'),
    told: { kind: 'Withdrawal' },
    calls: ['delete id of W:C/1'],
  },
];

describe('the calls of a notification', () => {
  it.each(ROWS)('$name', ({ holds, told, calls }) => {
    const plan = planCourses({ ...TOLD, ...told }, holds);
    expect(plan.ok && plan.steps.map(shown)).toEqual(calls);
  });

  it.each(ROWS)('$name: also when it breaks off after any call', ({ holds, told }) => {
    const full = { ...TOLD, ...told };
    const plan = planCourses(full, holds);
    const steps = plan.ok ? plan.steps : [];
    const ends = steps.map((_, count) => {
      const model = verzuimModel(holds);
      for (const step of steps.slice(0, count)) model.take(step);
      const again = planCourses(full, model.courses());
      for (const step of again.ok ? again.steps : []) model.take(step);
      return coursesOf(model.courses(), full).map((one) => `${one.day} ${one.recovery}`);
    });
    const wanted = plan.ok ? plan.wanted.map(({ day, recovery: share }) => `${day} ${share}`) : [];
    expect(ends).toEqual(steps.map(() => wanted));
  });

  it.each([
    ['a change', { kind: 'AbsenceChange', day: '2026-03-09' }],
    ['a recovery', { ...recovery, day: '2026-03-09' }],
    ['a correction', { kind: 'Correction' }],
  ] as const)('%s of a case of which nothing is there is for a person', (_, told) => {
    const foreign = held('02 0 -', '02 0 W:X/1').slice(0, 1);
    expect(planCourses({ ...TOLD, ...told }, foreign)).toEqual({ ok: false, hold: 'unknown-case' });
  });

  it.each([
    ['is opened with a later percentage', { kind: 'Correction', day: '2026-03-09', recovery: 50 }],
    ['has another day of recovery', { ...recovery, kind: 'Correction', day: '2026-03-09' }],
    [
      'began earlier',
      { ...recovery, kind: 'Correction', day: '2026-03-02', firstDay: '2026-03-01', moved: true },
    ],
  ] as const)('a case that ended on its first day and %s is for a person', (_, told) => {
    expect(planCourses({ ...TOLD, ...told }, SHORT)).toEqual({ ok: false, hold: 'first-course-lost' });
  });

  it('a case that holds its courses in the dossier of an earlier absence is changed all the same', () => {
    const joined = A.map((one) => ({ ...one, dossier: { ...DOSSIER, key: 'W:B' } }));
    const plan = planCourses({ ...TOLD, kind: 'AbsenceChange', day: '2026-03-09', recovery: 50 }, joined);
    expect(plan.ok && plan.steps.map(shown)).toEqual(['post 09 50 W:C/9']);
  });
});
