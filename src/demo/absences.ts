// A month of absences at the made-up school group, as the HR system would report them: new cases, partial and full
// recoveries, corrections, withdrawals, resends because a phone number changed, and things that go wrong.
import type { JsonObject } from '../connector.js';
import { plusDays } from '../domain/dates.js';
import type { PlainDate } from '../domain/people.js';
import type { Chance } from './chance.js';
import type { DemoEmployee } from './school-group.js';

export interface DemoMessage {
  readonly day: PlainDate;
  readonly record: JsonObject;
}

export interface Month {
  readonly firstDay: PlainDate;
  readonly days: number;
  /** Of a thousand employees, how many report sick on one day. */
  readonly reportsPerThousand: number;
}

/** Messages in the order in which the HR system makes them. */
export function createMonth(group: readonly DemoEmployee[], month: Month, chance: Chance): DemoMessage[] {
  const sickUntil = new Map<string, PlainDate>();
  const messages: DemoMessage[] = [];
  let cases = 0;
  for (let offset = 0; offset < month.days; offset += 1) {
    const day = plusDays(month.firstDay, offset);
    for (const person of group) {
      if (!chance.percent(month.reportsPerThousand / 10)) continue;
      if ((sickUntil.get(person.employee.id) ?? '') >= day) continue;
      cases += 1;
      const course = createCourse({ person, day, caseId: `Z${String(cases).padStart(5, '0')}` }, chance);
      sickUntil.set(person.employee.id, course.at(-1)?.day ?? day);
      messages.push(...course);
    }
  }
  const end = plusDays(month.firstDay, month.days);
  return messages.filter(({ day }) => day < end).sort((one, other) => one.day.localeCompare(other.day));
}

interface Case {
  readonly person: DemoEmployee;
  readonly day: PlainDate;
  readonly caseId: string;
}

function createCourse({ person, day, caseId }: Case, chance: Chance): DemoMessage[] {
  const report = {
    caseId,
    firstDay: day,
    reportDate: day,
    cause: '99',
    safetyNet: 'N',
    contacts: person.employment.contacts,
    actions: chance.percent(15) ? [{ action: '01' }] : undefined,
  };
  const full = { effectiveDate: day, sequence: '1', processing: '01', ended: 'N', percentage: '100.00' };
  const course: DemoMessage[] = [];
  const say = (on: PlainDate, absence: JsonObject, people: DemoEmployee = person) => {
    const { employer, employee, employment } = people;
    course.push({ day: on, record: { employer, employee, employment, absence: { ...report, ...absence } } });
  };
  const notes = chance.percent(10) ? { notes: [{ text: 'Belt zelf na het weekend.' }] } : {};
  say(day, { ...full, ...notes });
  const lasts = 1 + chance.below(chance.percent(20) ? 40 : 8);
  const last = plusDays(day, lasts);
  if (chance.percent(12)) say(plusDays(day, 1), { ...full, processing: '04' }, withNewPhone(person));
  if (chance.percent(6)) say(plusDays(day, 1), { ...full, ...notes });
  if (chance.percent(3)) {
    say(plusDays(day, 1), { ...full, sequence: '2', processing: '03' });
    return course;
  }
  let sequence = 1;
  const next = () => {
    sequence += 1;
    return String(sequence);
  };
  if (chance.percent(4)) {
    const firstDay = plusDays(day, -1);
    const dates = { firstDay, previousFirstDay: day, effectiveDate: firstDay, previousEffectiveDate: day };
    Object.assign(report, { firstDay });
    say(plusDays(day, 1), { ...full, ...dates, sequence: next(), processing: '05' });
  }
  if (lasts > 6 && chance.percent(40)) {
    const on = plusDays(day, 5);
    say(on, { ...full, effectiveDate: on, sequence: next(), processing: '02', percentage: '50.00' });
  }
  const recovery = { effectiveDate: last, recoveryDate: last, ended: 'J', percentage: '0.00' };
  say(last, { ...full, ...recovery, sequence: next(), processing: '02' });
  return course;
}

function withNewPhone(person: DemoEmployee): DemoEmployee {
  const communications = [{ kind: '07', value: '06 555 98765' }];
  return { ...person, employee: { ...person.employee, communications } };
}
