// A message in which every field of a release's table that can hold text, a long number or a date has a value of its
// own that occurs nowhere else, so that each can be followed wherever the product writes.
import { raetSent } from '../../connectors/sivi/absence-message/raet.js';
import { absenceMessages } from '../../connectors/sivi/absence-message/releases.js';
import type { Element, Field, Group } from '../../connectors/sivi/elements.js';
import { type Release, renderMessage, renderRaetMessage } from '../../connectors/sivi/index.js';
import type { TextType } from '../../connectors/sivi/types.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { plusDays } from '../../src/domain/dates.js';
import type { KnownMessage } from './sivi-messages.js';

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

/** Goes before the word wherever there is room, in messages of an arbodienst. */
const MEDICAL = 'psychose';

export type Steering = Readonly<Record<string, string | null>>;

interface Plan {
  readonly steering: Steering;
  readonly isAbsent: (path: string) => boolean;
  readonly before: string;
}

const FIRST_REPORT: Plan = { steering: STEERING, isAbsent: (path) => ABSENT.test(path), before: '' };

let next = 0;

export function plantedMessage(release: Release): PlantedMessage {
  const { record, planted } = plantedRecord(absenceMessages[release].root, FIRST_REPORT);
  const rendered = renderMessage(record, { release });
  if (rendered.ok) return { xml: rendered.payload.body, planted };
  throw new Error(`the planted message does not render: ${JSON.stringify(rendered.problems)}`);
}

/** As Visma Raet's API would send it, in its JSON form. */
export function plantedRaetMessage(): { json: JsonObject; planted: readonly Planted[] } {
  const { record, planted } = plantedRecord(raetSent.root, FIRST_REPORT);
  return { json: renderRaetMessage(record).json, planted };
}

/**
 * Any other message of the standard, with medical words too; `steering` gives the values of single fields by their paths,
 * null for none.
 */
export function plantedReturn(known: KnownMessage, steering: Steering): PlantedMessage {
  const plan = {
    steering: { 'header.test': 'N', ...steering },
    isAbsent: () => false,
    before: `${MEDICAL} `,
  };
  const { record, planted } = plantedRecord(known.table.root, plan);
  const rendered = known.render(record);
  if (rendered.ok) return { xml: rendered.payload.body, planted };
  throw new Error(`the planted message does not render: ${JSON.stringify(rendered.problems)}`);
}

function plantedRecord(root: Group, plan: Plan): { record: JsonObject; planted: readonly Planted[] } {
  const planted: Planted[] = [];
  const record: Record<string, JsonValue | undefined> = {};
  fillOwn(root, { plan, planted, record });
  return { record, planted };
}

interface Planting {
  readonly plan: Plan;
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
  const { steering, isAbsent, before } = at.plan;
  if (isAbsent(path)) return undefined;
  const steered = steering[path];
  if (steered !== undefined) return steered ?? undefined;
  if (path.startsWith('header.message') && field.type.kind === 'code') return codeOf(field, 0);
  const value = contentOf(field, index, before);
  if (value.marked) at.planted.push({ path, word: value.text.slice(value.text.lastIndexOf(' ') + 1) });
  return value.text;
}

function contentOf(field: Field, index: number, before: string): { text: string; marked: boolean } {
  const { type } = field;
  next += 1;
  switch (type.kind) {
    case 'text':
      return { text: textOf(type, before), marked: type.maxLength >= SHORTEST };
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

function textOf(type: TextType, before: string): string {
  const room = type.maxLength >= before.length + LONGEST && !type.noSpace;
  return room ? `${before}${wordFor(type)}` : wordFor(type);
}

function numberOf(digits: number): string {
  return digits < 8 ? '7' : `${'9'.repeat(digits - 5)}${String(20_000 + next * 7)}`;
}
