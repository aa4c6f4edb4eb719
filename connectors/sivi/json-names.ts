// The names that Visma Raet gives to the elements: in JSON the tags in camel case; in XML the tags, as far as is known.
// Found whatever the case, because a name that differs in its capitals only can mean nothing else.
import type { GroupPlan } from './plan.js';

/** `BrCd` -> `brCd`, `WAZOCd` -> `wazoCd`: the first word in small letters. */
export function jsonName(tag: string): string {
  return tag.replace(/^(?:[A-Z]+(?=[A-Z][a-z])|[A-Z])/, (word) => word.toLowerCase());
}

/** Names in small letters to tags, per group. */
export type TagNames = ReadonlyMap<GroupPlan, ReadonlyMap<string, string>>;

export function tagNamesOf(root: GroupPlan): TagNames {
  const own = new Map(root.children.map((child) => [child.tag.toLowerCase(), child.tag]));
  const below = root.children.flatMap((child) => (child.kind === 'group' ? [...tagNamesOf(child)] : []));
  return new Map([[root, own], ...below]);
}
