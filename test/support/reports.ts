// Numbered reports of one absence case, and short ways to ask compare about them.
import type { Notification } from '../../src/domain/notification.js';
import type { Absence, Observation } from '../../src/domain/observation.js';
import type { ErrorCode } from '../../src/errors.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { type CompareOptions, compare } from '../../src/ledger/compare.js';
import { reopen } from '../../src/privacy/gate.js';
import { frozen } from './ledger-run.js';

export type Told = Partial<Omit<Observation, 'absence'>> & { absence?: Partial<Absence> };

export function report(sequence: number, absence: Partial<Absence> = {}, rest: Told = {}): Observation {
  return {
    message: { reference: `message ${sequence} ${JSON.stringify([absence, rest])}` },
    employer: { id: 'employer' },
    employee: { id: 'employee', lastName: 'Visser' },
    employment: { id: 'employment' },
    ...rest,
    absence: {
      caseId: 'case',
      sequence,
      processing: sequence === 1 ? 'new' : 'changed',
      withdrawn: false,
      firstDay: '2026-03-02',
      percentages: [{ from: '2026-03-02', percentage: '100.00' }],
      ended: false,
      ...absence,
    },
  };
}

export const from = (day: string, percentage: string) => ({
  percentages: [{ from: day, percentage }],
  effectiveDate: day,
});
export const recovery = (day: string) => ({ ...from(day, '0.00'), ended: true, recoveryDate: day });
export const corrected = { processing: 'corrected' } as const;

export function ask(
  state: CaseState | null,
  observation: Observation,
  approvals: ErrorCode[] = [],
  options: CompareOptions = {},
) {
  const cleared = state && reopen(frozen(state));
  return compare(cleared, reopen(frozen(observation)), approvals, options);
}

/** The state after these observations, all of which have to be accepted. */
export function stateAfter(...observations: Observation[]): CaseState {
  const end = observations.reduce<CaseState | null>((state, observation) => {
    const result = ask(state, observation);
    if (result.outcome === 'held') throw new Error(result.code);
    return result.next ?? state;
  }, null);
  if (!end) throw new Error('no state');
  return end;
}

export function toldOf(
  state: CaseState | null,
  observation: Observation,
  approvals: ErrorCode[] = [],
  options: CompareOptions = {},
): readonly Notification[] {
  const result = ask(state, observation, approvals, options);
  if (result.outcome !== 'told') throw new Error(JSON.stringify(result));
  return result.notifications;
}

/** Kind, day, percentage, and whatever former values it names. */
export function brief({ kind, absence }: Notification): string {
  const { effectiveDate, percentage, previousCaseId, previousFirstDay, previousEffectiveDate } = absence;
  const former = [previousCaseId, previousFirstDay, previousEffectiveDate]
    .map((value) => value ?? '')
    .join('/');
  return `${kind} ${effectiveDate} ${percentage}${former === '//' ? '' : ` was ${former}`}`;
}

export const briefs = (...given: Parameters<typeof toldOf>) => toldOf(...given).map(brief);
export const sick = () => stateAfter(report(1));
export const half = () => stateAfter(report(1), report(2, from('2026-03-10', '50.00')));
export const back = () =>
  stateAfter(report(1), report(2, from('2026-03-10', '50.00')), report(3, recovery('2026-03-20')));
export const gone = () => stateAfter(report(1), report(2, { withdrawn: true, processing: 'removed' }));
