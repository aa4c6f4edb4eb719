// What a receiver knows after a list of notifications, worked out from what the notifications mean and from nothing in
// src/ledger: the oracle of the compare tests. It refuses what an arbodienst could not make sense of.
import type { Notification } from '../../src/domain/notification.js';

type Facts = Readonly<Record<string, unknown>>;

export interface KnownCase {
  readonly caseId: string;
  readonly lastNumber: number;
  readonly firstDay: string;
  /** Percentage by the day from which it holds. */
  readonly course: Readonly<Record<string, string>>;
  readonly recovery: string | null;
  readonly withdrawn: boolean;
  readonly people: Pick<Notification, 'employer' | 'employee' | 'employment' | 'administrationOffice'>;
  /** Everything else that was stated of the absence. */
  readonly facts: Facts;
}

export interface Receiver {
  /** Throws when the notification makes no sense to this receiver. */
  tell(notification: Notification): void;
  cases(): KnownCase[];
  find(caseId: string): KnownCase | undefined;
}

/**
 * `lastNumber`: the number from which the receiver expects a case that it does not know to go on. With `any` a case that
 * is unknown or withdrawn may go on from any higher number than it had.
 */
export function makeReceiver(lastNumber: number | 'any' = 0): Receiver {
  const known = new Map<string, KnownCase>();
  return {
    tell(notification) {
      const { absence } = notification;
      const formerId = absence.previousCaseId;
      if (formerId !== undefined && notification.kind !== 'Correction') refuse('only a correction renumbers');
      const old = known.get(formerId ?? absence.caseId);
      if (formerId !== undefined && known.get(absence.caseId)?.withdrawn === false) {
        refuse('renumbered to a case that exists');
      }
      if (lastNumber === 'any' && (!old || old.withdrawn)) {
        if (absence.sequence <= (old?.lastNumber ?? 0)) refuse('a number that was used before');
      } else {
        const number = old?.lastNumber ?? Number(lastNumber);
        if (absence.sequence !== number + 1) refuse(`number ${absence.sequence} after ${number}`);
      }
      const next = { ...READERS[notification.kind](notification, old), lastNumber: absence.sequence };
      if (formerId !== undefined) known.delete(formerId);
      known.set(absence.caseId, next);
    },
    cases: () => [...known.values()],
    find: (caseId) => known.get(caseId),
  };
}

type Reader = (notification: Notification, old: KnownCase | undefined) => KnownCase;

const READERS: Readonly<Record<Notification['kind'], Reader>> = {
  SickReport(notification, old) {
    const { absence } = notification;
    if (old && !old.withdrawn) refuse('a sick report of a case that is known');
    if (absence.ended || absence.recoveryDate !== undefined) refuse('a sick report with a recovery');
    if (absence.effectiveDate !== absence.firstDay) refuse('a sick report from another day than the first');
    refuseFormerDays(notification);
    const blank = { caseId: absence.caseId, lastNumber: 0, facts: {}, withdrawn: false, recovery: null };
    const course = { [absence.firstDay]: absence.percentage };
    return { ...blank, firstDay: absence.firstDay, course, ...read(notification, undefined) };
  },
  AbsenceChange(notification, before) {
    const old = openCase(before);
    const { absence } = notification;
    refuseFormerDays(notification);
    refuseOtherDays(notification, old);
    if (absence.ended) refuse('a change that ends the absence');
    const last = days(old).at(-1) ?? '';
    if (absence.effectiveDate < last) refuse('a change before the last one');
    if (absence.effectiveDate === last && old.course[last] !== absence.percentage) {
      refuse('a change of what was told before');
    }
    const course = { ...old.course, [absence.effectiveDate]: absence.percentage };
    return { ...old, course, ...read(notification, old) };
  },
  Recovery(notification, before) {
    const old = openCase(before);
    refuseFormerDays(notification);
    refuseOtherDays(notification, old);
    return { ...old, ...ended(notification, old.course), ...read(notification, old) };
  },
  Correction(notification, before) {
    const old = someCase(before);
    const { absence } = notification;
    const { firstDay, previousFirstDay, previousEffectiveDate } = absence;
    if (firstDay !== old.firstDay && previousFirstDay !== old.firstDay) refuse('the first day moved unsaid');
    if (previousFirstDay !== undefined && previousFirstDay !== old.firstDay) refuse('an unknown first day');
    let course = moved(old, firstDay);
    if (previousEffectiveDate !== undefined && previousEffectiveDate !== old.recovery) {
      if (course[previousEffectiveDate] === undefined) refuse('an unknown day is corrected');
      const { [previousEffectiveDate]: wrong, ...rest } = course;
      course = rest;
    }
    if (absence.ended && old.recovery === null) refuse('a correction that ends an open case');
    const reading = absence.ended
      ? ended(notification, course)
      : { recovery: null, course: { ...course, [absence.effectiveDate]: absence.percentage } };
    if (absence.effectiveDate < firstDay) refuse('a percentage before the first day');
    return { ...old, caseId: absence.caseId, firstDay, ...reading, ...read(notification, old) };
  },
  Withdrawal(notification, before) {
    refuseOtherDays(notification, someCase(before));
    return { ...someCase(before), withdrawn: true };
  },
  EmployeeChange(notification, before) {
    const old = openCase(before);
    const { absence } = notification;
    refuseFormerDays(notification);
    refuseOtherDays(notification, old);
    const last = days(old).at(-1) ?? '';
    if (absence.ended || absence.effectiveDate !== last || absence.percentage !== old.course[last]) {
      refuse('a change of the employee that changes the absence');
    }
    const after = read(notification, old);
    const { contacts: contactsBefore, ...factsBefore } = old.facts;
    const { contacts, ...facts } = after.facts;
    if (JSON.stringify(sortedKeys(facts)) !== JSON.stringify(sortedKeys(factsBefore))) {
      refuse('a change of the employee that changes the absence');
    }
    return { ...old, ...after };
  },
};

/** The percentages that count, oldest first, each only where it changes something. */
export function meaning(course: Readonly<Record<string, string>>, recovery: string | null): string[] {
  const shown = Object.keys(course)
    .sort()
    .filter((day, index) => index === 0 || recovery === null || day < recovery);
  return shown
    .filter((day, index) => course[shown[index - 1] ?? ''] !== course[day])
    .map((day) => `${day} ${course[day]}`);
}

/** People and organisations are replaced by what is told; of the absence only what is stated. */
function read(notification: Notification, old: KnownCase | undefined): Pick<KnownCase, 'people' | 'facts'> {
  const { kind, absence, ...people } = notification;
  const { caseId, previousCaseId, sequence, firstDay, previousFirstDay, ...rest } = absence;
  const { effectiveDate, previousEffectiveDate, percentage, ended: isEnded, recoveryDate, ...facts } = rest;
  const { previousId, ...employee } = people.employee;
  if (old && employee.id !== old.people.employee.id && previousId !== old.people.employee.id) {
    refuse('another employee');
  }
  const { endReason, employerRecoveryDate, ...lasting } = old?.facts ?? {};
  const kept = isEnded && recoveryDate === old?.recovery ? (old?.facts ?? {}) : lasting;
  const { previousId: formerEmployment, previousPersonnelNumber, ...employment } = people.employment;
  return { people: { ...people, employee, employment }, facts: { ...kept, ...facts } };
}

function ended(
  { absence }: Notification,
  course: KnownCase['course'],
): Pick<KnownCase, 'recovery' | 'course'> {
  const { recoveryDate, effectiveDate, firstDay } = absence;
  if (!absence.ended || recoveryDate === undefined) return refuse('a recovery without its day');
  if (recoveryDate !== effectiveDate || absence.percentage !== '0.00')
    refuse('a recovery that contradicts itself');
  if (recoveryDate < firstDay) refuse('a recovery before the first day');
  const kept = Object.entries(course).filter(([day]) => day === firstDay || day < recoveryDate);
  return { recovery: recoveryDate, course: Object.fromEntries(kept) };
}

/** Later percentages stay; the one that held on the new first day, or else the first, holds from there. */
function moved(old: KnownCase, firstDay: string): KnownCase['course'] {
  if (firstDay === old.firstDay) return old.course;
  const held =
    days(old)
      .filter((day) => day <= firstDay)
      .at(-1) ?? old.firstDay;
  const later = days(old).filter((day) => day > firstDay && day !== old.firstDay);
  return Object.fromEntries([
    [firstDay, old.course[held] ?? ''],
    ...later.map((day) => [day, old.course[day]]),
  ]);
}

function days(known: KnownCase): string[] {
  return Object.keys(known.course).sort();
}

function someCase(old: KnownCase | undefined): KnownCase {
  if (!old) return refuse('an unknown case');
  return old.withdrawn ? refuse('a withdrawn case') : old;
}

function openCase(old: KnownCase | undefined): KnownCase {
  const known = someCase(old);
  return known.recovery === null ? known : refuse('a recovered case');
}

function refuseFormerDays({ absence }: Notification): void {
  if (absence.previousFirstDay ?? absence.previousEffectiveDate) refuse('only a correction replaces a day');
}

function refuseOtherDays({ absence }: Notification, old: KnownCase): void {
  if (absence.firstDay !== old.firstDay) refuse('the first day moved without a correction');
}

function sortedKeys(facts: Facts): unknown[] {
  return Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function refuse(reason: string): never {
  throw new Error(`the receiver refuses: ${reason}`);
}
