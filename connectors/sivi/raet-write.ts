// Writing a message as Visma Raet's API would send it, in both formats. For simulators and tests only: nobody receives
// release 2020 from us.
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { CodedError } from '../../src/connector.js';
import { NUMBER_TAGS, raetSent } from './absence-message/raet.js';
import { jsonName } from './json-names.js';
import type { GroupPlan } from './plan.js';
import { planOf } from './plan.js';
import { renderRecord } from './render.js';
import { isObject } from './rules.js';
import type { XmlElement } from './xml-read.js';
import { readXml } from './xml-read.js';

const SENT_PLAN = planOf(raetSent);

/**
 * What Visma Raet would send for a record of renderMessage, in both formats; fields that it never sends are left out.
 * Throws CodedError when the record is not right.
 */
export function renderRaetMessage(record: JsonObject): { readonly json: JsonObject; readonly xml: string } {
  const rendered = renderRecord(sentOf(record), SENT_PLAN);
  const problems = rendered.ok ? [] : rendered.problems;
  if (!rendered.ok) throw new CodedError(problems[0]?.code ?? 'SIVI_BAD_VALUE', problems);
  const xml = rendered.payload.body;
  const read = readXml(new TextEncoder().encode(xml));
  if ('problem' in read) throw new CodedError(read.problem.code, [read.problem]);
  return { json: jsonOf(read.root, SENT_PLAN.root), xml };
}

/** Group by group what it sends; the report's number without leading zeros, since it is a number there. */
function sentOf(record: JsonObject): JsonObject {
  const sent: Record<string, JsonValue | undefined> = {};
  const keep = (plan: GroupPlan) => {
    const own = record[plan.name];
    if (isObject(own)) sent[plan.name] = narrowed(own, plan);
    for (const child of plan.children) if (child.kind === 'group' && child.role !== 'part') keep(child);
  };
  keep(SENT_PLAN.root);
  const { absence } = sent;
  if (isObject(absence) && typeof absence.sequence === 'string') {
    sent.absence = { ...absence, sequence: absence.sequence.replace(/^0+(?=\d)/, '') };
  }
  return sent;
}

function narrowed(object: JsonObject, plan: GroupPlan): JsonObject {
  const parts = new Map(plan.children.map((child) => [child.name, child]));
  const kept = Object.entries(object).filter(([name]) => plan.names.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const part = parts.get(name);
      if (part?.kind !== 'group') return [name, value];
      const inside = (item: JsonValue) => (isObject(item) ? narrowed(item, part) : item);
      return [name, Array.isArray(value) ? value.map(inside) : value && inside(value)];
    }),
  );
}

function jsonOf(element: XmlElement, plan: GroupPlan): JsonObject {
  const object: Record<string, JsonValue> = {};
  for (const child of element.elements) {
    const found = plan.byTag.get(child.name);
    if (!found) continue;
    const name = jsonName(found.tag);
    const many = found.kind === 'group' && found.role === 'part' && found.max > 1;
    const value = found.kind === 'group' ? jsonOf(child, found) : leaf(child, found.tag);
    object[name] = many ? [...((object[name] ?? []) as JsonValue[]), value] : value;
  }
  return object;
}

const leaf = ({ text }: XmlElement, tag: string): JsonValue => (NUMBER_TAGS.has(tag) ? Number(text) : text);
