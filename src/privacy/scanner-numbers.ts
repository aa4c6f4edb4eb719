// Finds citizen service numbers and bank account numbers inside a text, by their form and their check digits.

const SEPARATOR = '[ .\\-]?';
const NINE_DIGITS = new RegExp(`(?<!\\d)(?=((?:\\d${SEPARATOR}){8}\\d)(?!\\d))`, 'g');
const IBAN_START = /(?<![A-Z0-9])(?=[A-Z]{2}\d{2}[ .-]?[A-Z0-9])/g;

/** Lengths from the public IBAN registry, for the countries of the single euro payments area. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 ' +
    'LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 VA22'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

/** Nine digits whose weighted sum (9, 8, ... 2, -1) divides by eleven; not all zero. */
export function passesElevenTest(digits: string): boolean {
  if (!/^\d{9}$/.test(digits) || /^0+$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at === 8 ? -1 : 9 - at), 0);
  return sum % 11 === 0;
}

/** Places in `text` where a citizen service number starts, also when written with dots, spaces or hyphens. */
export function citizenNumbersIn(text: string): number[] {
  return [...text.matchAll(NINE_DIGITS)]
    .filter((match) => passesElevenTest((match[1] ?? '').replace(/\D/g, '')))
    .map((match) => match.index);
}

/** Places in `text` where a bank account number starts; for the Netherlands its form is enough, also with a typing error. */
export function accountNumbersIn(text: string): number[] {
  const upper = text.toUpperCase();
  return [...upper.matchAll(IBAN_START)]
    .filter((match) => isIban(upper.slice(match.index)))
    .map((match) => match.index);
}

function isIban(rest: string): boolean {
  const length = IBAN_LENGTHS.get(rest.slice(0, 2));
  if (length === undefined) return false;
  const iban = rest
    .slice(0, length * 2)
    .replace(/[ .-]/g, '')
    .slice(0, length);
  if (iban.length < length || !/^[A-Z0-9]+$/.test(iban)) return false;
  return /^NL\d{2}[A-Z]{4}\d{10}$/.test(iban) || remainder(iban) === 1;
}

/** ISO 7064 mod 97-10, digit by digit so that no large number is needed. */
function remainder(iban: string): number {
  return [...(iban.slice(4) + iban.slice(0, 4))].reduce((rest, character) => {
    const value = Number.parseInt(character, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
}
