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

/** A case of some history, with a receiver that was told all of it. */
const scenes: fc.Arbitrary<Scene> = histories
  .map(({ sent }) => {
    const { states, notifications } = run(sent.map((item) => item.observation));
    const receiver = makeReceiver();
    for (const notification of notifications) receiver.tell(notification);
    return {
      states: [...states].filter(([caseId]) => receiver.find(caseId)).map(([, state]) => state),
      receiver,
    };
  })
  .filter(({ states }) => states.length > 0)
  .chain(({ states, receiver }) => fc.constantFrom(...states).map((state) => ({ state, receiver })));

const open = scenes.filter(({ state }) => !state.withdrawn && !state.absence.ended);
const recovered = scenes.filter(({ state }) => !state.withdrawn && state.absence.ended);
const withdrawn = scenes.filter(({ state }) => state.withdrawn);

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
    fc.assert(
      fc.property(scenes, fc.nat(30), ({ state }, days) => {
        const recoveryDate = plusDays(state.absence.firstDay, days);
        const observation = nextReport(state, { caseId: 'unknown', ended: true, recoveryDate });
        expectHeld(null, observation, 'HELD_RECOVERY_WITHOUT_SICKNESS');
      }),
      { numRuns: 300 },
    );
  });

  it('holds a recovery before the first day', () => {
    fc.assert(
      fc.property(open, fc.integer({ min: 1, max: 30 }), ({ state }, days) => {
        const recoveryDate = plusDays(state.absence.firstDay, -days);
        expectHeld(state, nextReport(state, { ended: true, recoveryDate }), 'HELD_RECOVERY_BEFORE_FIRST_DAY');
      }),
      { numRuns: 300 },
    );
  });

  it('holds a second sick report of an open case', () => {
    fc.assert(
      fc.property(open, fc.integer({ min: 1, max: 30 }), (scene, days) => {
        const firstDay = plusDays(scene.state.absence.firstDay, days);
        const percentages = [{ from: firstDay, percentage: '100.00' }];
        const observation = nextReport(scene.state, { processing: 'new', firstDay, percentages });
        expectHeld(scene.state, observation, 'HELD_SECOND_SICK_REPORT');
        expectSense(scene, observation, 'HELD_SECOND_SICK_REPORT');
      }),
      { numRuns: 600 },
    );
  });

  it('holds a percentage after full recovery', () => {
    const processing = fc.constantFrom('new', 'changed', 'unchanged');
    fc.assert(
      fc.property(recovered, processing, (scene, word) => {
        const observation = nextReport(scene.state, { processing: word });
        expectHeld(scene.state, observation, 'HELD_PERCENTAGE_AFTER_RECOVERY');
        expectSense(scene, observation, 'HELD_PERCENTAGE_AFTER_RECOVERY');
      }),
      { numRuns: 600 },
    );
  });

  it('holds a report of a withdrawn case', () => {
    fc.assert(
      fc.property(withdrawn, (scene) => {
        const observation = nextReport(scene.state, {});
        expectHeld(scene.state, observation, 'HELD_AFTER_WITHDRAWAL');
        expectSense(scene, observation, 'HELD_AFTER_WITHDRAWAL');
      }),
      { numRuns: 300 },
    );
  });

  it('holds an unseen correction that comes late', () => {
    fc.assert(
      fc.property(open, ({ state }) => {
        const observation = nextReport(
          { ...state, sequence: -1 },
          { processing: 'corrected', cause: 'unseen' },
        );
        expectHeld({ ...state, sequence: 1 }, observation, 'HELD_LATE_CORRECTION');
      }),
      { numRuns: 300 },
    );
  });
});
