// From a record to the whole request body: the documented fields as a form, and a small text as the document. Pure, so
// that what was cleared is to the letter what is sent. Limits: domain notes on Visma Raet, section 8.2.
import { createHash } from 'node:crypto';
import {
  type ConnectorDeps,
  type Envelope,
  type JsonObject,
  type Problem,
  type Rendered,
  wallClock,
} from '../../src/connector.js';
import { readRecord, type WordsRecord, wordsOf } from '../plain-words/index.js';
import { type FormPart, formBody } from './form.js';
import type { Settings } from './settings.js';

const LONGEST = { employeeId: 50, employmentId: 50, description: 50, sourceIdentifier: 50 } as const;
/** At most 12 and 50 characters; with `sourceIdentifier` they name the document. */
const SOURCE = { sourceSystem: 'Verzuimbrug', sourceModule: 'arbodienst' } as const;

export function render(
  given: JsonObject,
  envelope: Envelope,
  { settings, deps }: { settings: Settings; deps: Pick<ConnectorDeps, 'timeZone'> },
): Rendered {
  const read = readRecord(given);
  if (!read.ok)
    return { ok: false, problems: read.paths.map((path) => ({ code: 'MAPPING_MISSING_FIELD', path })) };
  const { record } = read;
  if (record.recordKind === 'result') return { ok: false, problems: [cannot('recordKind')] };
  const { id: employeeId } = record.employee;
  if (!employeeId) return { ok: false, problems: [{ code: 'MAPPING_MISSING_FIELD', path: 'employee.id' }] };
  const employmentId = settings.onEmployment ? record.employment.id : undefined;
  const problems = [
    ...tooLong('employee.id', employeeId, LONGEST.employeeId),
    ...tooLong('employment.id', employmentId ?? '', LONGEST.employmentId),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const { heading, lines } = wordsOf(record);
  const description = heading.slice(0, LONGEST.description);
  const identifier = sourceIdentifier(envelope.reference);
  const { date: startDate } = wallClock(envelope.createdAt, deps.timeZone);
  const fields = {
    categoryCode: settings.categories[record.recordKind],
    employeeId,
    ...(employmentId && { employmentId }),
    startDate,
    description,
    ...SOURCE,
    sourceIdentifier: identifier,
    ...(settings.retentionScheduleCode && { retentionScheduleCode: settings.retentionScheduleCode }),
  };
  const parts: FormPart[] = Object.entries(fields).map(([name, value]) => ({ name, value }));
  const document: FormPart = {
    name: 'document',
    fileName: `${FILE_NAMES[record.recordKind]}-${identifier}.txt`,
    contentType: 'text/plain; charset=utf-8',
    value: [heading, '', ...lines, ''].join('\r\n'),
  };
  const notices: Problem[] = [];
  if (description !== heading) notices.push({ code: 'MAPPING_SHORTENED', path: 'appointment.title' });
  return { ok: true, payload: formBody([...parts, document]), notices };
}

const FILE_NAMES: Readonly<Record<Exclude<WordsRecord['recordKind'], 'result'>, string>> = {
  appointment: 'afspraak',
  advice: 'advies',
};

/** The reference of the delivery, which says nothing about a person; its digest when it does not fit. */
function sourceIdentifier(reference: string): string {
  if (/^[\w.-]+$/.test(reference) && reference.length <= LONGEST.sourceIdentifier) return reference;
  return createHash('sha256').update(reference).digest('hex').slice(0, LONGEST.sourceIdentifier);
}

function tooLong(path: string, value: string, most: number): readonly Problem[] {
  return value.length > most ? [cannot(path, `At most ${most} characters go in.`)] : [];
}

function cannot(path: string, detail = 'A personnel file takes appointments and advice.'): Problem {
  return { code: 'TARGET_CANNOT_CARRY', path, detail };
}
