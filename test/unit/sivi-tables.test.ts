// The tables of the codec against the published schemas: same elements, order, occurrence, lengths, patterns and codes.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { absenceMessages, raetMessage } from '../../connectors/sivi/absence-message/releases.js';
import { alter, edited, insertAfter, without } from '../../connectors/sivi/edits.js';
import type { Element } from '../../connectors/sivi/elements.js';
import { RELEASES, SIVI_FIELDS } from '../../connectors/sivi/index.js';
import { judge, type Shape, schemaText, shapeOfSchema, shapeOfTable } from '../support/sivi-schema.js';

const NAME = 'Verzuimmeldingen';

describe('the table of the absence message', () => {
  it.each(RELEASES)('%s has exactly the elements of its schema', (release) => {
    expect(shapeOfTable(absenceMessages[release].root)).toEqual(shapeOfSchema(release, NAME));
  });

  it.each([
    ['2022', 195],
    ['2024', 185],
    ['2025', 168],
    ['2026', 168],
  ] as const)('%s has the published number of elements, %i', (release, elements) => {
    expect(count(shapeOfTable(absenceMessages[release].root))).toBe(elements);
  });

  it.each(RELEASES)('%s has the namespace of its schema', (release) => {
    expect(schemaText(release, NAME)).toContain(`targetNamespace="${absenceMessages[release].namespace}"`);
  });

  it.each(RELEASES)(
    '%s has no English name twice in one object, and no tag twice in one group',
    (release) => {
      expect(doubles(absenceMessages[release].root)).toEqual([]);
    },
  );

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
      ]),
    );
  });
});

describe('the hand-written messages', () => {
  it.each([
    ['2022', '2022-everything.xml'],
    ['2026', '2026-three-employees.xml'],
  ])('of release %s are valid by the schema', (release, name) => {
    const { complaint, dispose } = judge(release, NAME);
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

function doubles(element: Element): readonly string[] {
  if (element.kind === 'field') return [];
  const own = [element.children.map((child) => child.tag), element.children.map((child) => child.name)];
  const twice = own.flatMap((names) => names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice, ...element.children.flatMap(doubles)];
}
