// An honest source of numbered reports: it keeps the truth of each absence case, and each step of a case makes it send
// one observation, the way a SIVI sender reports. Nothing here knows how observations are compared.
import { plusDays } from '../../src/domain/dates.js';
import type { Absence, Observation, PercentageFrom, Processing } from '../../src/domain/observation.js';

export interface Truth {
  readonly caseId: string;
  readonly number: number;
  readonly firstDay: string;
  /** Percentage by the day from which it holds. */
  readonly course: Readonly<Record<string, string>>;
  readonly recovery: string | null;
  readonly withdrawn: boolean;
  readonly people: Pick<Observation, 'employer' | 'employee' | 'employment'>;
  readonly facts: Partial<Absence>;
}

/** What a step does to the truth, and what is said of it beside the truth itself. */
export interface Report {
  readonly truth: Truth;
  readonly processing: Processing;
  /** What this report says of the percentage. */
  readonly entry: PercentageFrom;
  readonly said?: Partial<Absence>;
  readonly formerEmployeeId?: string;
}

export type StepOf = (truth: Truth, a: number, b: number) => Report | null;

const PERCENTAGES = ['100.00', '80.00', '50.00', '25.00'] as const;
const CAUSES = ['work-accident', 'traffic-accident', 'other'] as const;

export const STEPS = {
  /** A later percentage; also one that repeats the last. */
  change(truth, a, b) {
    if (truth.recovery !== null) return null;
    const entry = { from: plusDays(lastDay(truth), 1 + (a % 9)), percentage: pick(PERCENTAGES, b) };
    return { truth: withEntry(truth, entry), processing: 'changed', entry };
  },
  /** A percentage from a day that has been reported on before. */
  backdate(truth, a, b) {
    const entry = { from: plusDays(truth.firstDay, a % 20), percentage: pick(PERCENTAGES, b) };
    if (truth.recovery !== null && entry.from >= truth.recovery) return null;
    const processing = truth.recovery === null && b % 3 === 0 ? 'changed' : 'corrected';
    return { truth: withEntry(truth, entry), processing, entry };
  },
  /** A percentage turns out to hold from another day. */
  redate(truth, a, b) {
    const wrong = pick(shownDays(truth), a);
    const entry = { from: plusDays(truth.firstDay, 1 + (b % 20)), percentage: percentageAt(truth, wrong) };
    if (entry.from === wrong || (truth.recovery !== null && entry.from >= truth.recovery)) return null;
    const { [wrong]: gone, ...rest } = truth.course;
    const first = wrong === truth.firstDay ? { [wrong]: '100.00' } : {};
    const said = { previousEffectiveDate: wrong };
    return {
      truth: withEntry({ ...truth, course: { ...rest, ...first } }, entry),
      processing: 'corrected',
      entry,
      said,
    };
  },
  firstDay(truth, a) {
    const firstDay = plusDays(truth.firstDay, pick([-5, -2, -1, 1, 2, 5, 9], a));
    if (truth.recovery !== null && firstDay > truth.recovery) return null;
    const held =
      days(truth)
        .filter((day) => day <= firstDay)
        .at(-1) ?? truth.firstDay;
    const later = days(truth).filter((day) => day > firstDay && day !== truth.firstDay);
    const entries = [[firstDay, percentageAt(truth, held)], ...later.map((day) => [day, truth.course[day]])];
    const after = { ...truth, firstDay, course: Object.fromEntries(entries) };
    const entry =
      truth.recovery === null ? { from: firstDay, percentage: percentageAt(truth, held) } : present(after);
    return { truth: after, processing: 'corrected', entry, said: { previousFirstDay: truth.firstDay } };
  },
  recover(truth, a, b) {
    if (truth.recovery !== null) return null;
    const recovery = b % 4 === 0 ? plusDays(truth.firstDay, a % 15) : plusDays(lastDay(truth), a % 15);
    return standing({ ...truth, recovery }, 'changed');
  },
  correctRecovery(truth, a) {
    if (truth.recovery === null) return null;
    const recovery = plusDays(truth.firstDay, a % 30);
    const { endReason, ...facts } = truth.facts;
    return standing(
      { ...truth, recovery, facts: recovery === truth.recovery ? truth.facts : facts },
      'corrected',
    );
  },
  reopen(truth, a, b) {
    if (truth.recovery === null) return null;
    const { endReason, ...facts } = truth.facts;
    const open = { ...truth, recovery: null, facts };
    if (a % 2 === 0) return standing(open, 'corrected');
    const entry = { from: truth.recovery, percentage: pick(PERCENTAGES, b) };
    return { truth: withEntry(open, entry), processing: 'corrected', entry };
  },
  withdraw: (truth) => standing({ ...truth, withdrawn: true }, 'removed'),
  renumber(truth, a, b) {
    const number = b % 2 === 0 ? truth.number : 0;
    const after = { ...truth, caseId: `${truth.caseId}/${a}`, number };
    return { ...standing(after, 'corrected'), said: { previousCaseId: truth.caseId } };
  },
  fact(truth, a, b) {
    const report = standing({ ...truth, facts: { ...truth.facts, ...factOf(truth, a, b) } }, 'changed');
    return b % 2 === 0 ? { ...report, processing: 'corrected' } : report;
  },
  /** Something else is reported together with a later day on which the percentage stays as it is. */
  factLater(truth, a, b) {
    if (truth.recovery !== null) return null;
    const entry = { from: plusDays(lastDay(truth), 1 + (a % 5)), percentage: present(truth).percentage };
    const facts = { ...truth.facts, ...factOf(truth, a, b) };
    return { truth: withEntry({ ...truth, facts }, entry), processing: 'changed', entry };
  },
  renumberEmployee(truth, a) {
    const { employee } = truth.people;
    const people = { ...truth.people, employee: { ...employee, id: `${employee.id}/${a}` } };
    return { ...standing({ ...truth, people }, 'changed'), formerEmployeeId: employee.id };
  },
} as const satisfies Record<string, StepOf>;

/** The case as it now stands. */
export function standing(truth: Truth, processing: Processing): Report {
  return { truth, processing, entry: present(truth) };
}

export function present(truth: Truth): PercentageFrom {
  if (truth.recovery !== null) return { from: truth.recovery, percentage: '0.00' };
  return { from: lastDay(truth), percentage: percentageAt(truth, lastDay(truth)) };
}

export function observe({ truth, processing, entry, said, formerEmployeeId }: Report): Observation {
  const { employer, employee, employment } = truth.people;
  return {
    employer,
    employee: formerEmployeeId === undefined ? employee : { ...employee, previousId: formerEmployeeId },
    employment,
    absence: {
      ...truth.facts,
      caseId: truth.caseId,
      sequence: truth.number,
      processing,
      withdrawn: truth.withdrawn,
      firstDay: truth.firstDay,
      effectiveDate: entry.from,
      percentages: [entry],
      ended: truth.recovery !== null,
      ...(truth.recovery !== null && { recoveryDate: truth.recovery }),
      ...said,
    },
  };
}

export function newPeople(truth: Truth, a: number, b: number): Truth {
  const { employer, employee, employment } = truth.people;
  const communications = [{ kind: 'phone', value: `06${b % 3}` }];
  const people = [
    { employer, employee: { ...employee, communications }, employment },
    { employer, employee, employment: { ...employment, unitCode: `U${b % 3}` } },
    { employer: { ...employer, name: `Stichting ${b % 2}` }, employee, employment },
  ] as const;
  const contacts = [{ lastName: `Contact ${b % 3}`, role: 'manager' }];
  return a % 4 === 3
    ? { ...truth, facts: { ...truth.facts, contacts } }
    : { ...truth, people: pick(people, a % 4) };
}

function factOf(truth: Truth, a: number, b: number): Partial<Absence> {
  if (truth.recovery !== null) return { endReason: pick(['recovered', 'retired'], b) };
  const expectedRecovery = plusDays(truth.firstDay, 30 + (b % 5));
  return pick<Partial<Absence>>(
    [
      { expectedRecovery },
      { cause: pick(CAUSES, b) },
      { safetyNet: b % 2 === 0 ? 'yes' : 'no' },
      { reportDate: plusDays(truth.firstDay, b % 2) },
      { actions: [{ action: pick(['call', 'visit'], b) }] },
    ],
    a,
  );
}

export function pick<T>(choices: readonly T[], index: number): T {
  const choice = choices[index % choices.length];
  if (choice === undefined) throw new Error('nothing to pick from');
  return choice;
}

function withEntry(truth: Truth, { from, percentage }: PercentageFrom): Truth {
  return { ...truth, course: { ...truth.course, [from]: percentage } };
}

function days(truth: Truth): string[] {
  return Object.keys(truth.course).sort();
}

function shownDays(truth: Truth): string[] {
  return days(truth).filter(
    (day) => day === truth.firstDay || truth.recovery === null || day < truth.recovery,
  );
}

function lastDay(truth: Truth): string {
  return days(truth).at(-1) ?? truth.firstDay;
}

function percentageAt(truth: Truth, day: string): string {
  return truth.course[day] ?? '100.00';
}
