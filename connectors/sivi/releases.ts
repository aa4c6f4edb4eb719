// Which messages and releases there are, and which one a root element is. Chosen by root and namespace, never by the
// version number alone: that one does not change in every release.
import type { Problem } from '../../src/connector.js';
import { absenceMessages, raetMessage } from './absence-message/releases.js';
import type { MessagePlan } from './plan.js';
import { planOf } from './plan.js';
import type { XmlElement } from './xml-read.js';

/** Releases that can be written. */
export const RELEASES = ['2022', '2024', '2025', '2026'] as const;
export type Release = (typeof RELEASES)[number];

export const ABSENCE_PLANS: Readonly<Record<Release, MessagePlan>> = {
  '2022': planOf(absenceMessages['2022']),
  '2024': planOf(absenceMessages['2024']),
  '2025': planOf(absenceMessages['2025']),
  '2026': planOf(absenceMessages['2026']),
};

export const RAET_PLAN = planOf(raetMessage);
const BY_NAMESPACE: ReadonlyMap<string, MessagePlan> = new Map(
  Object.values(ABSENCE_PLANS).map((plan) => [plan.table.namespace, plan]),
);
const ROOTS: ReadonlySet<string> = new Set([...BY_NAMESPACE.values()].map((plan) => plan.root.tag));

export type Found = { readonly plan: MessagePlan } | { readonly problem: Problem };

export function planFor(root: XmlElement): Found {
  if (!ROOTS.has(root.name)) return { problem: { code: 'SIVI_UNKNOWN_MESSAGE', path: 'root element' } };
  const plan = BY_NAMESPACE.get(root.namespace);
  if (plan && plan.root.tag === root.name) return { plan };
  if (isRaet(root)) return { plan: RAET_PLAN };
  return { problem: { code: 'SIVI_UNKNOWN_RELEASE', path: root.name } };
}

function isRaet(root: XmlElement): boolean {
  if (root.name !== RAET_PLAN.root.tag) return false;
  if (root.namespace !== '') return root.namespace.endsWith('/2020');
  const header = root.elements.find((element) => element.name === 'BrAlg');
  const version = header?.elements.find((element) => element.name === 'VnrBrCd');
  return version?.text.trim() === RAET_PLAN.table.messageVersion;
}
