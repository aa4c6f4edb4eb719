// A message as JSON into the tree of elements that its XML would give, so that both go through the same table and give
// the same record. Numbers become text; what nobody knows keeps its name and is listed as ignored.
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { tagNamesOf } from './json-names.js';
import type { GroupPlan } from './plan.js';
import { RAET_PLAN } from './releases.js';
import { isObject } from './rules.js';
import type { XmlElement } from './xml-read.js';

const TAGS = tagNamesOf(RAET_PLAN.root);

/** The tag that a name stands for in a group; the name itself where nobody knows it. */
export function tagIn(plan: GroupPlan | undefined, name: string): string {
  return (plan && TAGS.get(plan)?.get(name.toLowerCase())) ?? name;
}

export function groupIn(plan: GroupPlan | undefined, tag: string): GroupPlan | undefined {
  const found = plan?.byTag.get(tag);
  return found?.kind === 'group' ? found : undefined;
}

export function treeOf(message: JsonObject): XmlElement {
  return group(RAET_PLAN.root.tag, message, RAET_PLAN.root);
}

function group(name: string, object: JsonObject, plan: GroupPlan | undefined): XmlElement {
  const elements = Object.entries(object).flatMap(([key, value]) => {
    const tag = tagIn(plan, key);
    return listOf(value).map((item) => one(tag, item, groupIn(plan, tag)));
  });
  return { name, namespace: '', elements, text: '', attributes: [] };
}

function one(name: string, value: JsonValue, plan: GroupPlan | undefined): XmlElement {
  if (isObject(value)) return group(name, value, plan);
  return { name, namespace: '', elements: [], text: textOf(value), attributes: [] };
}

/** Null is as good as absent; a list is the element as often as it has items. */
function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.flatMap(listOf) : [value];
}

function textOf(value: JsonValue): string {
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Two decimals are all that the standard has; a rest below that comes from the binary form (33.330000000000005). */
function numberText(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return Math.abs(rounded - value) < 1e-9 ? String(rounded) : String(value);
}
