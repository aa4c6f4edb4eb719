// A message in which every field of a release's table that can hold text, a long number or a date has a value of its
// own that occurs nowhere else, so that each can be followed wherever the product writes.
import { raetSent } from '../../connectors/sivi/absence-message/raet.js';
import { absenceMessages } from '../../connectors/sivi/absence-message/releases.js';
import type { Element, Field, Group } from '../../connectors/sivi/elements.js';
import { type Release, renderMessage, renderRaetMessage } from '../../connectors/sivi/index.js';
import type { TextType } from '../../connectors/sivi/types.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { plusDays } from '../../src/domain/dates.js';

export interface Planted {
  /** Path of the codec's names; items of a list are numbered from 0. */
  readonly path: string;
  readonly word: string;
}

export interface PlantedMessage {
  readonly xml: string;
  readonly planted: readonly Planted[];
}

/** Shorter ones would turn up by chance. */
const SHORTEST = 4;
const LONGEST = 14;
const COUNTING = 'bcdfghjklmnpqrstvw';
/** These steer the message: they say "a first report of somebody who is wholly absent". */
const STEERING: Readonly<Record<string, string>> = {
  'header.test': 'N',
  'employee.namePreference': '01',
  'absence.processing': '01',
  'absence.effectiveDate': '2026-03-02',
  'absence.firstDay': '2026-03-02',
  'absence.reportDate': '2026-03-02',
  'absence.sequence': '1',
  'absence.ended': 'N',
  'absence.percentage': '100.00',
  'absence.cause': '99',
  'absence.conflict': 'N',
};
/** A first report has none of these, or a person would have to look at it. */
const ABSENT =
  /^employee\.deathDate$|^absence\.(previousEffectiveDate|previousFirstDay|recoveryDate|employerRecoveryDate|therapeuticPercentage)$/;

let next = 0;

export function plantedMessage(release: Release): PlantedMessage {
  const { record, planted } = plantedRecord(absenceMessages[release].root);
  const rendered = renderMessage(record, { release });
  if (rendered.ok) return { xml: rendered.payload.body, planted };
  throw new Error(`the planted message does not render: ${JSON.stringify(rendered.problems)}`);
}

/** As Visma Raet's API would send it, in its JSON form. */
export function plantedRaetMessage(): { json: JsonObject; planted: readonly Planted[] } {
  const { record, planted } = plantedRecord(raetSent.root);
  return { json: renderRaetMessage(record).json, planted };
}

function plantedRecord(root: Group): { record: JsonObject; planted: readonly Planted[] } {
  const planted: Planted[] = [];
  const record: Record<string, JsonValue | undefined> = {};
  fillOwn(root, { planted, record });
  return { record, planted };
}

interface Planting {
  readonly planted: Planted[];
  readonly record: Record<string, JsonValue | undefined>;
}

/** Side and chain groups are objects of the record's own. */
function fillOwn(group: Group, at: Planting): void {
  if (group.name !== '') at.record[group.name] = objectOf(group, group.name, 0, at);
  for (const child of group.children) if (child.kind === 'group' && child.role !== 'part') fillOwn(child, at);
}

function objectOf(group: Group, path: string, index: number, at: Planting): JsonObject {
  const object: Record<string, JsonValue | undefined> = {};
  for (const child of group.children) {
    if (isOwn(child)) continue;
    object[child.name] =
      child.kind === 'field'
        ? fieldOf(child, `${path}.${child.name}`, index, at)
        : partOf(child, `${path}.${child.name}`, at);
  }
  return object;
}

const isOwn = (child: Element): boolean => child.kind === 'group' && child.role !== 'part';

/** Of a list two items, each of another kind. */
function partOf(group: Group, path: string, at: Planting): JsonValue {
  if (group.max === 1) return objectOf(group, path, 0, at);
  return [0, 1].map((index) => objectOf(group, `${path}[${index}]`, index, at));
}

function fieldOf(field: Field, path: string, index: number, at: Planting): JsonValue | undefined {
  if (ABSENT.test(path)) return undefined;
  const steering = STEERING[path] ?? (path.startsWith('header.message') ? codeOf(field, 0) : undefined);
  if (steering !== undefined) return steering;
  const value = contentOf(field, index);
  if (value.marked) at.planted.push({ path, word: value.text });
  return value.text;
}

function contentOf(field: Field, index: number): { text: string; marked: boolean } {
  const { type } = field;
  next += 1;
  switch (type.kind) {
    case 'text':
      return { text: wordFor(type), marked: type.maxLength >= SHORTEST };
    case 'integer':
      return { text: numberOf(type.digits), marked: type.digits >= 8 };
    case 'date':
      return { text: plusDays('1902-02-01', next * 3), marked: true };
    case 'decimal':
      return { text: '36.50', marked: false };
    case 'percentage':
      return { text: '70.00', marked: false };
    case 'time':
      return { text: '03:07:09', marked: false };
    case 'code':
      return { text: codeOf(field, index), marked: false };
  }
}

const codeOf = ({ type }: Field, index: number): string =>
  type.kind === 'code' ? (type.codes[index % type.codes.length] ?? '') : '';

/** A `z`, then `x` up to the length, then three letters that count: no word is part of another, none of a language. */
function wordFor({ maxLength }: TextType): string {
  const length = Math.min(maxLength, LONGEST);
  if (length < SHORTEST) return 'nl'.slice(0, length);
  const letters = [324, 18, 1].map((weight) => COUNTING[Math.floor(next / weight) % 18]).join('');
  return `z${'x'.repeat(length - SHORTEST)}${letters}`;
}

function numberOf(digits: number): string {
  return digits < 8 ? '7' : `${'9'.repeat(digits - 5)}${String(20_000 + next * 7)}`;
}
