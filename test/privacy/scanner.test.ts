// The scanner against two lists: what must be found, and what ordinary job, unit and place names it must leave alone.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { namesCareInstitution, scanNumbers, scanReachable, scanText } from '../../src/privacy/scanner.js';
import { passesElevenTest } from '../../src/privacy/scanner-numbers.js';

const categories = (text: string) => [...new Set(scanText(text).map((hit) => hit.category))];

describe('medical and private words', () => {
  it.each([
    ['Docent (burn-out)', 'diagnosis'],
    ['docent, burnout', 'diagnosis'],
    ['BURN OUT', 'diagnosis'],
    ['Leraar met depressie', 'diagnosis'],
    ['Docent met autisme', 'diagnosis'],
    ['conciërge hernia', 'diagnosis'],
    ['borstkanker', 'diagnosis'],
    ['Medewerker ivm kanker', 'diagnosis'],
    ['longontsteking', 'diagnosis'],
    ['buikgriep', 'diagnosis'],
    ['gebroken arm', 'diagnosis'],
    ['gebroken-been', 'diagnosis'],
    ['verslaafd', 'diagnosis'],
    ['allergieën', 'diagnosis'],
    ['heeft diabetes', 'diagnosis'],
    ['Rugklachten', 'complaint'],
    ['hoofdpijn', 'complaint'],
    ['HÓÓFDPIJN', 'complaint'],
    ['psychische klachten', 'complaint'],
    ['ziek sinds maandag', 'complaint'],
    ['Teamleider (ziek)', 'complaint'],
    ['last van rug', 'complaint'],
    ['knieoperatie', 'treatment'],
    ['geopereerd', 'treatment'],
    ['onder behandeling', 'treatment'],
    ['naar de huisarts', 'treatment'],
    ['in het ziekenhuis', 'treatment'],
    ['zwanger', 'pregnancy'],
    ['zwangerschapsklachten', 'pregnancy'],
    ['Docent: miskraam', 'pregnancy'],
    ['in scheiding', 'private'],
    ['moeder overleden', 'private'],
    ['problemen thuis', 'private'],
    ['arbeidsconflict met leidinggevende', 'private'],
  ])('%s is found as %s', (text, category) => {
    expect(categories(text)).toContain(category);
  });

  it.each([
    'Psycholoog',
    'GZ-psycholoog',
    'Orthopedagoog generalist',
    'Fysiotherapeut',
    'Verpleegkundige',
    'Verpleegkundige psychiatrie',
    'Wijkverpleegkundige niveau 5',
    'Doktersassistent',
    'Doktersassistente poli dermatologie',
    'Huisarts',
    'Bedrijfsarts',
    'Longarts',
    'Kinderarts',
    'Docent zorg en welzijn',
    'Docent verpleegkunde',
    'Remedial teacher',
    'Intern begeleider',
    'Ambulant begeleider autisme',
    'Begeleider leerlingen met autisme',
    'Leerkracht groep 7',
    'Leraar speciaal onderwijs cluster 4',
    'Logopedist',
    'Verloskundige',
    'Kraamverzorgende',
    'Diëtist',
    'Diabetesverpleegkundige',
    'Casemanager dementie',
    'Stomaverpleegkundige',
    'Verslavingsarts',
    'Behandelaar verslavingszorg',
    'Rouwbegeleider',
    'Operatieassistent',
    'Anesthesiemedewerker',
    'Consulent onderwijs zieke leerlingen',
    'Ziekenverzorgende',
    'Ziekenhuisapotheker',
    'Leerkracht ziektevervanging',
    'Klachtenfunctionaris',
    'Medewerker klachten en bezwaar',
    'Schuldhulpverlener',
    'Conflictbemiddelaar',
    'Psychosociaal werker',
    'Afdeling Psychiatrie',
    'Afdeling Oncologie',
    'Unit Chirurgie',
    'Revalidatie',
    'Team HR en verzuim',
    'Zorggroep Noord',
    'Conciërge',
    'Coördinator passend onderwijs',
    'Technisch onderwijsassistent natuurkunde',
    'Medewerker financiële administratie',
    'Schoonmaker',
    'Afvalscheiding',
    'Chauffeur',
    'Beleidsmedewerker onderwijskwaliteit',
    'Directeur-bestuurder',
    'Trainee',
    '',
  ])('%s is left alone', (text) => {
    expect(scanText(text)).toEqual([]);
  });

  it('sees through invisible characters and other forms of letters', () => {
    expect(categories('dep\u00adres\u200bsief')).toContain('diagnosis');
    expect(categories('ｂｕｒｎｏｕｔ')).toContain('diagnosis');
  });

  it('says where, and never what', () => {
    expect(scanText('Docent (burn-out)')).toEqual([{ category: 'diagnosis', at: 7 }]);
  });

  it('never throws and never repeats a text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        for (const hit of [...scanText(text), ...scanReachable(text)]) {
          expect(Object.keys(hit).sort()).toEqual(['at', 'category']);
          expect(Number.isInteger(hit.at)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is quick with long and odd texts', () => {
    const odd = [`${'a'.repeat(20_000)}!`, '1 '.repeat(20_000), 'NL91'.repeat(5_000), 'met '.repeat(10_000)];
    const started = process.hrtime.bigint();
    for (const text of odd) scanText(text);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(3_000);
  });
});

describe('citizen service numbers', () => {
  it.each([
    '111222333',
    '123456782',
    'Docent 111222333',
    '111.222.333',
    '111 222 333',
    '1112.22.333',
    '111-222-333',
    'x111222333y',
    '１１１２２２３３３',
  ])('%s is found', (text) => {
    expect(scanNumbers(text).map((hit) => hit.category)).toEqual(['citizen-number']);
  });

  it.each([
    '111222334',
    '000000000',
    '0612345678',
    '11122233',
    '1112223330',
    '20260302',
    'groep 7',
    '1234567890123',
    '',
  ])('%s is none', (text) => {
    expect(scanNumbers(text)).toEqual([]);
  });

  it('finds every number that passes the eleven-test, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (number) => {
        const digits = String(number).padStart(9, '0');
        expect(scanNumbers(`a ${digits} b`).length > 0).toBe(passesElevenTest(digits));
      }),
      { numRuns: 500 },
    );
  });
});

describe('bank account numbers', () => {
  it.each([
    'NL91ABNA0417164300',
    'nl91 abna 0417 1643 00',
    'rekening NL91ABNA0417164300 school',
    'NL00ABNA0417164300',
    'BE68539007547034',
    'DE89 3704 0044 0532 0130 00',
  ])('%s is found', (text) => {
    expect(scanNumbers(text).map((hit) => hit.category)).toContain('account-number');
  });

  it.each(['BE68539007547035', 'NL91', 'NL91 Amsterdam', 'XX91ABNA0417164300', 'A4 printer 12'])(
    '%s is none',
    (text) => {
      expect(scanNumbers(text)).toEqual([]);
    },
  );
});

describe('names of nursing places', () => {
  it.each([
    'Revalidatiecentrum De Duin',
    'Sint Jansziekenhuis',
    'Ziekenhuis Oost',
    'GGZ Noord',
    'UMC Voorbeeld',
    'Privékliniek West',
    'Verpleeghuis De Linde',
    'Hospice',
    'Psychiatrisch Centrum',
    'Zorghotel aan Zee',
    'Universitätsklinik',
    'Hôpital du Nord',
    'PI Voorbeeld, penitentiaire inrichting',
    'Blijf van mijn Lijf',
    'Medisch Centrum Zuid',
  ])('%s names a care institution', (text) => {
    expect(namesCareInstitution(text)).toBe(true);
  });

  it.each([
    'Fam. Jansen',
    'bij ouders',
    'Vakantiepark De Heide',
    'Camping Zonnehoek',
    'De Boerderij',
    'Hotel Centraal',
  ])('%s does not', (text) => {
    expect(namesCareInstitution(text)).toBe(false);
  });
});

describe('telephone numbers and e-mail addresses', () => {
  it.each([
    '0612345678',
    '+31 (0)6 123 456 78',
    '612345671',
    'a.b@psychologenpraktijk-kanker.example',
    'thuis 0612345678',
  ])('%s is left alone', (text) => {
    expect(scanReachable(text)).toEqual([]);
  });

  it('a remark in their place is found', () => {
    expect(scanReachable('0612345678 niet bellen, ligt in ziekenhuis').length).toBeGreaterThan(0);
  });
});
