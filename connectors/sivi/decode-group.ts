// Reading one group: its fields and the parts inside it become one object; the groups that become objects of the
// record's own are handed back. What is wrong and what is unknown goes into the notes, by path.
import type { JsonValue, Problem } from '../../src/connector.js';
import type { ElementPlan, FieldPlan, GroupPlan } from './plan.js';
import { expected } from './types.js';
import { fits, isBlank, tidy } from './values.js';
import type { XmlElement } from './xml-read.js';

/** An element of the message with its plan and its place, `Verzuimmeldingen/Wrkgvr[1]`. */
export interface Spot {
  readonly plan: GroupPlan;
  readonly element: XmlElement;
  readonly place: string;
  /** One more than the standard allows. Its content is not read, and those after it are not handed back. */
  readonly tooMany: boolean;
}

export interface Notes {
  readonly problems: Problem[];
  /** Paths of element names, without indexes. */
  readonly ignored: Set<string>;
  /** Are sealed fields read? */
  readonly withContent: boolean;
}

export type Mutable = Record<string, JsonValue>;

interface OwnGroup {
  readonly object: Mutable;
  /** Side and chain groups, in the order of the message. */
  readonly groups: readonly Spot[];
}

/** At most so many different ignored paths are noted per group. */
const MAX_IGNORED = 100;

export function readGroup(spot: Spot, notes: Notes): OwnGroup {
  const { plan, element, place } = spot;
  const object: Mutable = {};
  const groups: Spot[] = [];
  const counts = new Map<ElementPlan, number>();
  for (const child of element.elements) {
    const found = child.namespace === element.namespace ? plan.byTag.get(child.name) : undefined;
    if (!found) {
      ignore(notes, `${plan.path}/${safeName(child.name)}`);
    } else if (found.kind === 'field') {
      readField(found, child, { object, notes, spot });
    } else {
      const count = (counts.get(found) ?? 0) + 1;
      counts.set(found, count);
      const inner: Spot = {
        plan: found,
        element: child,
        place: groupPlace(place, found, count),
        tooMany: count > found.max,
      };
      if (inner.tooMany) {
        if (count > found.max + 1) continue;
        if (found.role === 'chain') groups.push(inner);
        else notes.problems.push(repeated(inner.place));
      } else if (found.role === 'part') addPart(object, inner, notes);
      else groups.push(inner);
    }
  }
  for (const needed of plan.needed) {
    const present = needed.kind === 'field' ? object[needed.name] !== undefined : counts.has(needed);
    if (!present) notes.problems.push({ code: 'SIVI_MISSING_ELEMENT', path: `${place}/${needed.tag}` });
  }
  ignoreOddities(spot, notes);
  return { object, groups };
}

export function repeated(path: string): Problem {
  return { code: 'SIVI_REPEATED_ELEMENT', path };
}

interface Into {
  readonly object: Mutable;
  readonly notes: Notes;
  readonly spot: Spot;
}

function readField(plan: FieldPlan, element: XmlElement, into: Into): void {
  const { object, notes, spot } = into;
  const { field, name, tag } = plan;
  if (field.sealed && !notes.withContent) return;
  if (object[name] !== undefined) {
    notes.problems.push(repeated(`${spot.place}/${tag}`));
    return;
  }
  const { text } = element;
  if (isBlank(text)) {
    if (field.required && !field.sealed) object[name] = '';
    if (plan.missingIn && !plan.mayBeEmpty) {
      notes.problems.push({ code: 'SIVI_MISSING_ELEMENT', path: `${spot.place}/${tag}` });
    }
  } else {
    const value = tidy(field.type, text);
    object[name] = value;
    if (plan.formIn && !fits(field.type, value)) {
      const path = `${spot.place}/${tag}`;
      notes.problems.push({ code: 'SIVI_BAD_VALUE', path, detail: `Expected ${expected(field.type)}.` });
    }
  }
  if (element.elements.length > 0 || element.attributes.length > 0) {
    ignoreInside(notes, `${spot.plan.path}/${tag}`, element);
  }
}

/** An empty part is as good as absent; the standard's `min` within a part is not judged on reading. */
function addPart(object: Mutable, spot: Spot, notes: Notes): void {
  const { plan } = spot;
  const inner = readGroup(spot, notes).object;
  if (isEmpty(inner)) return;
  const list = object[plan.name];
  if (plan.max === 1) object[plan.name] = inner;
  else if (Array.isArray(list)) list.push(inner);
  else object[plan.name] = [inner];
}

function isEmpty(object: Mutable): boolean {
  for (const _ in object) return false;
  return true;
}

function groupPlace(place: string, plan: GroupPlan, count: number): string {
  return plan.max === 1 ? `${place}/${plan.tag}` : `${place}/${plan.tag}[${count}]`;
}

function ignoreOddities({ plan, element }: Spot, notes: Notes): void {
  if (!isBlank(element.text)) ignore(notes, `${plan.path}/text()`);
  for (const name of element.attributes) ignore(notes, `${plan.path}/@${safeName(name)}`);
}

function ignoreInside(notes: Notes, path: string, element: XmlElement): void {
  for (const child of element.elements) ignore(notes, `${path}/${safeName(child.name)}`);
  for (const name of element.attributes) ignore(notes, `${path}/@${safeName(name)}`);
}

function ignore(notes: Notes, path: string): void {
  if (notes.ignored.size < MAX_IGNORED) notes.ignored.add(path);
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9._-]{0,39}$/;

/** A sender can put anything into a name that nobody knows: shown is what looks like a name, without long numbers. */
function safeName(name: string): string {
  return PLAIN_NAME.test(name) ? name.replace(/\d{4,}/g, '#') : '(unreadable)';
}
