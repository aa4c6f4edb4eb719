// What decides where a rule says allow-if or hold: for each condition the decision on a value, and what a route's
// options make of it in words. A test holds the two together.
import { ABSENCE_CONDITIONS } from './conditions-absence.js';
import { PERSON_CONDITIONS } from './conditions-person.js';
import { RETURN_CONDITIONS } from './conditions-return.js';
import type { Condition, Decision, Leaf, Settled } from './leaf.js';
import { settled } from './leaf.js';
import type { GateOptions } from './options.js';
import type { ConditionName, Rule } from './rule.js';

const CONDITION_TABLE: Readonly<Record<ConditionName, Condition>> = {
  ...PERSON_CONDITIONS,
  ...ABSENCE_CONDITIONS,
  ...RETURN_CONDITIONS,
};

/** A rule without a condition allows or drops; a hold without a condition is about a message that no one reads. */
export function decide(rule: Rule, leaf: Leaf): Decision {
  if (rule.condition) return CONDITION_TABLE[rule.condition].decide(leaf);
  return rule.verdict === 'allow' ? 'pass' : 'drop';
}

const WITHOUT_CONDITION: Readonly<Record<Rule['verdict'], Settled>> = {
  allow: settled('allow', 'always'),
  'allow-if': settled('drop', 'never'),
  hold: settled('hold', 'never; a person looks at it', false),
  drop: settled('drop', 'never'),
};

export function settle(rule: Rule, options: GateOptions): Settled {
  return rule.condition ? CONDITION_TABLE[rule.condition].settle(options) : WITHOUT_CONDITION[rule.verdict];
}
