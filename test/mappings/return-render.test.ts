// What the out-mappings of the way back write is valid by the published schema in every release that has such a
// message, and reads back through the in-mappings as what was said.
import { describe, expect, it } from '@jest/globals';
import {
  decodeMessage,
  RELEASES,
  type Release,
  renderMessage,
  SIVI_FIELDS,
} from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { RETURN_FIELDS } from '../../src/domain/return-fields.js';
import { loadMapping } from '../../src/mapping/load.js';
import { judge } from '../support/sivi-schema.js';

const DOMAIN = RETURN_FIELDS.map(({ path }) => path);
const header = {
  createdDate: '2026-03-02',
  createdTime: '09:00:00',
  senderId: 'S',
  softwarePackage: 'P',
  receiverId: 'R',
  reference: 'R-1',
  test: 'N',
  receiptRequested: 'N',
};

function mapping(system: string, direction: 'in' | 'out', overrides: JsonObject) {
  const fields =
    direction === 'in' ? { source: SIVI_FIELDS, target: DOMAIN } : { source: DOMAIN, target: SIVI_FIELDS };
  return loadMapping({ folder: 'mappings', system, direction, options: { overrides }, fields });
}

const shared = {
  employer: { id: 'W-7', name: 'Het Baken' },
  employee: { id: '007', lastName: 'Voorbeeld', initials: 'A.B.' },
  employment: { id: 'D-1', personnelNumber: '0001' },
  absence: { caseId: 'C-1', firstDay: '2026-03-02' },
  sequence: 1,
};

interface Told {
  readonly system: string;
  readonly schema: string;
  readonly releases: readonly Release[];
  readonly notification: JsonObject;
  /** The meaning of the one code that nobody knows yet, as if somebody had filled it in. */
  readonly out: JsonObject;
  readonly in: JsonObject;
  readonly back: JsonObject;
}

const TOLD: readonly Told[] = [
  {
    system: 'sivi-appointment',
    schema: 'Afspraken',
    releases: RELEASES,
    notification: {
      ...shared,
      kind: 'AppointmentMoved',
      appointment: {
        id: 'AF-1',
        previousId: 'AF-0',
        status: 'planned',
        date: '2026-03-10',
        previousDate: '2026-03-09',
        time: '09:30',
        previousTime: '10:00',
        durationMinutes: 20,
        kind: 'consultation',
        role: 'company-doctor',
      },
    },
    out: { 'appointment.status': { constant: '01' } },
    in: { 'appointment.status': { constant: 'planned' } },
    back: {
      absence: { firstDay: '2026-03-02' },
      employment: { id: 'D-1' },
      appointment: {
        id: 'AF-1',
        previousId: 'AF-0',
        date: '2026-03-10',
        time: '09:30',
        previousTime: '10:00',
        durationMinutes: 20,
        kind: 'Spreekuur',
        role: 'Bedrijfsarts',
      },
    },
  },
  {
    system: 'sivi-result',
    schema: 'VerwerkingsmeldingWgr-Arbo',
    releases: ['2024', '2025', '2026'],
    notification: {
      ...shared,
      kind: 'ReportRejected',
      result: { reference: 'VB-1', scope: 'report', outcome: 'refused', sequence: 2, text: 'Onbekend' },
    },
    out: { 'result.outcome': { constant: '03' } },
    in: { 'result.outcome': { constant: 'refused' } },
    back: {
      result: {
        reference: 'VB-1',
        scope: 'report',
        outcome: 'refused',
        caseId: 'C-1',
        sequence: 2,
        text: 'Onbekend',
      },
    },
  },
  {
    system: 'sivi-document',
    schema: 'Documenten',
    releases: ['2026'],
    notification: {
      ...shared,
      kind: 'DocumentOffered',
      document: { id: 'DOC-1', kind: '104', date: '2026-04-10', fileType: '03' },
    },
    out: {},
    in: {},
    back: {
      absence: { caseId: 'C-1', firstDay: '2026-03-02' },
      document: { id: 'DOC-1', kind: '104', date: '2026-04-10', fileType: '03' },
    },
  },
];

const CASES = TOLD.flatMap((told) => told.releases.map((release) => ({ ...told, release })));

describe.each(CASES)('$system to release $release', ({ system, schema, release, notification, ...told }) => {
  it('is valid by its schema and comes back as what was said', () => {
    const mapped = mapping(system, 'out', told.out).apply(notification);
    expect(mapped).toMatchObject({ ok: true });
    if (!mapped.ok) return;
    const rendered = renderMessage(mapped.output, { release, header });
    expect(rendered).toMatchObject({ ok: true });
    if (!rendered.ok) return;
    const { complaint, dispose } = judge(release, schema);
    expect(complaint(rendered.payload.body)).toBeUndefined();
    dispose();
    const { records, problems } = decodeMessage(Buffer.from(rendered.payload.body));
    expect([problems, records.length, records[0]?.problems]).toEqual([[], 1, []]);
    const heard = mapping(system, 'in', told.in).apply(records[0]?.record ?? {});
    expect(heard).toMatchObject({ ok: true, output: told.back });
  });
});
