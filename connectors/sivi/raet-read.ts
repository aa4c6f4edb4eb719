// Reading one message of Visma Raet's API, in either format, along the table of release 2020.
// Source: domain notes on Visma Raet, sections 3 and 3.1; the published description of the HCA Sivi API.
import type { Decoded } from '../../src/connector.js';
import { decodeTree } from './decode.js';
import { readJson } from './json-read.js';
import { groupIn, tagIn, treeOf } from './json-tree.js';
import type { GroupPlan } from './plan.js';
import { planFor, RAET_PLAN } from './releases.js';
import { isObject, REMOVAL_CODES } from './rules.js';
import type { XmlElement } from './xml-read.js';
import { readXml } from './xml-read.js';

/**
 * Decodes one message of a page; JSON when the content type says so, else XML. The API documents that it sends release
 * 2020, and nobody shows in which namespace: any is taken, on any level, unless it is that of a later release.
 */
export function decodeRaetMessage(
  bytes: Uint8Array,
  contentType: string,
  limits: { readonly maxBytes?: number } = {},
): Decoded {
  if (contentType.includes('json')) return decodeJson(bytes, limits.maxBytes);
  const read = readXml(bytes, limits.maxBytes);
  if ('problem' in read) return { records: [], problems: [read.problem] };
  const found = planFor(read.root);
  if (read.root.name !== RAET_PLAN.root.tag) {
    return { records: [], problems: [{ code: 'SIVI_UNKNOWN_MESSAGE', path: 'root element' }] };
  }
  const plan = 'plan' in found ? found.plan : RAET_PLAN;
  return plan === RAET_PLAN ? decodeRaet(plainly(read.root, RAET_PLAN.root)) : decodeTree(read.root, plan);
}

function decodeJson(bytes: Uint8Array, maxBytes: number | undefined): Decoded {
  const read = readJson(bytes, maxBytes);
  if ('problem' in read) return { records: [], problems: [read.problem] };
  if (isObject(read.value)) return decodeRaet(treeOf(read.value));
  return { records: [], problems: [{ code: 'SIVI_UNKNOWN_MESSAGE', path: 'message' }] };
}

function decodeRaet(root: XmlElement): Decoded {
  return decodeTree(withoutUnsetNumbers(root, RAET_PLAN.root), RAET_PLAN);
}

/** Without namespaces, and each element by its tag in the table. */
function plainly(element: XmlElement, plan: GroupPlan | undefined): XmlElement {
  const elements = element.elements.map((child) => {
    const name = tagIn(plan, child.name);
    return plainly({ ...child, name }, groupIn(plan, name));
  });
  return { ...element, namespace: '', elements };
}

const SEQUENCE = RAET_PLAN.tagOf('absence', 'sequence');
const PERCENTAGE = RAET_PLAN.tagOf('absence', 'percentage');
const ENDED = RAET_PLAN.tagOf('absence', 'ended');
const PROCESSING = RAET_PLAN.tagOf('absence', 'processing');
const ZERO = /^\s*0+(?:\.0+)?\s*$/;

/**
 * The description has these two numbers as never null, so that 0 may stand for "not filled" (section 3.1, last notes).
 * 0 percent is believed where the absence has ended or the report is removed; a report numbered 0 never is.
 */
function withoutUnsetNumbers(element: XmlElement, plan: GroupPlan): XmlElement {
  if (plan.name === 'absence') return { ...element, elements: element.elements.filter(isFilled(element)) };
  const elements = element.elements.map((child) => {
    const inner = groupIn(plan, child.name);
    return inner?.role === 'chain' ? withoutUnsetNumbers(child, inner) : child;
  });
  return { ...element, elements };
}

function isFilled(absence: XmlElement): (child: XmlElement) => boolean {
  const textOf = (tag: string) => absence.elements.find(({ name }) => name === tag)?.text.trim() ?? '';
  const mayBeZero = textOf(ENDED) === 'J' || REMOVAL_CODES.includes(textOf(PROCESSING));
  return ({ name, text }) => {
    if (name !== SEQUENCE && name !== PERCENTAGE) return true;
    return !ZERO.test(text) || (name === PERCENTAGE && mayBeZero);
  };
}
