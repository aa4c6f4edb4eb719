// Arbodienst to employer: the whole table. A row of the rule book without a field of this direction falls under AE-99.
import type { Rule } from './rule.js';
import { ADVICE_RULES, DOCUMENT_RULES, RESULT_RULES } from './rules-arbodienst-to-employer-advice.js';
import { APPOINTMENT_RULES, PERSON_RULES } from './rules-arbodienst-to-employer-appointment.js';

export const RETURN_RULES: readonly Rule[] = [
  ...PERSON_RULES,
  ...APPOINTMENT_RULES,
  ...ADVICE_RULES,
  ...DOCUMENT_RULES,
  ...RESULT_RULES,
];

export const RETURN_UNLISTED: Rule = {
  id: 'AE-99',
  paths: [],
  verdict: 'drop',
  what: 'Everything that is on no list, and any value that does not have the form of its field',
  why: 'What an arbodienst may tell an employer is a closed list; nothing else goes over.',
  source: 'dutch-rules.md section 1.4 [S] S8, S9, S21; section 4, first line [K]',
  sure: ['S', 'K'],
};
