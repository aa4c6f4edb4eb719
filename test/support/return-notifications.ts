// Notifications of the way back with marked words in every place that may not be shown, and the built-in mappings.
import { CONNECTORS } from '../../connectors/index.js';
import type { JsonObject } from '../../src/connector.js';
import { RETURN_FIELDS } from '../../src/domain/return-fields.js';
import { loadMapping } from '../../src/mapping/load.js';
import type { Mapping } from '../../src/mapping/types.js';

/** What no receiver may see, wherever it stands. */
export const MARKED = [
  ...[
    'Marked-description',
    'Marked-reason',
    'Marked-title',
    'Marked-executor',
    'Marked-link',
    'Marked-phone',
  ],
  ...['Marked-street', 'Marked-note', 'Marked-filename', '123456782'],
];

const people = (number: number) => ({
  employer: { id: 'W-1', name: 'Scholengroep Voorbeeld' },
  employee: { id: `E-${number}`, initials: 'M.', lastName: 'Marked-surname', bsn: '123456782' },
  employment: { id: `D-${number}`, personnelNumber: `P-${number}` },
  absence: { caseId: `C-${number}`, firstDay: '2026-03-02' },
});

export function appointmentOf(
  number: number,
  kind = 'AppointmentScheduled',
  changes: JsonObject = {},
): JsonObject {
  return {
    ...{ kind, sequence: kind === 'AppointmentScheduled' ? 1 : 2, ...people(number) },
    appointment: {
      ...{ id: `A-${number}`, status: 'planned', date: '2026-03-12', time: '09:30', durationMinutes: 30 },
      ...{ form: 'phone', role: 'company-doctor', kind: 'consultation' },
      ...{ description: 'Marked-description', cancellationReason: 'Marked-reason', title: 'Marked-title' },
      ...{ link: 'https://example.org/Marked-link', phoneNumber: 'Marked-phone' },
      place: { name: 'Kantoor Noord', street: 'Marked-street', town: 'Voorbeeldstad' },
      executor: { lastName: 'Marked-executor', initials: 'X.' },
      ...changes,
    },
  };
}

export function adviceOf(number: number): JsonObject {
  return {
    ...{ kind: 'AdviceGiven', sequence: 1, ...people(number) },
    advice: {
      reportDate: '2026-03-12',
      percentages: [{ from: '2026-03-16', until: '2026-03-29', percentage: '37.50' }],
      expectedRecovery: '2026-04-13',
      abilities: [{ text: 'Zittend werk' }],
      limitations: [{ text: 'Niet tillen' }],
      adaptations: [{ text: 'Aangepaste stoel' }],
      notes: [{ text: 'Marked-note' }],
    },
  };
}

export function resultOf(number: number): JsonObject {
  return {
    ...{ kind: 'ReportRejected', sequence: 1, ...people(number) },
    result: { ...{ reference: 'd-1', scope: 'report', outcome: 'refused', code: '12', sequence: 3 } },
  };
}

export function documentOf(number: number): JsonObject {
  return {
    ...{ kind: 'DocumentOffered', sequence: 1, ...people(number) },
    document: {
      ...{ id: `X-${number}`, kind: '10', description: 'Marked-description', date: '2026-03-12' },
      ...{ fileName: 'Marked-filename.pdf', fileType: 'pdf' },
    },
  };
}

/** What the built-in mapping of this name makes of it; fails when it makes nothing of it. */
export function mapped(system: string, notification: JsonObject): JsonObject {
  const mapping = loaded.get(system) ?? load(system);
  loaded.set(system, mapping);
  const made = mapping.apply(notification);
  if (!made.ok) throw new Error(`problems: ${JSON.stringify(made.problems)}`);
  return made.output;
}

const loaded = new Map<string, Mapping>();

function load(system: string): Mapping {
  const taker = CONNECTORS.find(({ mapping }) => Object.values(mapping.return?.out ?? {}).includes(system));
  const fields = { source: RETURN_FIELDS.map(({ path }) => path), target: taker?.fields ?? [] };
  return loadMapping({ folder: 'mappings', system, direction: 'out', options: {}, fields });
}
