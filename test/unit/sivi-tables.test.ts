// The tables of the codec against the published schemas: same elements, order, occurrence, lengths, patterns and codes.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { absenceMessages, raetMessage } from '../../connectors/sivi/absence-message/releases.js';
import { alter, edited, insertAfter, without } from '../../connectors/sivi/edits.js';
import type { Element } from '../../connectors/sivi/elements.js';
import { RELEASES, SIVI_FIELDS } from '../../connectors/sivi/index.js';
import { KNOWN_MESSAGES } from '../support/sivi-messages.js';
import {
  judge,
  publishedMessages,
  type Shape,
  schemaText,
  shapeOfSchema,
  shapeOfTable,
} from '../support/sivi-schema.js';

/** As published with each message. */
const ELEMENTS: Readonly<Record<string, number>> = {
  'Verzuimmeldingen 2022': 195,
  'Verzuimmeldingen 2024': 185,
  'Verzuimmeldingen 2025': 168,
  'Verzuimmeldingen 2026': 168,
  'Afspraken 2022': 65,
  'Afspraken 2024': 65,
  'Afspraken 2025': 65,
  'Afspraken 2026': 66,
  'Retourmelding1 2022': 17,
  'Retourmelding1 2024': 17,
  'Retourmelding1 2025': 17,
  'Retourmelding1 2026': 17,
  'VerwerkingsmeldingWgr-Arbo 2024': 23,
  'VerwerkingsmeldingWgr-Arbo 2025': 23,
  'VerwerkingsmeldingWgr-Arbo 2026': 23,
  'Documenten 2026': 83,
  'Dienstverbanden 2026': 103,
  'WerknemersGegevens 2026': 138,
};

describe.each(KNOWN_MESSAGES)('the table of $schema $release', ({ schema, release, table }) => {
  it('has exactly the elements of its schema', () => {
    expect(shapeOfTable(table.root)).toEqual(shapeOfSchema(release, schema));
  });

  it('has the published number of elements', () => {
    expect(count(shapeOfTable(table.root))).toBe(ELEMENTS[`${schema} ${release}`]);
  });

  it('has the namespace of its schema', () => {
    expect(schemaText(release, schema)).toContain(`targetNamespace="${table.namespace}"`);
  });

  it('has the code and the version of its schema, where that fixes them', () => {
    const [code, version] = ['BrCd', 'VnrBrCd'].map((tag) => fixedValue(shapeOfSchema(release, schema), tag));
    expect([table.messageCode, table.messageVersion]).toEqual([code, version]);
  });

  it('has no English name twice in one object, and no tag twice in one group', () => {
    expect(doubles(table.root)).toEqual([]);
  });
});

describe('the tables together', () => {
  it('are those of every published message but the medical file', () => {
    const tables = KNOWN_MESSAGES.map(({ schema, release }) => `${release}/${schema}`);
    expect(tables.sort()).toEqual(publishedMessages().filter((name) => !name.endsWith('MedischeKaart')));
  });

  it('only the release of Visma Raet forgives what is missing', () => {
    expect(raetMessage.lenient).toBe(true);
    expect(RELEASES.filter((release) => absenceMessages[release].lenient)).toEqual([]);
  });

  it('lists the fields of all releases with their paths', () => {
    expect(SIVI_FIELDS).toEqual(
      expect.arrayContaining([
        'header.reference',
        'employer.postBoxes[].number',
        'employee.bankAccount.iban',
        'employee.noRisk',
        'employment.contacts[].communications[].value',
        'absence.percentage',
        'appointment.employments[].absence.firstDay',
        'result.errors[].text',
        'result.note.text',
        'document.appointment.executor.function',
        'recordKind',
      ]),
    );
  });
});

describe('the hand-written messages', () => {
  it.each([
    ['2022', '2022-everything.xml'],
    ['2026', '2026-three-employees.xml'],
  ])('of release %s are valid by the schema', (release, name) => {
    const { complaint, dispose } = judge(release, 'Verzuimmeldingen');
    const found = complaint(readFileSync(resolve('test/fixtures/sivi', name)));
    dispose();
    expect(found).toBeUndefined();
  });
});

describe('an edit of a table', () => {
  const { root } = absenceMessages['2026'];

  it.each([
    ['without', without('Wrkgvr/Nergens')],
    ['insertAfter', insertAfter('Wrkgvr/Wrknmr/Nergens')],
    ['alter', alter('Nergens', { max: 1 })],
    ['a path through a field', without('Wrkgvr/Lhnr/X')],
  ])('%s that hits nothing throws', (_name, edit) => {
    expect(() => edited(root, edit)).toThrow(/no element|has no elements/);
  });

  it('leaves the table that it is made from as it was', () => {
    const before = JSON.stringify(root);
    edited(root, without('Wrkgvr/Lhnr'));
    expect(JSON.stringify(root)).toBe(before);
  });
});

function count(shape: Shape): number {
  return 1 + (shape.children ?? []).reduce((sum, child) => sum + count(child), 0);
}

/** The value of a header field that may have only one; empty where it is left free. */
function fixedValue(shape: Shape, tag: string): string {
  const header = shape.children?.find((child) => child.tag === 'BrAlg');
  const codes = header?.children?.find((child) => child.tag === tag)?.value?.codes;
  return Array.isArray(codes) ? String(codes) : '';
}

function doubles(element: Element): readonly string[] {
  if (element.kind === 'field') return [];
  const own = [element.children.map((child) => child.tag), element.children.map((child) => child.name)];
  const twice = own.flatMap((names) => names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice, ...element.children.flatMap(doubles)];
}
