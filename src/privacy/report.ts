// What a route lets through, field by field, for a privacy officer and for the mapping check: the direction's table with
// the route's options filled in. Nothing here decides; it tells what conditions.ts decides.
import { settle } from './conditions.js';
import { type Direction, type GateOptions, WIDEST_GATE_OPTIONS } from './options.js';
import { NOTIFICATION_ONLY, scanOf } from './plan.js';
import type { PrivacyReport, ReportedRoute, ReportRule } from './report-shape.js';
import type { Rule, Verdict } from './rule.js';
import { tableOf } from './rules.js';

export function privacyReport(route: ReportedRoute): PrivacyReport {
  const { direction, options } = route;
  const rules = tableOf(direction).rules.map((rule) => reportRule(rule, options));
  const having = (verdict: Verdict) => rules.filter((rule) => rule.verdict === verdict);
  return {
    route: route.name,
    from: { connection: route.from, party: direction.from },
    to: { connection: route.to, party: direction.to },
    built: tableOf(direction).carries !== null,
    options,
    goesOver: having('allow'),
    goesOverOnCondition: having('allow-if'),
    heldForPerson: having('hold'),
    neverGoesOver: having('drop'),
  };
}

function reportRule(rule: Rule, options: GateOptions): ReportRule {
  const { id, what, why, source, sure } = rule;
  const { verdict, mayPass, words } = settle(rule, options);
  const when = rule.coveredBy ? `${words}; its fields are listed with ${rule.coveredBy}` : words;
  const fields = rule.paths
    .filter((path) => !NOTIFICATION_ONLY.includes(path))
    .map((path) => ({ path, name: plainName(path), scanned: mayPass ? (scanOf(path) ?? null) : null }));
  return { id, verdict, what, when, why, source, sure, fields };
}

/** `employee.addresses[].houseNumber` -> "employee, addresses: house number". */
function plainName(path: string): string {
  const steps = path.replaceAll('[]', '').split('.').map(inWords);
  const last = steps.pop() ?? '';
  return steps.length > 0 ? `${steps.join(', ')}: ${last}` : last;
}

const inWords = (name: string): string =>
  name
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/\b(bsn|iban|bic|uwv|wga)\b/g, (word) => word.toUpperCase());

export interface FieldVerdict {
  /** `drop` exactly when the value can never go over under these options, also not after a release. */
  readonly verdict: Verdict;
  /** Rule id. */
  readonly rule: string;
}

/** Of a field of an observation or a notification, with or without indexes; an unknown field is dropped. */
export function fieldVerdict(direction: Direction, options: GateOptions, path: string): FieldVerdict {
  const rule = tableOf(direction).ruleOf(path);
  const { verdict, mayPass } = settle(rule, options);
  return { verdict: mayPass ? verdict : 'drop', rule: rule.id };
}

/** Whether any options of this direction let the field through. */
export function everAllowed(direction: Direction, path: string): boolean {
  return fieldVerdict(direction, WIDEST_GATE_OPTIONS, path).verdict !== 'drop';
}

/** What a rule is about, in a few words; the id itself when there is no such rule. */
export function ruleWords(direction: Direction, id: string): string {
  return tableOf(direction).rules.find((rule) => rule.id === id)?.what ?? id;
}

export { renderMarkdown } from './report-markdown.js';
export type * from './report-shape.js';
