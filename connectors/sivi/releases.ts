// Which messages and releases there are, and which one a root element is. Chosen by root and namespace, never by the
// version number alone: that one does not change in every release.
import type { Problem } from '../../src/connector.js';
import { absenceMessages, raetMessage } from './absence-message/releases.js';
import type { MessageTable } from './elements.js';
import { employeeMessage, employmentMessage } from './employment-messages.js';
import type { MessagePlan } from './plan.js';
import { planOf } from './plan.js';
import { appointmentMessages } from './return-messages/appointments.js';
import { documentMessages } from './return-messages/documents.js';
import { processingMessages, returnMessages } from './return-messages/results.js';
import type { XmlElement } from './xml-read.js';

/** Releases that can be written. */
export const RELEASES = ['2022', '2024', '2025', '2026'] as const;
export type Release = (typeof RELEASES)[number];

/** The messages that are read and written, each in the releases in which it is known. */
export const MESSAGES = {
  absence: absenceMessages,
  appointments: appointmentMessages,
  return: returnMessages,
  processing: processingMessages,
  documents: documentMessages,
  employments: { '2026': employmentMessage },
  employees: { '2026': employeeMessage },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<Release, MessageTable>>>>>;
export type MessageName = keyof typeof MESSAGES;

type Plans = Readonly<Partial<Record<Release, MessagePlan>>>;

const PLANS = Object.fromEntries(
  Object.entries(MESSAGES).map(([name, tables]) => [
    name,
    Object.fromEntries(Object.values(tables).map((table) => [table.release, planOf(table)])),
  ]),
) as Readonly<Record<MessageName, Plans>>;

/** Undefined when the message does not exist, or is not known, in that release. */
export function planIn(name: MessageName, release: Release): MessagePlan | undefined {
  return PLANS[name][release];
}

export const RAET_PLAN = planOf(raetMessage);

const ALL = Object.values(PLANS).flatMap((plans) => Object.values(plans));
/** Each message has a namespace of its own in each release. */
const BY_NAMESPACE: ReadonlyMap<string, MessagePlan> = new Map(
  ALL.map((plan) => [plan.table.namespace, plan]),
);
const ROOTS: ReadonlySet<string> = new Set(ALL.map((plan) => plan.root.tag));

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
