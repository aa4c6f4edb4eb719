// From the out-mapping's record to what is delivered: pure, and with no more of the record than the calls of this very
// notification need.
import type { JsonObject, Problem, Rendered } from '../../src/connector.js';
import { caseKeyOf } from './case-key.js';
import { LONGEST_CASE_KEY } from './courses.js';
import { dayBefore, daysBetween } from './days.js';
import { KINDS, type Told, writePayload } from './payload.js';
import { hasNursingAddress, type PeopleRead, peopleOf } from './people.js';
import { recoveryOf } from './percentage.js';
import { textAt, textsAt } from './record.js';
import type { Settings } from './settings.js';

export type RenderSettings = Pick<
  Settings,
  'employmentKey' | 'employerKey' | 'createMissing' | 'rounding' | 'recoveryStarts' | 'employeeChanges'
>;

/** Everything that one record has to say, or what is wrong with it. */
interface Reading {
  readonly record: JsonObject;
  readonly settings: RenderSettings;
  readonly problems: Problem[];
  readonly notices: Problem[];
}

/** What goes with the first course of a case and is never changed after it. */
const FIRST_FIELDS = 'safetyNet accidentType absenceReasonCode';
/** Of the grounds of the safety net only these name none (notes, section 3.3); "omit" is what the mapping writes for none. */
const SAFETY_NETS = ['not-specified', 'unknown'];
const OMIT = 'omit';

/** `RecoveryReasonEnumOptions`, without the two that go with less than 100. */
const RECOVERY_REASONS =
  'recovered ill-out-of-service end-wait-period start-aow passed-away start-pregnancy-leave'.split(' ');

export function render(record: JsonObject, settings: RenderSettings): Rendered {
  const reading: Reading = { record, settings, problems: [], notices: [] };
  const told = read(reading);
  const { problems, notices } = reading;
  if (!told || problems.length > 0) return { ok: false, problems };
  const payload = { contentType: 'application/json', body: writePayload(told) };
  return notices.length > 0 ? { ok: true, payload, notices } : { ok: true, payload };
}

function read(reading: Reading): Told | null {
  const { record, settings } = reading;
  const kind = KINDS.find((known) => known === textAt(record, 'kind'));
  const [firstDay, effective] = [need(reading, 'absence.firstDay'), need(reading, 'absence.effectiveDate')];
  const keys = readKeys(reading);
  if (!kind) reading.problems.push({ code: 'MAPPING_MISSING_FIELD', path: 'kind' });
  if (!kind || !firstDay || !effective || !keys) return null;
  const ended = textAt(record, 'absence.ended') === 'J';
  const formerFirst = textAt(record, 'absence.previousFirstDay');
  const wrongDay = textAt(record, 'absence.previousEffectiveDate');
  const people = peopleFor(kind, ended, reading);
  return {
    kind,
    ...keys,
    firstDay,
    moved: formerFirst !== undefined && formerFirst !== firstDay,
    ended,
    day: ended ? recoveryDay(firstDay, effective, settings) : effective,
    recovery: readRecovery(kind, ended, reading),
    ...(kind === 'Correction' && !ended && wrongDay !== undefined && { wrongDay }),
    ...readFacts(kind, ended, reading),
    ...(people && { people: people.people }),
  };
}

function need({ record, problems }: Reading, path: string): string | undefined {
  const text = textAt(record, path);
  if (text === undefined) problems.push({ code: 'MAPPING_MISSING_FIELD', path });
  return text;
}

/** Only the chosen key of the employment goes on. */
function readKeys(reading: Reading) {
  const { record, settings, problems } = reading;
  const employmentKey = need(reading, settings.employmentKey);
  const [employerId, caseId] = [need(reading, 'employer.id'), need(reading, 'absence.caseId')];
  const sequence = need(reading, 'absence.sequence');
  if (!employmentKey || !employerId || !caseId || !sequence) return null;
  const former = textAt(record, 'absence.previousCaseId');
  const keys = {
    caseKey: caseKeyOf({ employerId, caseId }),
    ...(former !== undefined && { previousCaseKey: caseKeyOf({ employerId, caseId: former }) }),
  };
  for (const key of Object.values(keys)) {
    if (key.length <= LONGEST_CASE_KEY) continue;
    const detail = 'With the employer it makes a key that is too long for the receiver.';
    problems.push({ code: 'TARGET_CANNOT_CARRY', path: 'absence.caseId', detail });
  }
  const within = settings.employerKey === 'employer.id' ? { employerKey: employerId } : {};
  return { ...keys, ...within, employmentKey, sequence: Number(sequence) };
}

/** With `last-sick-day` an absence of one day has its recovery on its first day. */
function recoveryDay(firstDay: string, recovered: string, { recoveryStarts }: RenderSettings): string {
  if (recoveryStarts === 'first-recovered-day' || recovered <= firstDay) return recovered;
  return dayBefore(recovered);
}

/** 0 for the kinds that tell no course. */
function readRecovery(kind: Told['kind'], ended: boolean, reading: Reading): number {
  if (kind === 'Withdrawal' || kind === 'EmployeeChange') return 0;
  if (ended) return 100;
  const path = 'absence.percentage';
  const absence = need(reading, path);
  if (absence === undefined) return 0;
  const read = recoveryOf(absence, reading.settings.rounding);
  const cannotCarry = (detail: string) => {
    reading.problems.push({ code: 'TARGET_CANNOT_CARRY', path, detail });
    return 0;
  };
  if (!read.ok) return cannotCarry(read.reason);
  if (read.recovery === 100)
    return cannotCarry('The absence goes on, and the receiver takes 0 for recovered.');
  if (read.rounded) {
    reading.notices.push({ code: 'MAPPING_ROUNDED', path, detail: 'To the nearest whole percentage.' });
  }
  return read.recovery;
}

function readFacts(kind: Told['kind'], ended: boolean, reading: Reading): Partial<Told> {
  const { record } = reading;
  if (kind === 'Withdrawal' || kind === 'EmployeeChange') return {};
  if (ended) {
    const dateReported = textAt(record, 'absence.employerRecoveryDate');
    const recoveryReason = readReason(reading);
    return { ...(dateReported && { dateReported }), ...(recoveryReason && { recoveryReason }) };
  }
  const dateReported = kind === 'AbsenceChange' ? undefined : textAt(record, 'absence.reportDate');
  const [firstDay, expected] = [
    textAt(record, 'absence.firstDay'),
    textAt(record, 'absence.expectedRecovery'),
  ];
  const days = firstDay && expected ? daysBetween(firstDay, expected) : -1;
  return {
    ...(dateReported && { dateReported }),
    ...(days >= 0 && { expectedDurationDays: days }),
    ...(kind === 'SickReport' && readFirst(reading)),
  };
}

function readReason({ record, problems }: Reading): string | undefined {
  const reason = textAt(record, 'absence.recoveryReason');
  if (reason === undefined || RECOVERY_REASONS.includes(reason)) return reason;
  const detail = `Known are ${RECOVERY_REASONS.join(', ')}.`;
  problems.push({ code: 'MAPPING_BAD_VALUE', path: 'absence.recoveryReason', detail });
  return undefined;
}

function readFirst({ record, problems }: Reading): Pick<Told, 'first'> {
  const { safetyNet, ...first } = textsAt(record, 'absence', FIRST_FIELDS);
  const isNamed = safetyNet !== undefined && safetyNet !== OMIT;
  if (isNamed && !SAFETY_NETS.includes(safetyNet)) {
    const detail = `Only ${SAFETY_NETS.join(' and ')} name no ground.`;
    problems.push({ code: 'MAPPING_BAD_VALUE', path: 'absence.safetyNet', detail });
  }
  const all = { ...first, ...(isNamed && { safetyNet }) };
  return Object.keys(all).length > 0 ? { first: all } : {};
}

/** The employee goes along only where this delivery may create or change one. */
function peopleFor(kind: Told['kind'], ended: boolean, reading: Reading): PeopleRead | null {
  const { record, settings, notices } = reading;
  const isTold = kind === 'SickReport' || kind === 'EmployeeChange';
  if (isTold && hasNursingAddress(record)) {
    const detail = 'The receiver has no place for a nursing address that can be written: tell it by hand.';
    notices.push({ code: 'TARGET_CANNOT_CARRY', path: 'employee.addresses', detail });
  }
  const isNew = kind === 'SickReport' && settings.createMissing;
  const isSent = settings.employeeChanges === 'send' && !ended && kind !== 'Withdrawal';
  if (!isNew && !isSent) return null;
  const read = peopleOf(record, isNew);
  notices.push(...read.notices);
  return read;
}
