// What sivi.out.yaml writes can be rendered in every release: it reads nothing that one of them has no place for.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { decodeMessage, RELEASES, renderMessage, SIVI_FIELDS } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { merge } from '../../src/mapping/expectation.js';
import { siviMapping } from './sivi.js';

const sickReport = parse(readFileSync('mappings/sivi.out.yaml', 'utf8')).tests[0].given as JsonObject;
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

/** Every field that the mapping reads is filled, but for the labour conflict, which release 2022 does not have. */
const full = merge(sickReport, {
  employer: {
    chamberOfCommerceNumber: '12345678',
    establishmentNumber: '000012345678',
    uwvId: 'U-1',
    payrollTaxNumber: '123456789L01',
    ownRiskSicknessBenefits: false,
    communications: [{ kind: 'work-phone', value: '010 0000000' }],
    contacts: [
      {
        lastName: 'Leiding',
        initials: 'C',
        gender: 'man',
        role: '01',
        communications: [{ kind: 'work-email', value: 'c@example.org' }],
      },
    ],
  },
  employee: {
    bsn: '111222333',
    deathDate: '2026-03-03',
    prefix: 'van der',
    calledName: 'Voorbeeld',
    partner: { lastName: 'Anders', prefix: 'de' },
    addresses: [
      {
        kind: 'nursing',
        nursingPlaceName: 'Bij familie',
        startDate: '2026-03-02',
        endDate: '2026-04-02',
        postcode: '1234 AB',
        town: 'Gasselterboerveenschemonderdeel',
        street: 'Laan',
        houseNumber: '1',
        houseNumberSuffix: 'achter',
      },
    ],
    foreignAddresses: [
      {
        kind: 'home',
        nursingPlaceName: 'Bij familie',
        location: 'bij de brug',
        postcode: '1000',
        town: 'Brussel',
        region: 'Brussel',
        countryCode: 'BE',
        countryName: 'Belgie',
        street: 'Straat',
        houseNumber: '1bis',
      },
    ],
  },
  employment: {
    endDate: '2026-12-31',
    personnelNumber: '0001',
    contractNumber: 'K-1',
    jobCode: 'J1',
    jobName: 'Leraar natuurkunde eerste graad en mentor',
    unitName: 'Locatie Noord',
    parentUnitCode: '00',
    parentUnitName: 'Het Baken',
    workplacePostcode: '1234 AB',
    workplaceName: 'Noord',
    normHours: '40.00',
    workRelation: {
      id: 'A-1',
      personnelNumber: '0001',
      startDate: '2019-08-01',
      endDate: '2026-12-31',
      contractHours: '36.50',
    },
    costCentres: [{ name: 'Onderwijs', code: 'KP1', parentCode: 'KP0', parentName: 'Alles' }],
  },
  absence: {
    previousEffectiveDate: '2026-03-01',
    previousCaseId: 'C-0',
    previousFirstDay: '2026-03-01',
    expectedRecovery: '2026-04-01',
    employerRecoveryDate: '2026-04-01',
    endReason: '01',
    statutoryLeave: '01',
    therapeuticPercentage: '25.00',
    actions: [{ action: '13' }],
  },
});

function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

describe('a notification in which everything is filled', () => {
  const mapped = siviMapping('out').apply(full);
  const output = mapped.ok ? mapped.output : {};

  it('fills every field that the mapping writes', () => {
    expect(mapped).toMatchObject({ ok: true });
    const filled = new Set(pathsOf(full, ''));
    const unread = siviMapping('out').reads.filter(({ path }) => !filled.has(path));
    // A recovery date goes only with an end; a conflict has no place in release 2022.
    expect([...new Set(unread.map(({ path }) => path))].sort()).toEqual([
      'absence.conflict',
      'absence.recoveryDate',
    ]);
    expect(pathsOf(output, '').filter((path) => !SIVI_FIELDS.includes(path))).toEqual([]);
  });

  it.each(Object.values(RELEASES))('renders in release %s and comes back as it was', (release) => {
    const rendered = renderMessage({ ...output, header }, { release });
    expect(rendered).toMatchObject({ ok: true });
    if (!rendered.ok) return;
    const decoded = decodeMessage(Buffer.from(rendered.payload.body));
    expect(decoded.problems).toEqual([]);
    expect(decoded.records[0]?.record).toMatchObject(output);
  });
});
