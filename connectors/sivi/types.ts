// The simple types of the standard: what a single value may look like. Lengths count characters (code points).
// Source: the simpleType definitions of the published schemas; the guards that they lack are marked "own guard".

export interface TextType {
  readonly kind: 'text';
  readonly minLength: number;
  readonly maxLength: number;
  /** Holds no decimal digit of any script (schema pattern `\D*`). */
  readonly noDigits: boolean;
  /** Own guard: holds no white space. */
  readonly noSpace: boolean;
}

export interface CodeType {
  readonly kind: 'code';
  readonly codes: readonly string[];
}

/** Zero or more, at most so many digits, leading zeros kept. */
export interface IntegerType {
  readonly kind: 'integer';
  readonly digits: number;
}

/** A dot and exactly two decimals, with at most so many digits before the dot. */
export interface DecimalType {
  readonly kind: 'decimal';
  readonly wholeDigits: number;
}

/** `percentage`: two decimals and, own guard, 0.00 to 100.00. `date`: YYYY-MM-DD. `time`: HH:MM:SS. */
export interface PlainType {
  readonly kind: 'percentage' | 'date' | 'time';
}

export type SimpleType = TextType | CodeType | IntegerType | DecimalType | PlainType;

export function text(maxLength: number, rules: Partial<Omit<TextType, 'kind' | 'maxLength'>> = {}): TextType {
  return { kind: 'text', minLength: 0, maxLength, noDigits: false, noSpace: false, ...rules };
}

/** `codes` in one line, separated by spaces. */
export function code(codes: string): CodeType {
  return { kind: 'code', codes: codes.split(' ') };
}

export const integer = (digits: number): IntegerType => ({ kind: 'integer', digits });
export const decimal = (wholeDigits: number): DecimalType => ({ kind: 'decimal', wholeDigits });

export const DATE: PlainType = { kind: 'date' };
export const TIME: PlainType = { kind: 'time' };
export const PERCENTAGE: PlainType = { kind: 'percentage' };

export const YES_NO = code('J N');
export const YES_NO_UNKNOWN = code('J N O');
export const GENDER = code('M O V');

export const TEXT_35 = text(35);
export const TEXT_70 = text(70);
export const TEXT_512 = text(512);
export const NAME = text(200);
export const INITIALS = text(6, { noDigits: true });
export const PREFIX = text(10, { noDigits: true });
export const CALLED_NAME = text(35, { noDigits: true });
export const TRADE_NAME = text(100);
export const ID_40 = text(40);
export const TOWN = text(24);
export const STREET = text(80);
export const DUTCH_POSTCODE = text(6, { minLength: 6, noSpace: true });
export const FOREIGN_POSTCODE = text(9);
export const COUNTRY_CODE = text(2, { minLength: 2, noDigits: true });

/** What the form is, in words for an operator; never shows a value. */
export function expected(type: SimpleType): string {
  switch (type.kind) {
    case 'text':
      return expectedText(type);
    case 'code':
      return `one of ${type.codes.join(', ')}`;
    case 'integer':
      return `a whole number of at most ${type.digits} digits`;
    case 'decimal':
      return `a number with two decimals, at most ${type.wholeDigits} digits before the dot`;
    case 'percentage':
      return 'a percentage from 0.00 to 100.00 with two decimals';
    case 'date':
      return 'a date as YYYY-MM-DD';
    case 'time':
      return 'a time as HH:MM:SS';
  }
}

function expectedText(type: TextType): string {
  if (type.maxLength === Number.POSITIVE_INFINITY) return 'a text';
  const length =
    type.minLength === type.maxLength
      ? `exactly ${type.maxLength} characters`
      : `at most ${type.maxLength} characters`;
  return `${length}${type.noDigits ? ', no digits' : ''}${type.noSpace ? ', no white space' : ''}`;
}
