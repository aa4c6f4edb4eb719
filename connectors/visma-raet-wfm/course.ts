// From what the API shows of a sick leave to the domain's meanings: percentages of absence by the day from which each
// holds, and the first day of recovery. Text and whole numbers only, so that no date moves and no decimal is lost.
import type { Problem } from '../../src/connector.js';
import type { SickLeave } from './schema.js';
import type { Meanings } from './settings.js';

export interface Period {
  readonly from: string;
  /** Share absent, two decimals; as it came when it is no percentage. */
  readonly percentage: string;
}

export interface Course {
  readonly startDate: string | undefined;
  /** Oldest first. */
  readonly periods: readonly Period[];
  readonly ended: boolean;
  /** The first day of being fully back. */
  readonly recoveryDate: string | undefined;
  readonly expectedRecoveryDate: string | undefined;
  readonly contradictions: readonly Problem[];
}

export function courseOf(leave: SickLeave, { percentageMeans, recoveryDateMeans }: Meanings): Course {
  const recovered = (text: string | undefined) => {
    const day = dayOf(text);
    return day && recoveryDateMeans === 'last-sick-day' ? nextDay(day) : day;
  };
  const periods = inOrder(leave).map(({ from, percentage }) => ({
    from,
    percentage: percentageMeans === 'working' ? complement(percentage) : percentage,
  }));
  const startDate = dayOf(leave.startDate);
  const recoveryDate = recovered(leave.recoveryDate);
  return {
    startDate,
    periods,
    ended: recoveryDate !== undefined,
    recoveryDate,
    expectedRecoveryDate: recovered(leave.expectedRecoveryDate),
    contradictions: contradictionsIn(periods, startDate, recoveryDate),
  };
}

/** Oldest first; a period that is shown twice counts once. */
function inOrder({ sicknessPeriod }: SickLeave): Period[] {
  const periods = sicknessPeriod.map(({ periodStartDate, percentage }) => ({
    from: dayOf(periodStartDate) ?? '',
    percentage: decimalsOf(percentage ?? ''),
  }));
  const unique = new Map(periods.map((period) => [`${period.from} ${period.percentage}`, period]));
  return [...unique.values()].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

/**
 * No contradictions: no period at all, a first period after the first day (plainly sick until then), a period before
 * the first day, 0 % with or without a recovery, a period of 0 % from the recovery on, recovery on the first day.
 */
function contradictionsIn(
  periods: readonly Period[],
  startDate = '',
  recoveryDate: string | undefined = undefined,
): Problem[] {
  const path = 'sickLeave.periods';
  const twice = periods.some((period, at) => at > 0 && period.from === periods[at - 1]?.from);
  const after = periods.some(
    ({ from, percentage }) =>
      recoveryDate !== undefined && from > startDate && from >= recoveryDate && percentage !== '0.00',
  );
  return [
    ...(twice ? [contradiction(path, 'Two percentages from one and the same day.')] : []),
    ...(after ? [contradiction(path, 'A percentage of sickness on or after the day of recovery.')] : []),
  ];
}

const contradiction = (path: string, detail: string): Problem => ({
  code: 'SOURCE_CONTRADICTION',
  path,
  detail,
});

const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})T00:00(:00(\.0+)?)?(Z|[+-]\d{2}:\d{2})?$/;
/** How an open end is written by a sister API (visma-raet.md section 6). */
const NEVER = '9999-12-31';

/** The day as it is written, whatever zone may stand behind it; anything odd stays as it is, for the mapping to refuse. */
export function dayOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  const day = trimmed && (MIDNIGHT.exec(trimmed)?.[1] ?? trimmed);
  return day && day !== NEVER ? day : undefined;
}

function nextDay(day: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? day : new Date(at + 86_400_000).toISOString().slice(0, 10);
}

const NUMBER = /^(\d{1,9})(?:\.(\d+))?$/;

/** Two decimals, halves upwards, figure by figure; anything but a plain number stays as it is. */
export function decimalsOf(text: string): string {
  const [, whole, fraction = ''] = NUMBER.exec(text.trim()) ?? [];
  if (whole === undefined) return text;
  const hundredths = Number(whole + fraction.slice(0, 2).padEnd(2, '0'));
  return withDecimals(hundredths + (Number(fraction[2] ?? 0) >= 5 ? 1 : 0));
}

function complement(percentage: string): string {
  const hundredths = /^\d+\.\d\d$/.test(percentage) ? Number(percentage.replace('.', '')) : Number.NaN;
  return hundredths <= 10_000 ? withDecimals(10_000 - hundredths) : percentage;
}

const withDecimals = (hundredths: number): string =>
  `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
