// Conditions on the way back: what of an appointment, an advice, a result or a document an employer may know.
// Nothing that is held here is kept: a hold asks a person to talk to the arbodienst.
import { instantOf } from '../domain/instant.js';
import {
  APPOINTMENT_FORMS,
  APPOINTMENT_STATUSES,
  CONSULTANTS,
  type Consultant,
  RESULT_OUTCOMES,
} from '../domain/return.js';
import type { Condition, Decision, Leaf } from './leaf.js';
import { settled } from './leaf.js';
import { opaqueKey } from './opaque.js';
import type { ConditionName } from './rule.js';
import { scanText } from './scanner.js';

const NEUTRAL: Consultant = 'consultation';
/** As an arbodienst writes them; the whole text has to be one of them (dutch-rules.md P-44). */
const TITLES: Readonly<Record<string, Consultant>> = {
  bedrijfsarts: 'company-doctor',
  praktijkondersteuner: 'practice-assistant',
  casemanager: 'case-manager',
  arbeidsdeskundige: 'labour-expert',
};
const REFERENCE = /^[\p{L}\p{N}._:+/=-]{1,80}$/u;

function decideConsultant({ value }: Leaf): Decision {
  if (CONSULTANTS.some((word) => word === value)) return 'pass';
  const title = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return { replace: (Object.hasOwn(TITLES, title) && TITLES[title]) || NEUTRAL };
}

/** `words` is a list of the domain, not of a person's choice. */
const oneOf = (words: readonly string[], told: string): Condition => ({
  decide: ({ value }) => (words.some((word) => word === value) ? 'pass' : 'drop'),
  settle: () => settled('allow-if', told),
});

/** A number of its own may look like anybody's; words have no place in a reference. */
function decideReference({ value }: Leaf): Decision {
  if (typeof value !== 'string' || !REFERENCE.test(value)) return 'drop';
  return scanText(value).some(({ category }) => !category.endsWith('-number')) ? 'drop' : 'pass';
}

/** An id only says that it is the same one: whatever it looks like, its record goes on. */
function decideKey(leaf: Leaf): Decision {
  const { value } = leaf;
  if (decideReference(leaf) === 'pass') return 'pass';
  return typeof value === 'string' && value.trim() !== '' ? { replace: opaqueKey(value) } : 'drop';
}

const hasHit = (value: unknown): boolean => typeof value !== 'string' || scanText(value).length > 0;

const onList = (list: readonly string[], option: string, told: string) =>
  list.length === 0
    ? settled('drop', `never, because the list ${option} of this route is empty`)
    : settled('allow-if', `${told}, because this route lists them under ${option}: ${list.join(', ')}`);

export const RETURN_CONDITIONS = {
  'death-on-return': {
    decide: () => ({ hold: 'HELD_DEATH', release: 'drop' }),
    settle: () =>
      settled('hold', 'never; a person is told that the arbodienst filled it in, and asks there', false),
  },
  'employers-own': {
    decide: () => 'drop',
    settle: () =>
      settled('allow-if', 'as the employer itself reported it; what the arbodienst writes is left out'),
  },
  reference: {
    decide: decideReference,
    settle: () => settled('allow-if', 'only in the form of a number or code, without medical words'),
  },
  'opaque-key': {
    decide: decideKey,
    settle: () =>
      settled(
        'allow-if',
        'as it is in the form of a number or code without medical words; any other becomes a digest of it',
      ),
  },
  instant: {
    decide: ({ value }) => (typeof value === 'string' && instantOf(value) !== null ? 'pass' : 'drop'),
    settle: () => settled('allow-if', 'only as a day and a time'),
  },
  'appointment-status': oneOf(APPOINTMENT_STATUSES, 'only as planned, cancelled, kept or no-show'),
  'appointment-form': oneOf(APPOINTMENT_FORMS, 'only as online, by telephone or at a place'),
  'listed-place': {
    decide: ({ value, context }) => (context.options.places.some((name) => name === value) ? 'pass' : 'drop'),
    settle: ({ places }) => onList(places, 'places', 'only of these places'),
  },
  'neutral-word': {
    decide: decideConsultant,
    settle: () =>
      settled(
        'allow-if',
        'only as company doctor, practice assistant, case manager or labour expert; anything else becomes "consultation"',
      ),
  },
  'advice-text': {
    decide: ({ value }) => (hasHit(value) ? { hold: 'HELD_MEDICAL_WORDS', release: 'drop' } : 'pass'),
    settle: () =>
      settled(
        'allow-if',
        'in its own field; when it holds medical or private words the whole advice stays behind and a person asks the arbodienst for it without them',
      ),
  },
  'scanned-text': {
    decide: ({ value }) => (hasHit(value) ? 'drop' : 'pass'),
    settle: () =>
      settled(
        'allow-if',
        'unless it holds medical or private words or a number of a person: then it is left out',
      ),
  },
  'result-outcome': oneOf(
    [...RESULT_OUTCOMES, 'message', 'report'],
    'only as received, processed, processed with a remark or refused, of a message or of a report',
  ),
  'listed-document': {
    decide: ({ value, context }) =>
      context.options.documents.some((kind) => kind === value)
        ? 'pass'
        : { hold: 'HELD_DOCUMENT', release: 'drop' },
    settle: ({ documents }) =>
      documents.length === 0
        ? settled('hold', 'never, because the list documents of this route is empty; a person is told', false)
        : onList(documents, 'documents', 'only these kinds; of any other a person is told'),
  },
} as const satisfies Partial<Record<ConditionName, Condition>>;
