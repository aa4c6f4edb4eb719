// Calendar dates, times of day and percentages as text: checks and whole-number arithmetic, without time zones or floating point.
import type { Percentage, PlainDate } from './people.js';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const PERCENTAGE = /^\d{1,3}\.\d{2}$/;

const DAYS_IN_MONTH: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** By arithmetic: a Date object for each was a quarter of a mapping's time. */
export function isPlainDate(text: string): text is PlainDate {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (day < 1 || day > (DAYS_IN_MONTH[month - 1] ?? 0)) return false;
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leapYear || month !== 2 || day < 29;
}

/** A time of day, HH:MM. */
export function isPlainTime(text: string): boolean {
  return TIME.test(text);
}

/** Days after `date`; negative for before. */
export function plusDays(date: PlainDate, days: number): PlainDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function isPercentage(text: string): text is Percentage {
  return PERCENTAGE.test(text) && hundredths(text) <= 10_000;
}

/** 100 minus the percentage: absence to recovery and back. */
export function complement(percentage: Percentage): Percentage {
  return fromHundredths(10_000 - hundredths(percentage));
}

function hundredths(text: string): number {
  return Number(text.replace('.', ''));
}

function fromHundredths(value: number): Percentage {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
}
