// An arbodienst that answers what it received: a processing result for each report and an appointment for some of the
// cases, as files beside each other, in no order of theirs. It knows nothing but the messages that it took.
import { renameSync, writeFileSync } from 'node:fs';
import { decodeMessage, renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';

/** One report as it came in; `number` is that of `CASE-1`. */
export interface TakenReport {
  readonly number: number;
  readonly reference: string;
  readonly record: Readonly<Record<string, JsonObject>>;
}

/** Throws for a message that is not whole. */
export function reportIn(body: string): TakenReport {
  const { records, problems } = decodeMessage(Buffer.from(body));
  const [first] = records;
  if (!first || problems.length + first.problems.length > 0) throw new Error('a message is not whole');
  const record = first.record as TakenReport['record'];
  const number = Number(String(record.absence?.caseId).replace('CASE-', ''));
  return { number, reference: String(record.header?.reference), record };
}

export const isRefused = (number: number): boolean => number % 10 === 0;
/** Told a second time, in a message of its own. */
export const isToldTwice = (number: number): boolean => number % 25 === 1;
/** Local date and time of the appointment of a case, another one for each. */
export const appointmentOf = (number: number): string =>
  `2026-04-${two(1 + (number % 28))} ${two(8 + (number % 9))}:${two(number % 60)}:00`;
const two = (value: number) => String(value).padStart(2, '0');

let messages = 0;

/** XML by file name: what it says of these reports. */
export function answersTo(
  reports: readonly TakenReport[],
  { appointments }: { readonly appointments: number },
): Map<string, string> {
  const files: string[] = [];
  for (const report of reports) {
    const made = [result(report), ...(report.number <= appointments ? [appointment(report)] : [])];
    files.push(
      ...made.map((make) => make()),
      ...(isToldTwice(report.number) ? made.map((make) => make()) : []),
    );
  }
  return new Map(mixed(files).map((body, index) => [`${messages}-${index}.xml`, body]));
}

/** About a message that nobody sent. */
export function strayAnswers(count: number, { record }: TakenReport): Map<string, string> {
  const stray = (index: number) => result({ number: 1, reference: `NOBODYS-${index}`, record })();
  return new Map(Array.from({ length: count }, (_, index) => [`stray-${index}.xml`, stray(index)]));
}

/** Each under another name first, as a careful writer does. */
export function putFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, body] of files) {
    writeFileSync(`${folder}/${name}.part`, body);
    renameSync(`${folder}/${name}.part`, `${folder}/${name}`);
  }
}

const mixed = (files: readonly string[]): string[] =>
  files
    .map((body, index) => ({ body, place: (index * 7919) % 1009 }))
    .sort((a, b) => a.place - b.place)
    .map(({ body }) => body);

const result =
  ({ number, reference, record }: TakenReport) =>
  () =>
    rendered({
      recordKind: 'result',
      header: {
        ...header(),
        ...{ messageCode: '00100', messageVersion: '00013', answeredReference: reference },
      },
      result: {
        ...{ outcome: isRefused(number) ? '03' : '01', caseId: record.absence?.caseId },
        ...{ sequence: record.absence?.sequence, employerId: record.employer?.id },
        ...{ connectionNumber: 'AANSL-1', code: 'V0001', text: 'Geen bijzonderheden' },
      },
    });

const appointment =
  ({ number, record }: TakenReport) =>
  () => {
    const [date = '', time = ''] = appointmentOf(number).split(' ');
    const { employer, employee, employment, absence } = record;
    return rendered({
      ...{ recordKind: 'appointment', header: header() },
      employer: { id: employer?.id, name: 'Voorbeeld', connectionNumber: 'A', payrollTaxNumber: '1' },
      employee: { id: employee?.id, lastName: 'Voorbeeld', gender: 'O' },
      appointment: {
        ...{ id: `AF-${number}`, status: '01', date, time, duration: '0.50' },
        description: 'Gesprek',
        executor: { lastName: 'Voorbeeld', function: 'Bedrijfsarts' },
        employments: [{ id: employment?.id, absence: { firstDay: absence?.firstDay } }],
      },
    });
  };

function header(): JsonObject {
  messages += 1;
  return {
    ...{ createdDate: '2026-03-03', createdTime: '09:00:00', senderId: 'ARBO-1', softwarePackage: 'P' },
    ...{ receiverId: 'HR-1', reference: `ANSWER-${messages}`, test: 'N', receiptRequested: 'N' },
  };
}

function rendered(record: JsonObject): string {
  const made = renderMessage(record, { release: '2026' });
  if (made.ok) return made.payload.body;
  throw new Error(`the answer does not render: ${JSON.stringify(made.problems)}`);
}
