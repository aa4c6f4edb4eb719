// Conditions on the absence itself: percentages, cause, safety net, leave, conflict, reasons, actions and free text.
import { isPercentage, isPlainDate } from '../domain/dates.js';
import type { Condition, Decision, Leaf } from './leaf.js';
import { settled } from './leaf.js';
import type { ConditionName } from './rule.js';

/** Meanings of the code tables for the cause and for yes, no, unknown. */
const CAUSES: readonly unknown[] = ['other', 'work-accident', 'third-party-liable'];
const THREE_ANSWERS: readonly unknown[] = ['yes', 'no', 'unknown'];
const WHOLE: readonly unknown[] = ['0.00', '100.00'];

/**
 * P-23. An entry goes or stays as a whole. A withdrawal makes no new claim, so it is never held up by a percentage;
 * one that was not allowed before is left out of it, so that a withdrawal discloses no degree either.
 */
function decidePercentage({ value, field, siblings, context }: Leaf): Decision {
  const { options, facts } = context;
  const inCourse = field.startsWith('absence.percentages[]');
  const percentage = inCourse ? siblings.percentage : value;
  if (typeof percentage !== 'string' || !isPercentage(percentage)) return 'drop';
  if (inCourse && !(typeof siblings.from === 'string' && isPlainDate(siblings.from))) return 'drop';
  if (WHOLE.includes(percentage) || options.partialPercentage === 'allow') return 'pass';
  if (options.partialPercentage === 'with-advice' && facts.advisedPercentages.includes(percentage))
    return 'pass';
  const known = facts.accepted?.percentages ?? [];
  if (known.some((entry) => entry.from === siblings.from && entry.percentage === percentage)) return 'pass';
  if (context.withdrawn) return 'drop';
  return field.endsWith('.from') ? 'pass' : { hold: 'HELD_PARTIAL_PERCENTAGE', release: 'pass' };
}

const PERCENTAGE_WORDS = {
  hold: 'goes over when it is 0 or 100; any other waits for a person, because this route says partialPercentage: hold',
  'with-advice':
    'goes over when it is 0 or 100, or when the arbodienst advised it (partialPercentage: with-advice); any other waits for a person',
  allow:
    'always, because this route says partialPercentage: allow; the employer answers for it that no percentage is entered without advice of the arbodienst',
};

const CONFLICT = {
  hold: settled(
    'hold',
    'never; when one is reported a person looks first and the notification goes over without it (conflict: hold)',
    false,
  ),
  allow: settled('allow-if', 'because this route says conflict: allow (the employer has accepted P-14)'),
};

function onList(list: readonly string[], option: string) {
  return list.length === 0
    ? settled('drop', `never, because the list ${option} of this route is empty`)
    : settled('allow-if', `only these, because this route lists them under ${option}: ${list.join(', ')}`);
}

export const ABSENCE_CONDITIONS = {
  'partial-percentage': {
    decide: decidePercentage,
    settle: ({ partialPercentage }) => settled('allow-if', PERCENTAGE_WORDS[partialPercentage]),
  },
  'listed-cause': {
    decide: ({ value }) =>
      CAUSES.includes(value) ? 'pass' : { hold: 'HELD_CAUSE', release: { substitute: 'other' } },
    settle: () =>
      settled(
        'allow-if',
        'only these three; with any other a person looks first and "other" goes over instead',
      ),
  },
  'safety-net': {
    decide: ({ value }) => (THREE_ANSWERS.includes(value) ? 'pass' : 'drop'),
    settle: () => settled('allow-if', 'only as yes, no or unknown; anything more precise is left out'),
  },
  'statutory-leave': {
    decide: ({ context }) => (context.options.statutoryLeave === 'allow' ? 'pass' : 'drop'),
    settle: ({ statutoryLeave }) =>
      statutoryLeave === 'drop'
        ? settled('drop', 'never, because this route says statutoryLeave: drop')
        : settled('allow-if', 'because this route says statutoryLeave: allow (only leave registered in HR)'),
  },
  conflict: {
    decide: ({ value, context }) => {
      if (context.options.conflict === 'allow') return 'pass';
      // "No conflict" claims nothing: not worth a person's time, and not needed by the receiver.
      if (value === false) return 'drop';
      return { hold: 'HELD_CONFLICT', release: 'drop' };
    },
    settle: ({ conflict }) => CONFLICT[conflict],
  },
  therapeutic: {
    decide: ({ value, context }) => {
      if (value === '0.00') return 'drop';
      const { advisedTherapeutic, accepted } = context.facts;
      if (accepted?.absence.therapeuticPercentage === value) return 'pass';
      const advised = typeof value === 'string' && advisedTherapeutic?.includes(value) === true;
      return advised ? 'pass' : { hold: 'HELD_THERAPEUTIC', release: 'pass' };
    },
    settle: () =>
      settled(
        'hold',
        'goes over when the arbodienst advised it; otherwise a person looks first; 0 is left out',
      ),
  },
  'end-reason': {
    decide: ({ value, context }) =>
      context.options.endReasons.some((one) => one === value) ? 'pass' : 'drop',
    settle: ({ endReasons }) => onList(endReasons, 'endReasons'),
  },
  action: {
    decide: ({ value, context }) => (context.options.actions.some((one) => one === value) ? 'pass' : 'drop'),
    settle: ({ actions }) => onList(actions, 'actions'),
  },
  'free-text': {
    decide: ({ value, context }) =>
      context.options.freeText === 'drop' || String(value).trim() === ''
        ? 'drop'
        : { hold: 'HELD_FREE_TEXT', release: 'drop' },
    settle: ({ freeText }) =>
      freeText === 'drop'
        ? settled('drop', 'never, because this route says freeText: drop')
        : settled(
            'hold',
            'never; when there is some, a person looks first and the notification goes over without it (freeText: hold)',
            false,
          ),
  },
} as const satisfies Partial<Record<ConditionName, Condition>>;
