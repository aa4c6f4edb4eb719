// What holds for every history that the ledger can tell: told one by one, with deliveries that break off anywhere and come
// again, the courses of a case are those of the ledger.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coursesOf } from '../../connectors/visma-verzuim/courses.js';
import { readPayload, type Told } from '../../connectors/visma-verzuim/payload.js';
import { planCourses } from '../../connectors/visma-verzuim/plan.js';
import { render } from '../../connectors/visma-verzuim/render.js';
import type { JsonObject } from '../../src/connector.js';
import type { Notification } from '../../src/domain/notification.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { verzuimMapping } from '../mappings/verzuim.js';
import { histories } from '../support/history-arbitrary.js';
import { run } from '../support/ledger-run.js';
import { type VerzuimModel, verzuimModel } from '../support/verzuim-model.js';

const SETTINGS = {
  employmentKey: 'employment.id',
  employerKey: 'none',
  createMissing: false,
  rounding: 'hold',
  recoveryStarts: 'first-recovered-day',
  employeeChanges: 'leave',
} as const;

const mapping = verzuimMapping();

function toldBy({ employee, absence, ...rest }: Notification): Told {
  // The words that the histories have for these are none of the code tables.
  const { communications, ...known } = employee;
  const { safetyNet, ...plain } = absence;
  const mapped = mapping.apply({ ...rest, employee: known, absence: plain } as unknown as JsonObject);
  if (!mapped.ok) throw new Error(JSON.stringify(mapped.problems));
  const rendered = render(mapped.output, SETTINGS);
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return readPayload(rendered.payload.body);
}

/** Delivers in attempts, each of which breaks off after some calls; the last goes through. False when it is held. */
function deliver(told: Told, model: VerzuimModel, breaks: readonly number[]): boolean {
  for (const calls of [...breaks, Number.POSITIVE_INFINITY]) {
    const plan = planCourses(told, model.courses());
    if (!plan.ok) {
      expect(plan.hold).toBe('first-course-lost');
      return false;
    }
    for (const step of plan.steps.slice(0, calls)) model.take(step);
  }
  expect(planCourses(told, model.courses())).toMatchObject({ ok: true, steps: [] });
  return true;
}

/** Day and recovery of each course, as the ledger says that the receiver was told. */
function toldCourse({ percentages, absence, withdrawn }: CaseState): string[] {
  if (withdrawn) return [];
  const { recoveryDate } = absence;
  const before = percentages.filter(({ from }) => recoveryDate === undefined || from < recoveryDate);
  const courses = before.map(({ from, percentage }) => `${from} ${100 - Number(percentage)}`);
  return recoveryDate === undefined ? courses : [...courses, `${recoveryDate} 100`];
}

function heldCourse(told: Told, model: VerzuimModel): string[] {
  return coursesOf(model.courses(), told).map(({ day, recovery }) => `${day} ${recovery}`);
}

const attempts = fc.array(fc.nat(3), { maxLength: 3 });

describe('the courses of a case', () => {
  it('are those that the ledger told, however often a delivery broke off', () => {
    const seen = { compared: 0, held: 0 };
    fc.assert(
      fc.property(histories, fc.infiniteStream(attempts), ({ sent }, breaks) => {
        const models = new Map<number, VerzuimModel>();
        const stopped = new Set<number>();
        const { results } = run(sent.map(({ observation }) => observation));
        for (const [index, { result }] of results.entries()) {
          const number = sent[index]?.course ?? -1;
          if (result.outcome !== 'told' || stopped.has(number)) continue;
          // Cases of their own employment: what the receiver does with two of one is not the plan's to decide.
          const model = models.get(number) ?? verzuimModel();
          models.set(number, model);
          const told = result.notifications.map(toldBy);
          const isDone = told.every((one) => deliver(one, model, breaks.next().value));
          if (!isDone) stopped.add(number);
          seen[isDone ? 'compared' : 'held'] += 1;
          const last = told.at(-1);
          if (isDone && last) expect(heldCourse(last, model)).toEqual(toldCourse(result.next));
          // All that is left of it has a key of the case.
          if (isDone && last) expect(model.courses()).toHaveLength(coursesOf(model.courses(), last).length);
        }
      }),
      { numRuns: 400 },
    );
    expect(seen.compared).toBeGreaterThan(800);
    // A case that ended on its first day and goes on after all: rare, and told to a person.
    expect(seen.held).toBeLessThan(seen.compared / 20);
  });
});
