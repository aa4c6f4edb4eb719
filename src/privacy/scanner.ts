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
  /** Number of characters before the hit. */
  readonly at: number;
}

const LETTER = '[\\p{L}\\p{N}]';

/** One list entry as a pattern: see the notation in scanner-words.ts. */
function pattern(entry: string): string {
  const word = entry.replace(/[~*+]/g, '').replaceAll(' ', ' ?');
  const before = entry.includes('+') ? `(?<=${LETTER})` : entry.startsWith('*') ? '' : `(?<!${LETTER})`;
  return `${before}${word}${entry.endsWith('*') ? '' : `(?!${LETTER})`}`;
}

const anyOf = (entries: readonly string[]) => new RegExp(entries.map(pattern).join('|'), 'gu');

const isField = (entry: string): boolean => entry.startsWith('~');
const ALWAYS = CATEGORIES.map(
  (category) => [category, anyOf(WORDS[category].filter((entry) => !isField(entry)))] as const,
);
const FIELDS_OF_WORK = CATEGORIES.map(
  (category) => [category, anyOf(WORDS[category].filter(isField))] as const,
);
const ANY_WORD = anyOf(Object.values(WORDS).flat());
const HARMLESS_PHRASE = anyOf(HARMLESS);
const WORK = new RegExp(WORK_PARTS.join('|'), 'u');
const TELLS = anyOf(TELLING);
const WITH = anyOf(['met', 'with']);
const GROUP = anyOf(GROUPS);
const CARE = new RegExp(
  [...CARE_PARTS.map((part) => part.replaceAll(' ', ' ?')), ...CARE_WORDS.map(pattern)].join('|'),
  'u',
);

/** Letters without accents in lower case, digits, and one space for each other character. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, ' ');
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
  const flat = plain(text).replace(/ +/g, ' ');
  const words = flat.replace(HARMLESS_PHRASE, (found) => ' '.repeat(found.length));
  if (!matches(ANY_WORD, words)) return scanNumbers(text);
  const lists = readsAsWork(text, words) ? ALWAYS : [...ALWAYS, ...FIELDS_OF_WORK];
  const hits = lists.flatMap(([category, regex]) =>
    [...words.matchAll(regex)].map((match) => ({ category, at: match.index })),
  );
  return [...hits, ...scanNumbers(text)];
}

/** Whether a name of a place reads as that of a hospital, clinic, nursing home, shelter or prison. */
export function namesCareInstitution(text: string): boolean {
  return matches(CARE, plain(text).replace(/ +/g, ' '));
}

const PHONE = /^[\d\s()+./-]{0,40}$/;
const MAIL = /^[^\s@]+@[^\s@]+$/;

/** For a telephone number or e-mail address: words only where it has the form of neither. */
export function scanReachable(text: string): Hit[] {
  return PHONE.test(text) || MAIL.test(text) ? [] : scanText(text);
}
