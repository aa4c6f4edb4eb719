// What a lenient reader forgives, what it does not, and where each problem ends up.
import { describe, expect, it } from '@jest/globals';
import {
  ABSENCE,
  changed,
  decodeFixture,
  decodeText,
  EMPLOYMENT,
  group,
  message,
  recordOf,
} from '../support/sivi-message.js';

const VRZM = 'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[1]';
const codesAt = (xml: string) => {
  const { records, problems } = decodeText(xml);
  return [...problems, ...records.flatMap((record) => record.problems)].map(
    ({ code, path }) => `${code} ${path}`,
  );
};

describe('the fixtures', () => {
  it('one record comes of each absence group, with its place and the groups above it', () => {
    const { records, problems } = decodeFixture('2026-three-employees.xml');
    expect(problems).toEqual([]);
    expect(records.map(({ path }) => path)).toEqual([
      'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[1]',
      'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[2]',
      'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[2]/Dnstvbnd[1]/Vrzm[1]',
      'Verzuimmeldingen/Wrkgvr[2]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[1]',
    ]);
    expect(records.map(({ record }) => [group(record, 'employer').id, group(record, 'employee').id])).toEqual(
      [
        ['0105', '007'],
        ['0105', '007'],
        ['0105', '008'],
        ['0106', '00900'],
      ],
    );
    expect(records.every(({ problems, ignored }) => problems.length + ignored.length === 0)).toBe(true);
  });

  it('values stay text: leading zeros, spaces inside, references and CDATA decoded once', () => {
    const [first, second, third] = decodeFixture('2026-three-employees.xml').records;
    expect(group(first?.record, 'employee')).toMatchObject({
      lastName: 'Proefpersoon & Zoon',
      calledName: 'Renée',
    });
    expect(group(first?.record, 'employment')).toMatchObject({ jobName: 'Leraar  wiskunde' });
    expect(group(first?.record, 'employer')).toMatchObject({ chamberOfCommerceNumber: '00012345' });
    expect(group(second?.record, 'absence').notes).toEqual([{ text: 'Belt <morgen> terug' }]);
    expect(group(third?.record, 'absence').sequence).toBe('003');
  });

  it('release 2022 in ISO-8859-1 is read with all that later releases dropped', () => {
    const record = recordOf(decodeFixture('2022-everything.xml'));
    expect(group(record, 'employer')).toMatchObject({
      postBoxes: [{ number: '99' }],
      addresses: [{ kind: '02' }],
    });
    expect(group(record, 'employee')).toMatchObject({
      lastName: 'Verzónnen',
      effectiveDate: '2023-09-01',
      previousId: '7',
      bankAccount: { iban: 'NL00TEST0123456789', bic: 'TESTNL2A' },
      partner: { lastName: 'Partner', prefix: 'de' },
      addresses: [{ kind: '06', nursingKind: '02', startDate: '2023-09-20' }],
      foreignAddresses: [{ countryCode: 'BE', houseNumber: '5/2' }],
    });
    expect(group(record, 'employment')).toMatchObject({
      workRelation: { id: 'AR-1' },
      costCentres: [{ code: '4000', startDate: '2020-01-01' }],
    });
    expect(group(record, 'absence')).toMatchObject({
      previousCaseId: 'ZV-6',
      sequence: '002',
      actions: [{ action: '08' }],
    });
  });

  it('what Visma Raet sends is read without namespace and without half of what is required', () => {
    const record = recordOf(decodeFixture('2020-raet.xml'));
    expect(group(record, 'header').reference).toBe('20210331 T1306559722624Z');
    expect(group(record, 'employer')).toEqual({ id: '105', connectionNumber: '' });
    expect(group(record, 'employee').initials).toBe('A.B.C.D.');
    expect(group(record, 'employment').contractHours).toBe('36.50');
    expect(group(record, 'absence').percentage).toBe('100.00');
  });
});

describe('Visma Raet', () => {
  const bare = message().replace(/ xmlns="[^"]*"/, '');

  it('is known by a namespace that ends in /2020, whatever comes before', () => {
    const xml = bare.replace('<Verzuimmeldingen', '<Verzuimmeldingen xmlns="urn:whatever/2020"');
    expect(codesAt(xml)).toEqual([]);
  });

  it('without namespace is known by its version only', () => {
    expect(codesAt(bare.replace('00013', '00008'))).toEqual([]);
    expect(codesAt(bare.replace('00013', '00010'))).toEqual(['SIVI_UNKNOWN_RELEASE Verzuimmeldingen']);
  });

  it.each([
    ['VrzmgvlId', 'ZV-42'],
    ['PrcVrzm', '100.00'],
    ['DatEerstVrzmdg', '2026-02-23'],
  ])('still needs %s', (tag, value) => {
    const xml = bare.replace('00013', '00008').replace(`<${tag}>${value}</${tag}>`, '');
    expect(codesAt(xml)).toEqual([`SIVI_MISSING_ELEMENT ${VRZM}/${tag}`]);
  });
});

describe('namespaces', () => {
  it('the prefix does not matter, nor where it is declared', () => {
    const prefixed = message()
      .replace(/<(\/?)(?=[A-Z])/g, '<$1q:')
      .replace('xmlns=', 'xmlns:q=');
    expect(decodeText(prefixed)).toEqual(decodeText(message()));
    const wrapped = message().replace(
      '<Vrzm>',
      '<n:Vrzm xmlns:n="http://www.sivi.org/Verzuimmanagement/Verzuimmeldingen/2026">',
    );
    expect(codesAt(wrapped.replace('</Vrzm>', '</n:Vrzm>'))).toEqual([]);
  });

  it('an element of another namespace is unknown, even under a known name', () => {
    const [record] = decodeText(
      changed('<OorzkVrzmCd>', '<PrcVrzm xmlns="urn:other">5</PrcVrzm><OorzkVrzmCd>'),
    ).records;
    expect(record?.problems).toEqual([]);
    expect(record?.ignored).toEqual(['Verzuimmeldingen/Wrkgvr/Wrknmr/Dnstvbnd/Vrzm/PrcVrzm']);
  });

  it('attributes of XML Schema are left alone, others are listed', () => {
    const xml = changed('<Wrkgvr>', '<Wrkgvr a="1">').replace(
      '<Verzuimmeldingen ',
      '<Verzuimmeldingen xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" ',
    );
    const [record] = decodeText(xml).records;
    expect(record?.ignored).toEqual(['Verzuimmeldingen/Wrkgvr/@a']);
  });
});

describe('what is forgiven', () => {
  it.each([
    ['an over-long job name', '<OrgeenhCd>', `<NmFnct>${'x'.repeat(90)}</NmFnct><OrgeenhCd>`],
    ['a postcode with a space', '<OrgeenhCd>', '<PcStandplts>1234 AB</PcStandplts><OrgeenhCd>'],
    ['initials with dots', '<Voorl>AB</Voorl>', '<Voorl>A.B.C.D.</Voorl>'],
    ['an unknown code', '<OorzkVrzmCd>99', '<OorzkVrzmCd>77'],
    ['a kind of end that is neither yes nor no', '<EndVrzmJN>N', '<EndVrzmJN>O'],
    ['an empty text that may be empty', '<SignNm>Verzonnen</SignNm>', '<SignNm/>'],
    ['no software package', '<GebrSwPakket>P</GebrSwPakket>', ''],
    ['a version number of another release', '00013', '00012'],
    ['a contact without a role', '<RolCntprsnCd>01</RolCntprsnCd>', ''],
    [
      'an odd chamber of commerce number',
      '<IdWrkgvrArbdnst>',
      '<InschrijvingsnrKvK>?</InschrijvingsnrKvK><IdWrkgvrArbdnst>',
    ],
    ['white space around a code', '<VrwrkCd>01</VrwrkCd>', '<VrwrkCd>\n01 </VrwrkCd>'],
    ['a percentage without decimals', '100.00', '100'],
    ['a percentage with one decimal', '100.00', '50.5'],
    ['a date with a time zone', '<DatEerstVrzmdg>2026-02-23', '<DatEerstVrzmdg>2026-02-23+01:00'],
    ['a comment and an instruction in a value', 'ZV-42', "ZV<!-- - -->-<?x it's ?>42"],
  ])('%s', (_name, from, to) => {
    expect(codesAt(changed(from, to))).toEqual([]);
  });

  it('groups out of order', () => {
    const moved = message().replace(ABSENCE, '').replace('<IdDnstvbnd>', `${ABSENCE}<IdDnstvbnd>`);
    expect(decodeText(moved)).toEqual(decodeText(message()));
  });

  it('an empty optional element is absent; a code keeps no white space; a percentage gets two decimals', () => {
    const xml = changed('100.00', '50.5')
      .replace('<VrwrkCd>01', '<VrwrkCd> 01\n')
      .replace('<OorzkVrzmCd>', '<DatVrwHrstl> </DatVrwHrstl><BijzRdnStartVrzmCd/><OorzkVrzmCd>');
    const absence = group(recordOf(decodeText(xml)), 'absence');
    expect(absence).toMatchObject({ percentage: '50.50', processing: '01' });
    expect(Object.keys(absence)).not.toEqual(expect.arrayContaining(['expectedRecovery']));
    expect('specialReason' in absence).toBe(false);
  });
});

describe('what makes a record unusable', () => {
  it.each([
    ['no case id', '<VrzmgvlId>ZV-42</VrzmgvlId>', '', `SIVI_MISSING_ELEMENT ${VRZM}/VrzmgvlId`],
    ['an empty case id', 'ZV-42', ' ', `SIVI_MISSING_ELEMENT ${VRZM}/VrzmgvlId`],
    ['no cause', '<OorzkVrzmCd>99</OorzkVrzmCd>', '', `SIVI_MISSING_ELEMENT ${VRZM}/OorzkVrzmCd`],
    ['an over-long case id', 'ZV-42', 'x'.repeat(41), `SIVI_BAD_VALUE ${VRZM}/VrzmgvlId`],
    ['a percentage above 100', '100.00', '100.01', `SIVI_BAD_VALUE ${VRZM}/PrcVrzm`],
    ['a percentage with three decimals', '100.00', '33.333', `SIVI_BAD_VALUE ${VRZM}/PrcVrzm`],
    ['a percentage with a comma', '100.00', '50,00', `SIVI_BAD_VALUE ${VRZM}/PrcVrzm`],
    [
      'a day that does not exist',
      '<IngdatMutVrzm>2026-02-23',
      '<IngdatMutVrzm>2026-02-30',
      `SIVI_BAD_VALUE ${VRZM}/IngdatMutVrzm`,
    ],
    [
      'a sequence number of four digits',
      '<VrzmgvlVnrMld>1',
      '<VrzmgvlVnrMld>1000',
      `SIVI_BAD_VALUE ${VRZM}/VrzmgvlVnrMld`,
    ],
    [
      'two percentages',
      '<OorzkVrzmCd>',
      '<PrcVrzm>50.00</PrcVrzm><OorzkVrzmCd>',
      `SIVI_REPEATED_ELEMENT ${VRZM}/PrcVrzm`,
    ],
    [
      'an odd date of death',
      '<SignNm>',
      '<Overldat>ja</Overldat><SignNm>',
      'SIVI_BAD_VALUE Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Overldat',
    ],
    ['no employer id', '0105', '', 'SIVI_MISSING_ELEMENT Verzuimmeldingen/Wrkgvr[1]/IdWrkgvrArbdnst'],
    [
      'no connection number',
      '6431',
      '',
      'SIVI_MISSING_ELEMENT Verzuimmeldingen/Wrkgvr[1]/AansltnrGeguitwlngArbdnst',
    ],
    ['no message reference', 'REF-1', '', 'SIVI_MISSING_ELEMENT Verzuimmeldingen/BrAlg/Berrefnr'],
    ['another message code', '00100', '00106', 'SIVI_BAD_VALUE Verzuimmeldingen/BrAlg/BrCd'],
    [
      'no absence in an employment',
      ABSENCE,
      '',
      'SIVI_MISSING_ELEMENT Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm',
    ],
    [
      'no employment of an employee',
      EMPLOYMENT,
      '',
      'SIVI_MISSING_ELEMENT Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd',
    ],
    [
      'no contact',
      `${ABSENCE.slice(ABSENCE.indexOf('<Cntprsn>'))}`,
      '</Vrzm>',
      `SIVI_MISSING_ELEMENT ${VRZM}/Cntprsn`,
    ],
    [
      'ended without a recovery date',
      'JN>N</EndVrzmJN>',
      'JN>J</EndVrzmJN>',
      `SIVI_CONTRADICTION ${VRZM}/DatHrstld`,
    ],
    ['not ended at 0 per cent', '100.00', '0.00', `SIVI_CONTRADICTION ${VRZM}/PrcVrzm`],
    [
      'not ended with a recovery date',
      '<PrcVrzm>',
      '<DatHrstld>2026-03-01</DatHrstld><PrcVrzm>',
      `SIVI_CONTRADICTION ${VRZM}/DatHrstld`,
    ],
  ])('%s', (_name, from, to, expected) => {
    expect(codesAt(changed(from, to))).toEqual([expected]);
  });

  it('a removal may contradict itself', () => {
    expect(codesAt(changed('<VrwrkCd>01', '<VrwrkCd>03').replace('100.00', '0.00'))).toEqual([]);
  });

  it('a bad header leaves no records', () => {
    expect(decodeText(changed('<TestJN>N</TestJN>', '')).records).toEqual([]);
  });

  it('a bad employer spoils its own records and no others, and so does a bad absence', () => {
    const { records } = decodeFixture('2026-three-employees.xml');
    expect(records).toHaveLength(4);
    const two = message()
      .replace(/(<Wrkgvr>.*<\/Wrkgvr>)/s, '$1$1')
      .replace('0105', '');
    expect(decodeText(two).records.map(({ problems }) => problems.length)).toEqual([1, 0]);
    const absences = message().replace(ABSENCE, ABSENCE.replace('100.00', 'half') + ABSENCE);
    expect(decodeText(absences).records.map(({ problems }) => problems.length)).toEqual([1, 0]);
  });

  it('what is unknown is listed by its path, once, without odd names or long numbers, and the rest goes on', () => {
    const xml = message()
      .replace(ABSENCE, ABSENCE + ABSENCE)
      .replaceAll('<VrwrkCd>', '<Nieuw><Diep/></Nieuw><Nieuw/>loose text<VrwrkCd>')
      .replaceAll('<Achternaam>', '<Ach.ter-Naam/><N\u00e5am/><Nr123456789/><Achternaam>');
    const base = 'Verzuimmeldingen/Wrkgvr/Wrknmr/Dnstvbnd';
    for (const { ignored, problems } of decodeText(xml).records) {
      expect(problems).toEqual([]);
      expect([...ignored].sort()).toEqual([
        `${base}/Cntprsn/(unreadable)`,
        `${base}/Cntprsn/Ach.ter-Naam`,
        `${base}/Cntprsn/Nr#`,
        `${base}/Vrzm/Cntprsn/(unreadable)`,
        `${base}/Vrzm/Cntprsn/Ach.ter-Naam`,
        `${base}/Vrzm/Cntprsn/Nr#`,
        `${base}/Vrzm/Nieuw`,
        `${base}/Vrzm/text()`,
      ]);
    }
  });
});
