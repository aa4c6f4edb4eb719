// Looks at text that is allowed through for what must not be in it: medical and private words, citizen service numbers
// and bank account numbers. A hit says what kind it is and where, never the text. A net, not a proof: words that are on
// no list pass, which is why free text never does.
import { accountNumbersIn, citizenNumbersIn } from './scanner-numbers.js';
import {
  CARE_PARTS,
  CARE_WORDS,
  CATEGORIES,
  type Category,
  GROUPS,
  HARMLESS,
  TELLING,
  WORDS,
  WORK_PARTS,
} from './scanner-words.js';

export interface Hit {
  readonly category: Category | 'citizen-number' | 'account-number';
  /** About how many characters stand before the hit; accents and runs of signs count as one or none. */
  readonly at: number;
}

/**
 * The entries of a list as one pattern over a text from `plain`: see the notation in scanner-words.ts. Entries that
 * begin a word share the space before it, so that the long list is tried only where a word begins.
 */
function anyOf(entries: readonly string[]): RegExp {
  const where = (mark: string) => entries.filter((entry) => markOf(entry) === mark).map(tail);
  const groups = [
    [' ', where(' ')],
    ['(?<=[^ ])', where('+')],
    ['', where('*')],
  ] as const;
  const used = groups.filter(([, tails]) => tails.length > 0);
  return new RegExp(used.map(([before, tails]) => `${before}(?:${tails.join('|')})`).join('|'), 'g');
}

function markOf(entry: string): string {
  const first = entry.replace('~', '')[0] ?? '';
  return first === '+' || first === '*' ? first : ' ';
}

const tail = (entry: string): string =>
  entry.replace(/[~*+]/g, '').replaceAll(' ', ' ?') + (entry.endsWith('*') ? '' : '(?= )');

const isField = (entry: string): boolean => entry.startsWith('~');
const ALWAYS = CATEGORIES.map(
  (category) => [category, anyOf(WORDS[category].filter((entry) => !isField(entry)))] as const,
);
const FIELDS_OF_WORK = CATEGORIES.map(
  (category) => [category, anyOf(WORDS[category].filter(isField))] as const,
);
const ANY_WORD = anyOf(Object.values(WORDS).flat());
const HARMLESS_PHRASE = anyOf(HARMLESS);
const WORK = anyOf(WORK_PARTS.map((part) => `*${part}*`));
const TELLS = anyOf(TELLING);
const WITH = anyOf(['met', 'with']);
const GROUP = anyOf(GROUPS);
const CARE = anyOf([...CARE_PARTS.map((part) => `*${part}*`), ...CARE_WORDS]);

/** Letters without accents in lower case and digits; one space between words, before the first and after the last. */
function plain(text: string): string {
  const letters = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ');
  return ` ${letters} `;
}

const matches = (regex: RegExp, text: string): boolean => text.search(regex) >= 0;

/** Job and unit names may hold a field of work, as long as they tell nothing about a person. */
function readsAsWork(text: string, words: string): boolean {
  if (/[(:;]/.test(text) || matches(TELLS, words)) return false;
  return matches(WORK, words) && (!matches(WITH, words) || matches(GROUP, words));
}

/** Citizen service numbers and bank account numbers in a text. */
export function scanNumbers(text: string): Hit[] {
  if (!/\d{2}|\d[ .-]\d/.test(text.normalize('NFKC'))) return [];
  const flat = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  return [
    ...citizenNumbersIn(flat).map((at) => ({ category: 'citizen-number' as const, at })),
    ...accountNumbersIn(flat).map((at) => ({ category: 'account-number' as const, at })),
  ];
}

/** Medical and private words, and numbers as `scanNumbers` finds them. */
export function scanText(text: string): Hit[] {
  const words = plain(text).replace(HARMLESS_PHRASE, (found) => ' '.repeat(found.length));
  if (!matches(ANY_WORD, words)) return scanNumbers(text);
  const lists = readsAsWork(text, words) ? ALWAYS : [...ALWAYS, ...FIELDS_OF_WORK];
  const hits = lists.flatMap(([category, regex]) =>
    [...words.matchAll(regex)].map((match) => ({ category, at: placeOf(match) })),
  );
  return [...hits, ...scanNumbers(text)];
}

/** A match may begin with the space before its word, and `plain` put one before the text. */
const placeOf = (match: RegExpExecArray): number => match.index - (match[0].startsWith(' ') ? 0 : 1);

/** Whether a name of a place reads as that of a hospital, clinic, nursing home, shelter or prison. */
export function namesCareInstitution(text: string): boolean {
  return matches(CARE, plain(text));
}

const PHONE = /^[\d\s()+./-]{0,40}$/;
const MAIL = /^[^\s@]+@[^\s@]+$/;

/** For a telephone number or e-mail address: words only where it has the form of neither. */
export function scanReachable(text: string): Hit[] {
  return PHONE.test(text) || MAIL.test(text) ? [] : scanText(text);
}
