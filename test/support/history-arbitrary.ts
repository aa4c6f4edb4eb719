// Histories of several absence cases at an honest source, and what can go wrong with their messages on the way.
import fc from 'fast-check';
import { plusDays } from '../../src/domain/dates.js';
import type { Observation } from '../../src/domain/observation.js';
import { newPeople, observe, present, type Report, STEPS, standing, type Truth } from './absence-source.js';

export interface Sent {
  readonly observation: Observation;
  /** Which case at the source, whatever its present id. */
  readonly course: number;
  /** The truth of that case when this was sent. */
  readonly truth: Truth;
}

export interface History {
  readonly sent: readonly Sent[];
  /** The truth of each reported case at the end. */
  readonly truths: readonly Truth[];
}

const STEP_NAMES = Object.keys(STEPS) as (keyof typeof STEPS)[];
type Play = readonly [course: number, name: keyof typeof STEPS | 'person' | 'resend', a: number, b: number];

const play: fc.Arbitrary<Play> = fc.tuple(
  fc.nat(3),
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...STEP_NAMES.filter((name) => name !== 'withdraw')) },
    { weight: 1, arbitrary: fc.constantFrom('recover', 'withdraw') },
    { weight: 2, arbitrary: fc.constantFrom('person', 'resend') },
  ),
  fc.nat(99),
  fc.nat(99),
);

/** `numbersEveryReport`: a change of personal data is a report with a number of its own, not the last one again. */
export const histories: fc.Arbitrary<History> = fc
  .record({ plays: fc.array(play, { maxLength: 24 }), numbersEveryReport: fc.boolean() })
  .map(({ plays, numbersEveryReport }) => {
    const last = new Map<number, Report>();
    const sent: Sent[] = [];
    for (const step of plays) {
      const report = next(last.get(step[0]), step, numbersEveryReport);
      if (report === null) continue;
      last.set(step[0], report);
      const message = { reference: `message ${sent.length}` };
      sent.push({ observation: { message, ...observe(report) }, course: step[0], truth: report.truth });
    }
    return { sent, truths: [...last.values()].map((report) => report.truth) };
  });

function next(
  last: Report | undefined,
  [course, name, a, b]: Play,
  numbersEveryReport: boolean,
): Report | null {
  if (!last) return standing(fresh(course, a, b), 'new');
  if (name === 'resend') return last;
  if (last.truth.withdrawn) return null;
  if (name === 'person') {
    const truth = newPeople(last.truth, a, b);
    return numbersEveryReport ? numbered(standing(truth, 'unchanged')) : { ...last, truth };
  }
  const report = STEPS[name](last.truth, a, b);
  return report && numbered(report);
}

function numbered(report: Report): Report {
  return { ...report, truth: { ...report.truth, number: report.truth.number + 1 } };
}

/** Two employees share four cases. */
function fresh(course: number, a: number, b: number): Truth {
  const firstDay = plusDays('2026-03-02', a);
  return {
    caseId: `case ${course}`,
    number: 1,
    firstDay,
    course: { [firstDay]: b % 5 === 0 ? '50.00' : '100.00' },
    recovery: null,
    withdrawn: false,
    people: {
      employer: { id: 'employer' },
      employee: { id: `employee ${course % 2}`, lastName: 'Visser' },
      employment: { id: `employment ${course % 2}` },
    },
    facts: {},
  };
}

/**
 * The history with messages that arrive again: after each message, earlier ones of any case, unchanged; or reports of a
 * lower number under a new message reference.
 */
export function withRepeats(sent: readonly Sent[]): fc.Arbitrary<Observation[]> {
  const again = fc.array(fc.tuple(fc.nat(999), fc.boolean()), { maxLength: 3 });
  return fc.array(again, { minLength: sent.length, maxLength: sent.length }).map((repeats) =>
    sent.flatMap((item, index) => {
      const repeated = (repeats[index] ?? []).map(([pick, isRenamed]) => {
        const chosen = sent[pick % (index + 1)] ?? item;
        return isRenamed && isOutrun(chosen, sent.slice(0, index + 1))
          ? { ...chosen.observation, message: { reference: `again ${index} ${pick}` } }
          : chosen.observation;
      });
      return [item.observation, ...repeated];
    }),
  );
}

/** Whether a report of the same case id with a higher number was sent. */
function isOutrun({ observation }: Sent, sent: readonly Sent[]): boolean {
  const { caseId, sequence = 0 } = observation.absence;
  return sent.some(
    (other) =>
      other.observation.absence.caseId === caseId && (other.observation.absence.sequence ?? 0) > sequence,
  );
}

/**
 * The messages without which nobody could know how a case stands: its last one, those that gave it or its employee
 * another id, and for an open case the one that last stated the present percentage and the one that made it the last.
 */
export function neededOf({ sent }: History): ReadonlySet<Sent> {
  const needed = new Set<Sent>();
  for (const course of new Set(sent.map((item) => item.course))) {
    const own = sent.filter((item) => item.course === course);
    const end = own.at(-1);
    if (!end) continue;
    needed.add(end);
    for (const item of own) {
      const { absence, employee } = item.observation;
      if (absence.previousCaseId !== undefined || employee.previousId !== undefined) needed.add(item);
    }
    if (end.truth.recovery !== null) continue;
    const last = lastEntry(end.truth);
    const stating = own.findLast(({ observation }) => observation.absence.percentages[0]?.from === last.from);
    const since = own.findLastIndex(({ truth }) => lastEntry(truth).from !== last.from) + 1;
    for (const item of [stating, own[since]]) if (item) needed.add(item);
  }
  return needed;
}

function lastEntry(truth: Truth) {
  return present({ ...truth, recovery: null });
}
