// Rebuilds an observation from the allow-list: reads what the plan names, decides on each value, and notes what stayed
// behind. Nothing is copied and then deleted, so what nobody thought of does not get through.
import type { ErrorCode } from '../errors.js';
import { acceptedBefore } from './accepted.js';
import { decide } from './conditions.js';
import type { Decision, Hold, LeafContext, LeafValue, Removal } from './leaf.js';
import type { GateFacts, GateOptions } from './options.js';
import { type GroupPlan, hasForm, type LeafPlan, type ListPlan, type Plan } from './plan.js';
import { safeName } from './redact.js';

type Group = Readonly<Record<string, unknown>>;

export interface Rebuilt {
  readonly value: Record<string, unknown>;
  readonly removed: readonly Removal[];
  readonly holds: readonly Hold[];
}

export interface RebuildInput {
  readonly plan: GroupPlan;
  /** Rule of what the plan does not name. */
  readonly unlisted: string;
  readonly options: GateOptions;
  readonly facts: GateFacts;
}

interface Run extends RebuildInput {
  readonly context: LeafContext;
  readonly bsn: string | undefined;
  readonly removed: Removal[];
  readonly holds: Hold[];
}

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `observation` is one of an absence, or of the way back. */
export function rebuild(observation: object, input: RebuildInput): Rebuilt {
  const source: Group = isGroup(observation) ? { ...observation } : {};
  const absence = isGroup(source.absence) ? source.absence : {};
  const employee = isGroup(source.employee) ? source.employee : {};
  const context: LeafContext = {
    options: input.options,
    facts: input.facts,
    open: absence.ended === false && absence.withdrawn === false,
    withdrawn: absence.withdrawn === true,
    namePreference: employee.namePreference,
  };
  const bsn = typeof employee.bsn === 'string' && /\d{8,9}/.test(employee.bsn) ? employee.bsn : undefined;
  const run: Run = { ...input, context, bsn, removed: [], holds: [] };
  const value = rebuildGroup(source, input.plan, '', run) ?? {};
  return { value, removed: run.removed, holds: run.holds };
}

function rebuildGroup(
  source: Group,
  plan: GroupPlan,
  path: string,
  run: Run,
): Record<string, unknown> | undefined {
  const result: Record<string, unknown> = {};
  for (const [name, member] of plan.members) {
    if (!Object.hasOwn(source, name) || source[name] === undefined) continue;
    const value = rebuildMember(source[name], member, { path: join(path, name), siblings: source, run });
    if (value !== undefined) result[name] = value;
  }
  for (const name of Object.keys(source)) {
    if (!plan.members.has(name) && source[name] !== undefined)
      run.removed.push({ path: join(path, safeName(name)), rule: run.unlisted });
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

interface Place {
  readonly path: string;
  readonly siblings: Group;
  readonly run: Run;
}

function rebuildMember(value: unknown, plan: Plan, place: Place): unknown {
  const { path, run } = place;
  if (plan.kind === 'leaf') return rebuildLeaf(value, plan, place);
  if (plan.kind === 'group' && isGroup(value)) return rebuildGroup(value, plan, path, run);
  if (plan.kind === 'list' && Array.isArray(value)) return rebuildList(value, plan, path, run);
  run.removed.push({ path, rule: run.unlisted });
  return undefined;
}

function rebuildList(source: readonly unknown[], plan: ListPlan, path: string, run: Run): unknown {
  const items = source.flatMap((item, at) => {
    const value = rebuildMember(item, plan.item, { path: `${path}[${at}]`, siblings: {}, run });
    return value === undefined ? [] : [value];
  });
  return items.length > 0 ? items : undefined;
}

function rebuildLeaf(value: unknown, plan: LeafPlan, place: Place): LeafValue | undefined {
  const { path, run } = place;
  const decision = decideLeaf(value, plan, place);
  if (decision === 'drop') return remove(plan.rule.id, place);
  if (typeof decision === 'object' && 'replace' in decision) {
    remove(plan.rule.id, place);
    return decision.replace;
  }
  if (!hasForm(value, plan.field.type)) return remove(run.unlisted, place);
  if (decision === 'pass') return value;
  const { hold, release } = decision;
  // A withdrawal makes no claim: it is never held up by a value, and discloses none that would be held.
  const kept = release === 'pass' && !run.context.withdrawn;
  if (!run.context.withdrawn) run.holds.push({ code: hold, path, rule: plan.rule.id, kept });
  if (kept) return value;
  remove(plan.rule.id, place);
  return typeof release === 'object' ? release.substitute : undefined;
}

function remove(rule: string, { path, run }: Place): undefined {
  run.removed.push({ path, rule });
  return undefined;
}

function decideLeaf(value: unknown, plan: LeafPlan, { siblings, run }: Place): Decision {
  const field = plan.field.path;
  const decision = decide(plan.rule, { value, field, siblings, context: run.context });
  if (!letsPass(decision) || typeof value !== 'string') return decision;
  if (run.bsn !== undefined && field !== 'employee.bsn' && value.includes(run.bsn)) return NUMBER_FOUND;
  const hits = plan.scan?.(value) ?? [];
  if (hits.some((hit) => hit.category === 'citizen-number' || hit.category === 'account-number'))
    return NUMBER_FOUND;
  const asked = hits.length > 0 ? WORD_FOUND : decision;
  return asked !== 'pass' && acceptedBefore(run.facts.accepted, field, value) ? 'pass' : asked;
}

/** As it is, at once or after a release. */
function letsPass(decision: Decision): boolean {
  if (typeof decision === 'string') return decision === 'pass';
  return 'release' in decision && decision.release === 'pass';
}

const MEDICAL: ErrorCode = 'HELD_MEDICAL_WORDS';
/** A person may find a word harmless; a number that has its own field, where it is forbidden, never goes over. */
const WORD_FOUND: Decision = { hold: MEDICAL, release: 'pass' };
const NUMBER_FOUND: Decision = { hold: MEDICAL, release: 'drop' };

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
