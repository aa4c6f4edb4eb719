// Arbitrary records of a message, made from its table itself, so that every field of a release is reached,
// with awkward text in them; and awkward replacements for single values.
import fc from 'fast-check';
import type { Element, Field, Group, MessageTable } from '../../connectors/sivi/elements.js';
import type { SimpleType, TextType } from '../../connectors/sivi/types.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';

const LETTERS = [...'aBz éË€’"\'<>&;]/-_.\t\n\r \u00a0😀', '\u0085', '\u2028'];
const WITH_DIGITS = [...LETTERS, ...'0719٣'];
const PHRASES = [
  '007',
  ' vooraan',
  'achteraan ',
  'a & b',
  '<b>',
  '&amp;',
  '&#233;',
  ']]>',
  '1e5',
  '0.00',
  "'t",
  '\r\n.',
];

/** Records that are right in every way. Text of white space only is left out, and so are
 * groups without any text: they count as empty. */
export function messageRecords({ kind, root }: MessageTable): fc.Arbitrary<JsonObject> {
  const groups = ownGroups(root);
  const shape = Object.fromEntries(groups.map((group) => [group.name, objects(group)]));
  const needed = groups.filter((group) => group.min > 0 && group !== root).map((group) => group.name);
  const records = fc.record(shape, { requiredKeys: needed, noNullPrototype: true });
  if (kind !== 'absence') return records;
  return fc
    .tuple(records, fc.boolean(), fc.integer({ min: 1, max: 10_000 }), dates)
    .map(([record, ended, share, recoveryDate]) => consistent(record, { ended, share, recoveryDate }));
}

interface End {
  readonly ended: boolean;
  readonly share: number;
  readonly recoveryDate: string;
}

function consistent(record: JsonObject, { ended, share, recoveryDate }: End): JsonObject {
  const { recoveryDate: _, ...absence } = record.absence as JsonObject;
  const end = ended
    ? { ended: 'J', percentage: '0.00', recoveryDate }
    : { ended: 'N', percentage: percentage(share) };
  return { ...record, absence: { ...absence, ...end } };
}

/** Header, office, employer, employee, employment, absence and so on: what stands at the top of a record. */
function ownGroups(root: Group): readonly Group[] {
  return root.name === '' ? groupsBelow(root) : [root, ...groupsBelow(root)];
}

function groupsBelow(group: Group): readonly Group[] {
  const groups = group.children
    .filter((child) => child.kind === 'group')
    .filter((child) => child.role !== 'part');
  return groups.flatMap((child) => [child, ...groupsBelow(child)]);
}

function objects(group: Group): fc.Arbitrary<JsonObject> {
  const inside = group.children.filter((child) => child.kind === 'field' || child.role === 'part');
  const shape = Object.fromEntries(inside.map((child) => [child.name, valuesOf(child)]));
  const requiredKeys = inside.filter(isNeeded).map((child) => child.name);
  const records = fc.record(shape, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;
  return records.filter((record) => Object.values(record).some((value) => value !== ''));
}

/**
 * Paths of the fields that the table requires, in their first place where they stand in a list. Not those of optional
 * objects: without its required field such an object may be empty, which is as good as absent.
 */
export function requiredPaths(root: Group): readonly string[] {
  return ownGroups(root).flatMap((group) => (group.min > 0 ? requiredIn(group, group.name) : []));
}

function requiredIn(group: Group, path: string): readonly string[] {
  return group.children.flatMap((child) => {
    if (child.kind === 'field') return isNeeded(child) ? [`${path}.${child.name}`] : [];
    if (child.role !== 'part' || child.max === 1) return [];
    return requiredIn(child, `${path}.${child.name}[0]`);
  });
}

function isNeeded(element: Element): boolean {
  return element.kind === 'field' ? element.required && !element.sealed : element.min > 0;
}

function valuesOf(element: Element): fc.Arbitrary<JsonValue> {
  if (element.kind === 'field') return fields(element);
  if (element.max === 1) return objects(element);
  const one = objects(element);
  return fc.oneof({ arbitrary: fc.tuple(one), weight: 4 }, { arbitrary: fc.tuple(one, one), weight: 1 });
}

function fields(field: Field): fc.Arbitrary<string> {
  const { type } = field;
  if (type.kind === 'text' && type.minLength === 0 && field.required && !field.filled && !field.sealed) {
    return fc.oneof({ arbitrary: simple(type), weight: 9 }, { arbitrary: fc.constant(''), weight: 1 });
  }
  return simple(type);
}

const dates = fc
  .integer({ min: 0, max: 60_000 })
  .map((day) => new Date(Date.UTC(1900, 0, 1 + day)).toISOString().slice(0, 10));
const times = fc.constantFrom('00:00:00', '23:59:59', '08:15:00.123', '12:00:00Z', '12:00:00+01:00');

function simple(type: SimpleType): fc.Arbitrary<string> {
  switch (type.kind) {
    case 'text':
      return texts(type);
    case 'code':
      return fc.constantFrom(...type.codes);
    case 'integer':
      return fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: type.digits });
    case 'decimal':
      return fc.integer({ min: 0, max: 10 ** (type.wholeDigits + 2) - 1 }).map(percentage);
    case 'percentage':
      return fc.integer({ min: 0, max: 10_000 }).map(percentage);
    case 'date':
      return dates;
    case 'time':
      return times;
  }
}

/** For texts without a limit. */
const LONGEST = 2_000;

/** Short as a rule, now and then as long as the type allows. */
function texts(type: TextType): fc.Arbitrary<string> {
  const chars = (type.noDigits ? LETTERS : WITH_DIGITS).filter((char) => !type.noSpace || !/\s/.test(char));
  const unit = fc.constantFrom(...chars);
  const { minLength } = type;
  const maxLength = Math.min(type.maxLength, LONGEST);
  const short = fc.string({ unit, minLength: Math.max(1, minLength), maxLength: Math.min(maxLength, 8) });
  const full = fc.string({ unit, minLength: maxLength, maxLength });
  const phrases = fc.constantFrom(...PHRASES.filter((phrase) => allows(type, phrase)), 'x'.repeat(maxLength));
  return fc
    .oneof(
      { arbitrary: short, weight: 24 },
      { arbitrary: phrases, weight: 12 },
      { arbitrary: full, weight: 1 },
    )
    .filter((value) => value.trim() !== '');
}

function allows(type: TextType, phrase: string): boolean {
  if (phrase.length < type.minLength || phrase.length > type.maxLength) return false;
  return !(type.noDigits && /\d/.test(phrase)) && !(type.noSpace && /\s/.test(phrase));
}

function percentage(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}

/** Values that fit few places: too long, almost a date, almost a number, not allowed in XML, no text at all. */
export const awkwardValues: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    ...[
      '',
      ' ',
      '\n',
      'J',
      'j',
      '01',
      '99',
      '007',
      '0',
      '-1',
      '+1',
      '1e3',
      '12,50',
      '50',
      '50.5',
      '050.00',
      '100.00',
    ],
    ...[
      '100.01',
      '150.00',
      '9999.99',
      '10000.00',
      '.50',
      '2026-02-28',
      '2026-02-30',
      '2026-13-01',
      '0000-01-01',
    ],
    ...[
      '2026-01-01Z',
      ' 2026-01-01',
      '24:00:00',
      '12:00:60',
      '12:00',
      '٣',
      '\u0000',
      '\u000b',
      '\uFFFE',
      '\uD800',
    ],
    ...['1234 AB', '1234AB', '1234 A', 'A.B.C.D.', 'ABCDEF', '😀'.repeat(6), '😀'.repeat(7), '\u2028', ' J'],
    ...[1, 0, true, null, {}, []],
  ),
  fc.integer({ min: 1, max: 600 }).map((length) => 'é'.repeat(length)),
  fc.string({ maxLength: 50 }),
);
