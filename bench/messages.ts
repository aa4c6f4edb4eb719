// Messages to measure with: the demo's school group, rendered, one case each.
import { renderMessage } from '../connectors/sivi/index.js';
import { createMonth } from '../src/demo/absences.js';
import { createChance } from '../src/demo/chance.js';
import { createSchoolGroup } from '../src/demo/school-group.js';

/** `count` sick reports of as many cases, as bytes. */
export function sickReports(count: number): Uint8Array[] {
  const chance = createChance(7);
  const month = { firstDay: '2026-09-01', days: 30, reportsPerThousand: 1000 };
  const group = createSchoolGroup(count, chance);
  const reports = createMonth(group, month, chance).filter(({ record }) => isFirstReport(record));
  return reports.slice(0, count).map(({ day, record }, index) => {
    const header = {
      ...{ createdDate: day, createdTime: '07:30:00', senderId: 'Bench', softwarePackage: 'Bench' },
      ...{ receiverId: 'Verzuimbrug', reference: `BENCH-${index}`, test: 'N', receiptRequested: 'N' },
    };
    const rendered = renderMessage({ ...record, header }, { release: '2024' });
    if (!rendered.ok) throw new Error('the benchmark made an impossible message');
    return Buffer.from(rendered.payload.body);
  });
}

function isFirstReport(record: unknown): boolean {
  return (record as { absence: { processing: string } }).absence.processing === '01';
}
