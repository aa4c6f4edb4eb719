// A small made-up absence record, as an out-mapping gives it: whole enough to render in every release.
import { renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';

const CONTACT = {
  lastName: 'Voorbeeld',
  initials: 'V',
  gender: 'V',
  role: '01',
  communications: [{ kind: '06', value: '0201234567' }],
};

/** The first report of a case; `number` makes employee and case different. */
export function absenceRecord(number: number): JsonObject {
  return {
    employer: {
      name: 'Scholengroep Voorbeeld',
      id: 'WG-1',
      connectionNumber: 'AANSL-1',
      contacts: [CONTACT],
    },
    employee: {
      id: `E-${number}`,
      birthDate: '1980-02-03',
      lastName: `Testpersoon ${number}`,
      initials: 'T',
      namePreference: '01',
      gender: 'V',
    },
    employment: { id: `DV-${number}`, startDate: '2020-08-01', unitCode: 'SCHOOL-1', contacts: [CONTACT] },
    absence: {
      processing: '01',
      effectiveDate: '2026-03-02',
      caseId: `CASE-${number}`,
      sequence: '1',
      ended: 'N',
      reportDate: '2026-03-02',
      firstDay: '2026-03-02',
      percentage: '100.00',
      cause: '99',
      safetyNet: 'N',
      contacts: [CONTACT],
    },
  };
}

/** The record as a message of release 2026. */
export function absenceMessage(number: number): string {
  const header = {
    createdDate: '2026-03-02',
    createdTime: '10:30:00',
    senderId: 'HR-1',
    softwarePackage: 'HR',
    receiverId: 'ARBO-1',
    reference: `MESSAGE-${number}`,
    test: 'N',
    receiptRequested: 'N',
  };
  const rendered = renderMessage({ ...absenceRecord(number), header }, { release: '2026' });
  if (!rendered.ok)
    throw new Error(`the made-up record does not render: ${JSON.stringify(rendered.problems)}`);
  return rendered.payload.body;
}
