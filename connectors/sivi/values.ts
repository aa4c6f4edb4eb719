// Single values against their type: tidying what came in, checking what goes out. Pure, and no value ends up in an
// error. One rule for both directions: text of white space only counts as empty.
import type { SimpleType, TextType } from './types.js';

/** Anything outside the Char production of XML 1.0, lone surrogates included. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const SURROGATES = /[\uD800-\uDFFF]/;
const DIGIT = /\p{Nd}/u;
const SPACE = /\s/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_WITH_ZONE = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?$/;
const CANONICAL_PERCENTAGE = /^(?:100\.00|[1-9]?\d\.\d{2})$/;
const LOOSE_DECIMAL = /^0*(\d+)(?:\.(\d{1,2}))?$/;
const TWO_DECIMALS = /^\d+\.\d{2}$/;
const SIGNED_OR_PADDED = /^\+?0*(\d+)$/;
const DIGITS = /^\d+$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isBlank(value: string): boolean {
  return value === '' || value.trim() === '';
}

/** May the element stand there without a value? Only text without a minimum length may. */
export function mayBeEmpty(type: SimpleType): boolean {
  return type.kind === 'text' && type.minLength === 0;
}

/**
 * What came in, in the form that the rest counts on. Text stays as it is. The other types lose the white space around
 * them (the schema collapses it; for codes we do the same), a date loses its time zone, a number gets its two
 * decimals (`50`, `50.5` -> `50.00`, `50.50`). A value that cannot be tidied stays as it is.
 */
export function tidy(type: SimpleType, value: string): string {
  if (type.kind === 'text') return value;
  const trimmed = value.trim();
  switch (type.kind) {
    case 'date':
      return DATE_WITH_ZONE.exec(trimmed)?.[1] ?? trimmed;
    case 'percentage':
      return CANONICAL_PERCENTAGE.test(trimmed) ? trimmed : twoDecimals(trimmed);
    case 'decimal':
      return TWO_DECIMALS.test(trimmed) ? trimmed : twoDecimals(trimmed);
    case 'integer':
      return trimmed.length <= type.digits && DIGITS.test(trimmed) ? trimmed : significant(trimmed);
    default:
      return trimmed;
  }
}

/** Does a value that is not blank have the form that the type asks? */
export function fits(type: SimpleType, value: string): boolean {
  switch (type.kind) {
    case 'text':
      return fitsText(type, value);
    case 'code':
      return type.codes.includes(value);
    case 'integer':
      return value.length <= type.digits && DIGITS.test(value);
    case 'decimal':
      return value.length <= type.wholeDigits + 3 && TWO_DECIMALS.test(value);
    case 'percentage':
      return CANONICAL_PERCENTAGE.test(value);
    case 'date':
      return isDate(value);
    case 'time':
      return TIME.test(value);
  }
}

function fitsText(type: TextType, value: string): boolean {
  if (FORBIDDEN.test(value)) return false;
  const length = SURROGATES.test(value) ? [...value].length : value.length;
  if (length > type.maxLength || length < type.minLength) return false;
  if (type.noSpace && SPACE.test(value)) return false;
  return !(type.noDigits && DIGIT.test(value));
}

function isDate(value: string): boolean {
  const match = DATE.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year > 0 && day > 0 && day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

function twoDecimals(value: string): string {
  const match = LOOSE_DECIMAL.exec(value);
  return match ? `${match[1]}.${(match[2] ?? '').padEnd(2, '0')}` : value;
}

function significant(value: string): string {
  return SIGNED_OR_PADDED.exec(value)?.[1] ?? value;
}
