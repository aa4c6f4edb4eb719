// Writing: one record along its table into one message with one absence group. Valid by construction: every value is
// checked against its type before it is written, every group against how often it may occur, and what the release has
// no place for is reported by its path. All problems are reported at once, and then nothing is written.
import type { ErrorCode, JsonObject, JsonValue, Problem, Rendered } from '../../src/connector.js';
import type { FieldPlan, GroupPlan, MessagePlan } from './plan.js';
import type { MessageName, Release } from './releases.js';
import { planIn } from './releases.js';
import { contradictionIn, isObject } from './rules.js';
import { expected } from './types.js';
import { fits, isBlank } from './values.js';

const CONTENT_TYPE = 'application/xml; charset=utf-8';
const PACKAGE = 'softwarePackage';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

export interface RenderOptions {
  readonly release: Release;
  /** Header fields of the connection: they come before those of the record. */
  readonly header?: JsonObject;
}

/**
 * Writes the message of one decoded or mapped record: the one that its `recordKind` asks for, an absence when it has
 * none. Paths in problems are English field paths, lists from 0: `employee.addresses[0].postcode`. The message code and
 * version are filled in when they are not set.
 */
export function renderMessage(record: JsonObject, options: RenderOptions): Rendered {
  const { recordKind: kind, ...fields } = record;
  const name = messageFor(kind, fields);
  return name ? renderAs(name, fields, options) : notCarried(options.release);
}

/** As renderMessage, for the messages that no route uses. */
export function renderEmploymentMessage(
  record: JsonObject,
  { message, ...options }: RenderOptions & { readonly message: 'employments' | 'employees' },
): Rendered {
  return renderAs(message, record, options);
}

/** A result with an outcome or a case is about a report; else it is about a whole message. */
function messageFor(kind: JsonValue | undefined, { result }: JsonObject): MessageName | undefined {
  if (!isSet(kind) || kind === 'absence') return 'absence';
  if (kind === 'appointment') return 'appointments';
  if (kind === 'document') return 'documents';
  if (kind === 'result') return isReport(result) ? 'processing' : 'return';
  return undefined;
}

const isReport = (result: JsonValue | undefined): boolean =>
  isObject(result) && (isSet(result.outcome) || isSet(result.caseId));

function renderAs(name: MessageName, record: JsonObject, { release, header }: RenderOptions): Rendered {
  const plan = planIn(name, release);
  if (!plan) return notCarried(release);
  const own = isObject(record.header) ? record.header : {};
  return renderRecord(header ? { ...record, header: { ...own, ...header } } : record, plan);
}

function notCarried(release: Release): Rendered {
  const detail = `Release ${release} is not known to have a message for it.`;
  return { ok: false, problems: [{ code: 'SIVI_CANNOT_CARRY', path: 'recordKind', detail }] };
}

/** Writes a record along any table. */
export function renderRecord(record: JsonObject, plan: MessagePlan): Rendered {
  const problems: Problem[] = [];
  const writing: Writing = { record: withHeader(record, plan), problems };
  const body = writeOwn(plan.root, writing);
  for (const name in record) {
    if (!plan.names.has(name) && isSet(record[name])) note(writing, 'SIVI_CANNOT_CARRY', name);
  }
  const contradiction = contradictionIn(record);
  if (contradiction) {
    const { group, name, detail } = contradiction;
    problems.push({ code: 'SIVI_CONTRADICTION', path: `${group}.${name}`, detail });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, payload: { contentType: CONTENT_TYPE, body: `${DECLARATION}${body}\n` } };
}

interface Writing {
  readonly record: JsonObject;
  readonly problems: Problem[];
}

function withHeader(record: JsonObject, plan: MessagePlan): JsonObject {
  const header = isObject(record.header) ? record.header : {};
  const { messageCode, messageVersion } = plan.table;
  const filled: Record<string, JsonValue | undefined> = { ...header };
  if (!isSet(header.messageCode) && messageCode !== '') filled.messageCode = messageCode;
  if (!isSet(header.messageVersion) && messageVersion !== '') filled.messageVersion = messageVersion;
  // The one field about ourselves: where a message has no place for it, nothing is lost.
  if (plan.tagOf('header', PACKAGE) === PACKAGE) delete filled[PACKAGE];
  return { ...record, header: filled };
}

/** A side or chain group: its object stands at the top of the record. */
function writeOwn(plan: GroupPlan, writing: Writing): string {
  if (plan.name === '')
    return plan.open + writeChildren(plan, { object: {}, path: '' }, writing) + plan.close;
  const value = writing.record[plan.name];
  if (!isSet(value) && plan.min === 0) return '';
  if (isSet(value) && !isObject(value)) {
    note(writing, 'SIVI_BAD_VALUE', plan.name, 'Expected an object.');
    return '';
  }
  return plan.open + writeChildren(plan, { object: value ?? {}, path: plan.name }, writing) + plan.close;
}

interface Source {
  readonly object: JsonObject;
  readonly path: string;
}

function writeChildren(plan: GroupPlan, source: Source, writing: Writing): string {
  let out = '';
  for (const child of plan.children) {
    if (child.kind === 'field') out += writeField(child, source, writing);
    else if (child.role === 'part') out += writePart(child, source, writing);
    else out += writeOwn(child, writing);
  }
  for (const name in source.object) {
    if (!plan.names.has(name) && isSet(source.object[name])) {
      note(writing, 'SIVI_CANNOT_CARRY', `${source.path}.${name}`);
    }
  }
  return out;
}

function writeField(plan: FieldPlan, source: Source, writing: Writing): string {
  const value = source.object[plan.name];
  const { required, sealed, type } = plan.field;
  if (value === undefined || value === null || (typeof value === 'string' && isBlank(value))) {
    if (!required) return '';
    if (sealed) return plan.open + plan.close;
    if (typeof value === 'string' && plan.mayBeEmpty) return plan.open + plan.close;
    note(writing, 'SIVI_MISSING_ELEMENT', `${source.path}.${plan.name}`);
    return '';
  }
  if (typeof value === 'string' && fits(type, value)) return plan.open + escaped(value) + plan.close;
  note(writing, 'SIVI_BAD_VALUE', `${source.path}.${plan.name}`, `Expected ${expected(type)}.`);
  return '';
}

function writePart(plan: GroupPlan, source: Source, writing: Writing): string {
  const value = source.object[plan.name];
  const path = `${source.path}.${plan.name}`;
  if (!isSet(value)) {
    if (plan.min > 0) note(writing, 'SIVI_MISSING_ELEMENT', path);
    return '';
  }
  if (plan.max === 1) return writeItem(plan, { value, path }, writing);
  if (!Array.isArray(value)) {
    note(writing, 'SIVI_BAD_VALUE', path, 'Expected a list.');
    return '';
  }
  if (value.length > plan.max) note(writing, 'SIVI_REPEATED_ELEMENT', path, `At most ${plan.max}.`);
  let out = '';
  for (const [index, item] of value.entries()) {
    out += writeItem(plan, { value: item, path: `${path}[${index}]` }, writing);
  }
  return out;
}

function writeItem(plan: GroupPlan, item: { value: JsonValue; path: string }, writing: Writing): string {
  const { value, path } = item;
  if (isObject(value)) return plan.open + writeChildren(plan, { object: value, path }, writing) + plan.close;
  note(writing, 'SIVI_BAD_VALUE', path, 'Expected an object.');
  return '';
}

/** Empty text, lists and objects say nothing: they are as good as absent. */
function isSet(value: JsonValue | undefined): value is JsonValue {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return !isBlank(value);
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.values(value).some(isSet);
  return true;
}

function note(writing: Writing, code: ErrorCode, path: string, detail?: string): void {
  writing.problems.push(detail === undefined ? { code, path } : { code, path, detail });
}

const TO_ESCAPE = /[&<>\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Line ends and tabs go as references, so that no reader's normalisation touches them. */
function escaped(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replace(/[&<>\t\n\r]/g, (char) => ESCAPES[char] ?? char);
}
