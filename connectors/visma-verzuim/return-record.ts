// What the source hands over of one appointment or one advice, and what decoding makes of it. The bytes of a record hold
// the fields of return-schema.ts and nothing else.
import type { DecodedRecord, JsonObject, Problem, RawRecord } from '../../src/connector.js';
import { caseOfKey } from './case-key.js';
import { daysBetween } from './days.js';
import type { WireAdvice, WireAdviceDossier, WireAppointment } from './return-schema.js';

const CONTENT_TYPE = 'application/json';

/** Field names of the records, for the mapping check. */
export const RETURN_RECORD_FIELDS: readonly string[] = [
  ...['id', 'status', 'date', 'time', 'durationMinutes', 'form', 'kind', 'anonymous'].map(
    (name) => `appointment.${name}`,
  ),
  ...['id', 'courses[].from', 'courses[].until', 'courses[].recovery'].map((name) => `advice.${name}`),
  'dossier.employerId',
  'dossier.caseId',
  'dossier.firstDay',
];

/** The word for the consult in place of its code: that can tell what somebody suffers from. */
type Shown = Omit<WireAppointment, 'operation' | 'isAnonymous'> & { readonly consult: string };

interface AppointmentContent {
  readonly kind: 'appointment';
  readonly row: Shown;
}
interface AdviceContent {
  readonly kind: 'advice';
  readonly dossier: WireAdviceDossier;
  readonly advice: WireAdvice;
}
type Content = AppointmentContent | AdviceContent;

/** `words` are those of the settings: a code that they do not name is told as the neutral word, whatever it stands for. */
export function rawAppointment(
  { operation, isAnonymous: _gate, ...row }: WireAppointment,
  words: Readonly<Record<string, string>>,
): RawRecord {
  const consult = wordFor(operation?.code, words);
  return raw(`appointment ${row.id}`, { kind: 'appointment', row: { ...row, consult } });
}

export function rawAdvice(dossier: WireAdviceDossier, advice: WireAdvice): RawRecord {
  return raw(`advice ${dossier.id}`, { kind: 'advice', dossier, advice });
}

function raw(reference: string, content: Content): RawRecord {
  return { reference, bytes: Buffer.from(JSON.stringify(content)), contentType: CONTENT_TYPE };
}

/** Pure. */
export function decodeReturn({ bytes }: RawRecord): DecodedRecord {
  const content = JSON.parse(Buffer.from(bytes).toString()) as Content;
  return content.kind === 'appointment' ? appointmentOf(content) : adviceOf(content);
}

/** What names an appointment or an advice, also when it comes again corrected. */
export function returnName({ kind, record }: DecodedRecord): readonly string[] | null {
  const { id } = (record[kind ?? ''] ?? {}) as { readonly id?: string };
  return kind && id ? [kind, id] : null;
}

function appointmentOf({ row }: AppointmentContent): DecodedRecord {
  const { id, status, methodOfConsult, dossier, consult } = row;
  const begin = splitMoment(row.dateStart);
  const record: JsonObject = {
    appointment: {
      ...{ id, status: status ?? '', form: methodOfConsult ?? '', ...begin },
      ...durationOf(row),
      kind: consult,
      // The source hands over none that is not surely meant to be seen.
      anonymous: false,
    },
    dossier: caseOf(dossier),
  };
  const problems: Problem[] = begin === null ? [{ code: 'SOURCE_INCOMPLETE', path: 'dateStart' }] : [];
  if (row.employment?.isConfidential !== false)
    problems.push({ code: 'SOURCE_CONFIDENTIAL', path: 'employment.isConfidential' });
  return { kind: 'appointment', path: 'appointment', record, problems, ignored: [] };
}

function wordFor(code: string | null | undefined, words: Readonly<Record<string, string>>): string {
  return (code != null && Object.hasOwn(words, code) && words[code]) || 'consultation';
}

function caseOf(
  dossier: Pick<WireAdviceDossier, 'externalKey' | 'dateStart'> | null | undefined,
): JsonObject {
  return { ...caseOfKey(dossier?.externalKey), firstDay: dossier?.dateStart ?? '' };
}

function splitMoment(moment: string | null | undefined): { date: string; time: string } | null {
  return moment ? { date: moment.slice(0, 10), time: moment.slice(11, 16) } : null;
}

/** By the clock on the wall: an appointment in the night of a clock change is none. */
function durationOf({ dateStart, dateEnd }: Pick<WireAppointment, 'dateStart' | 'dateEnd'>): {
  durationMinutes?: string;
} {
  const [begin, end] = [splitMoment(dateStart), splitMoment(dateEnd)];
  if (!begin || !end) return {};
  const minutes = daysBetween(begin.date, end.date) * 24 * 60 + minuteOf(end.time) - minuteOf(begin.time);
  return minutes > 0 ? { durationMinutes: String(minutes) } : {};
}

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function adviceOf({ dossier, advice }: AdviceContent): DecodedRecord {
  const courses = (advice.absenceCourses ?? []).map(({ dateStart, dateEnd, recoveryPercentage }) => ({
    from: dateStart ?? '',
    until: dateEnd ?? '',
    recovery: recoveryPercentage == null ? '' : recoveryPercentage.toFixed(2),
  }));
  const record: JsonObject = {
    advice: { id: dossier.id, courses },
    dossier: caseOf(dossier),
  };
  return { kind: 'advice', path: 'advice', record, problems: [], ignored: [] };
}
