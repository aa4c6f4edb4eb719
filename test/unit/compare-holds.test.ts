// What makes no sense after any history is held for a person with a plain reason, and makes sense once it is approved.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plusDays } from '../../src/domain/dates.js';
import type { Absence, Observation } from '../../src/domain/observation.js';
import { ERRORS, type ErrorCode } from '../../src/errors.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import { compare, type HeldCode } from '../../src/ledger/compare.js';
import { reopen } from '../../src/privacy/gate.js';
import { histories } from '../support/history-arbitrary.js';
import { frozen, run } from '../support/ledger-run.js';
import { makeReceiver, type Receiver } from '../support/receiver.js';

interface Scene {
  readonly state: CaseState;
  readonly receiver: Receiver;
}

/** Every case of many histories that `fits`, each with a receiver that was told its history. */
function forEveryCase(
  fits: (state: CaseState) => boolean,
  expectation: (scene: Scene, days: number) => void,
): void {
  let found = 0;
  const property = fc.property(histories, fc.integer({ min: 1, max: 30 }), ({ sent }, days) => {
    const { states, notifications } = run(sent.map((item) => item.observation));
    const receiver = makeReceiver();
    for (const notification of notifications) receiver.tell(notification);
    for (const [caseId, state] of states) {
      if (!receiver.find(caseId) || !fits(state)) continue;
      expectation({ state, receiver }, days);
      found += 1;
    }
  });
  fc.assert(property, { numRuns: 500 });
  expect(found).toBeGreaterThan(10);
}

const isAny = () => true;
const isOpen = (state: CaseState) => !state.withdrawn && !state.absence.ended;
const hasRecovered = (state: CaseState) => !state.withdrawn && state.absence.ended;
const isWithdrawn = (state: CaseState) => state.withdrawn;

function nextReport(state: CaseState, absence: Partial<Absence>): Observation {
  const { caseId, employer, employee, employment, sequence = 0 } = state;
  const { firstDay } = state.absence;
  const day = state.percentages.at(-1)?.from ?? firstDay;
  const usual = {
    caseId,
    sequence: sequence + 1,
    processing: 'changed',
    withdrawn: false,
    ended: false,
  } as const;
  const percentages = [{ from: plusDays(day, 3), percentage: '40.00' }];
  return { employer, employee, employment, absence: { ...usual, firstDay, percentages, ...absence } };
}

function expectHeld(state: CaseState | null, observation: Observation, code: HeldCode): void {
  const cleared = state && reopen(frozen(state));
  const result = compare(cleared, reopen(frozen(observation)));
  expect(result).toEqual({ outcome: 'held', code, reason: ERRORS[code].text });
}

function expectSense({ state, receiver }: Scene, observation: Observation, approval: ErrorCode): void {
  const result = compare(reopen(frozen(state)), reopen(frozen(observation)), [approval]);
  if (result.outcome !== 'told') throw new Error(`approved, and then ${result.outcome}`);
  for (const notification of result.notifications) receiver.tell(notification);
  const known = receiver.find(observation.absence.caseId);
  expect(known).toMatchObject({ withdrawn: false, recovery: null, firstDay: observation.absence.firstDay });
}

describe('compare, after any history', () => {
  it('holds a recovery of a case that nobody reported sick', () => {
    forEveryCase(isAny, ({ state }, days) => {
      const recoveryDate = plusDays(state.absence.firstDay, days);
      const observation = nextReport(state, { caseId: 'unknown', ended: true, recoveryDate });
      expectHeld(null, observation, 'HELD_RECOVERY_WITHOUT_SICKNESS');
    });
  });

  it('holds a recovery before the first day', () => {
    forEveryCase(isOpen, ({ state }, days) => {
      const recoveryDate = plusDays(state.absence.firstDay, -days);
      expectHeld(state, nextReport(state, { ended: true, recoveryDate }), 'HELD_RECOVERY_BEFORE_FIRST_DAY');
    });
  });

  it('holds a second sick report of an open case', () => {
    forEveryCase(isOpen, (scene, days) => {
      const firstDay = plusDays(scene.state.absence.firstDay, days);
      const percentages = [{ from: firstDay, percentage: '100.00' }];
      const observation = nextReport(scene.state, { processing: 'new', firstDay, percentages });
      expectHeld(scene.state, observation, 'HELD_SECOND_SICK_REPORT');
      expectSense(scene, observation, 'HELD_SECOND_SICK_REPORT');
    });
  });

  it('holds a percentage after full recovery', () => {
    forEveryCase(hasRecovered, (scene, days) => {
      const processing = days % 2 === 0 ? 'new' : 'changed';
      const observation = nextReport(scene.state, { processing });
      expectHeld(scene.state, observation, 'HELD_PERCENTAGE_AFTER_RECOVERY');
      expectSense(scene, observation, 'HELD_PERCENTAGE_AFTER_RECOVERY');
    });
  });

  it('holds a report of a withdrawn case', () => {
    forEveryCase(isWithdrawn, (scene) => {
      const observation = nextReport(scene.state, {});
      expectHeld(scene.state, observation, 'HELD_AFTER_WITHDRAWAL');
      expectSense(scene, observation, 'HELD_AFTER_WITHDRAWAL');
    });
  });

  it('holds an unseen correction that comes late', () => {
    forEveryCase(isOpen, ({ state }) => {
      const late = { processing: 'corrected', cause: 'unseen', sequence: 0 } as const;
      expectHeld({ ...state, sequence: 1 }, nextReport(state, late), 'HELD_LATE_CORRECTION');
    });
  });
});
