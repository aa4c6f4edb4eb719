// Messages to measure with: the demo's school group, rendered, one case each.
import { renderMessage } from '../connectors/sivi/index.js';
import type { JsonObject } from '../src/connector.js';
import { createMonth } from '../src/demo/absences.js';
import { createChance } from '../src/demo/chance.js';
import { createSchoolGroup } from '../src/demo/school-group.js';

/** `count` sick reports of as many cases, as bytes. */
export function sickReports(count: number): Uint8Array[] {
  return firstReports(count).map(rendered);
}

/** As `sickReports`, with the number of each in its case id as `MARK-<number>`, and spread over employers. */
export function markedReports(count: number, employers = 1): Uint8Array[] {
  return firstReports(count).map(({ day, record }, number) => {
    const { absence, employer } = record as Record<string, JsonObject>;
    const marked = {
      ...record,
      employer: { ...employer, id: `${1000 + (number % employers)}` },
      absence: { ...absence, caseId: `MARK-${number}` },
    };
    return rendered({ day, record: marked }, number);
  });
}

interface Report {
  readonly day: string;
  readonly record: JsonObject;
}

function firstReports(count: number): Report[] {
  const chance = createChance(7);
  const month = { firstDay: '2026-09-01', days: 30, reportsPerThousand: 1000 };
  const group = createSchoolGroup(count, chance);
  const reports = createMonth(group, month, chance).filter(({ record }) => isFirstReport(record));
  return reports.slice(0, count);
}

function rendered({ day, record }: Report, number: number): Uint8Array {
  const header = {
    ...{ createdDate: day, createdTime: '07:30:00', senderId: 'Bench', softwarePackage: 'Bench' },
    ...{ receiverId: 'Verzuimbrug', reference: `BENCH-${number}`, test: 'N', receiptRequested: 'N' },
  };
  const message = renderMessage({ ...record, header }, { release: '2024' });
  if (!message.ok) throw new Error('the benchmark made an impossible message');
  return Buffer.from(message.payload.body);
}

function isFirstReport(record: unknown): boolean {
  return (record as { absence: { processing: string } }).absence.processing === '01';
}
