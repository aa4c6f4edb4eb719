// From the absence in hundredths of a percent to the recovery in whole percents. Nothing is rounded unless the connection
// says so, and never to "recovered" or "fully absent", which would be another thing to tell.

/** The interface takes `integer` from 0 to 100; an answer may give a fraction (notes, section 1 item 2). */
export type Recovery =
  | { readonly ok: true; readonly recovery: number; readonly rounded: boolean }
  | { readonly ok: false; readonly reason: string };

const PERCENTAGE = /^(\d{1,3})\.(\d{2})$/;

/** `absence` is written "0.00" to "100.00". */
export function recoveryOf(absence: string, rounding: 'hold' | 'nearest'): Recovery {
  const match = PERCENTAGE.exec(absence);
  const hundredths = match ? Number(match[1]) * 100 + Number(match[2]) : Number.NaN;
  if (!(hundredths <= 10_000)) return { ok: false, reason: 'It is no percentage with two decimals.' };
  // Of the absence, half up: the same as everybody else rounds it who reads the absence.
  const recovery = 100 - Math.round(hundredths / 100);
  if (hundredths % 100 === 0) return { ok: true, recovery, rounded: false };
  if (rounding === 'hold') {
    return {
      ok: false,
      reason:
        'The receiver takes whole percentages only; set `rounding: nearest`, or correct it at its source.',
    };
  }
  if (recovery === 0 || recovery === 100) {
    return { ok: false, reason: 'Rounded it would say fully absent or recovered; correct it at its source.' };
  }
  return { ok: true, recovery, rounded: true };
}
