// What holds for every history: the notifications of compare, told to an independent model of a receiver.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Notification } from '../../src/domain/notification.js';
import { compare, resendAll } from '../../src/ledger/compare.js';
import { reopen } from '../../src/privacy/gate.js';
import type { Truth } from '../support/absence-source.js';
import { histories, neededOf, withRepeats } from '../support/history-arbitrary.js';
import { frozen, run, runBatches } from '../support/ledger-run.js';
import { type KnownCase, makeReceiver, meaning } from '../support/receiver.js';

const RUNS = { numRuns: 1_500 };

function receiverAfter(notifications: readonly Notification[], lastNumber = 0) {
  const receiver = makeReceiver(lastNumber);
  for (const notification of notifications) receiver.tell(notification);
  return receiver;
}

/** What the receiver should know of a case, for comparing with what it does know. */
function standingOf(truth: Truth) {
  if (truth.withdrawn) return { caseId: truth.caseId, withdrawn: true };
  const { caseId, firstDay, recovery, people, facts } = truth;
  return { caseId, firstDay, recovery, people: personal(truth, people), facts: lasting(facts) };
}

function knownStanding(known: KnownCase) {
  if (known.withdrawn) return { caseId: known.caseId, withdrawn: true };
  const { caseId, firstDay, recovery, people, facts } = known;
  return { caseId, firstDay, recovery, people: personal(known, people), facts: lasting(facts) };
}

/** Personal data are told only while the employee is sick. */
function personal<T>({ recovery }: { recovery: string | null }, people: T): T | 'not told any more' {
  return recovery === null ? people : 'not told any more';
}

function lasting({ contacts, ...facts }: Readonly<Record<string, unknown>>) {
  return facts;
}

describe('compare, over any history of an honest source', () => {
  it('leaves the receiver with the truth, and is never refused by it', () => {
    fc.assert(
      fc.property(histories, ({ sent, truths }) => {
        const { notifications } = run(sent.map((item) => item.observation));
        const receiver = receiverAfter(notifications);
        for (const truth of truths) {
          const known = receiver.find(truth.caseId);
          expect(known && knownStanding(known)).toEqual(standingOf(truth));
          if (!known || truth.withdrawn) continue;
          expect(meaning(known.course, known.recovery)).toEqual(meaning(truth.course, truth.recovery));
          if (truth.recovery === null) expect(known.facts).toEqual(truth.facts);
        }
        expect(receiver.cases()).toHaveLength(truths.length);
      }),
      RUNS,
    );
  });

  it('holds nothing when nothing was lost', () => {
    fc.assert(
      fc.property(histories, ({ sent }) => {
        const { results } = run(sent.map((item) => item.observation));
        expect(results.filter(({ result }) => result.outcome === 'held')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('tells the same in the same order when messages come again and in other batches', () => {
    const repeated = histories.chain((history) =>
      fc.record({
        history: fc.constant(history),
        observations: withRepeats(history.sent),
        sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(repeated, ({ history, observations, sizes }) => {
        const plain = run(history.sent.map((item) => item.observation));
        let rest = observations;
        const batches = sizes.map((size) => {
          const batch = rest.slice(0, size);
          rest = rest.slice(size);
          return batch;
        });
        const again = runBatches([...batches, rest]);
        expect(again.notifications).toEqual(plain.notifications);
      }),
      RUNS,
    );
  });

  it('ends right or held when messages are lost that are not needed to know how a case stands', () => {
    const lossy = histories.chain((history) =>
      fc.record({
        history: fc.constant(history),
        lost: fc.array(fc.boolean(), { minLength: history.sent.length, maxLength: history.sent.length }),
      }),
    );
    const seen = { right: 0, held: 0 };
    fc.assert(
      fc.property(lossy, ({ history, lost }) => {
        const needed = neededOf(history);
        const kept = history.sent.filter((item, index) => !lost[index] || needed.has(item));
        const { notifications, results } = run(kept.map((item) => item.observation));
        const receiver = receiverAfter(notifications);
        const heldCourses = new Set(
          results.flatMap(({ result }, index) => (result.outcome === 'held' ? [kept[index]?.course] : [])),
        );
        for (const { observation, course, truth } of kept) {
          const isEnd = history.sent.findLast((item) => item.course === course)?.observation === observation;
          if (!isEnd) continue;
          seen[heldCourses.has(course) ? 'held' : 'right'] += 1;
          if (heldCourses.has(course)) continue;
          const known = receiver.find(truth.caseId);
          if (truth.withdrawn && !known) continue;
          expect(known && knownStanding(known)).toEqual(standingOf(truth));
          if (known && truth.recovery === null && !truth.withdrawn) {
            expect(meaning(known.course, null).at(-1)?.split(' ')[1]).toBe(
              meaning(truth.course, null).at(-1)?.split(' ')[1],
            );
          }
        }
        for (const { result } of results) {
          if (result.outcome === 'held') expect(result.reason).toMatch(/^[A-Z].+\.$/);
        }
      }),
      RUNS,
    );
    expect(seen.right).toBeGreaterThan(1_000);
    expect(seen.held).toBeGreaterThan(50);
  });
});

describe('compare, over any state', () => {
  const states = histories.map(({ sent }) => run(sent.map((item) => item.observation)).states);

  it('changes nothing for an out-of-date observation', () => {
    let outOfDate = 0;
    fc.assert(
      fc.property(histories, ({ sent }) => {
        const { states: after } = run(sent.map((item) => item.observation));
        for (const { observation } of sent) {
          const state = after.get(observation.absence.caseId);
          if (!state || (observation.absence.sequence ?? 0) >= (state.sequence ?? 0)) continue;
          const stranger = { ...observation, message: { reference: 'never seen' } };
          const result = compare(reopen(frozen(state)), reopen(frozen(stranger)));
          expect(result).toEqual({ outcome: 'out-of-date', next: null });
          outOfDate += 1;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(outOfDate).toBeGreaterThan(500);
  });

  it('tells a receiver that knows nothing the present state when all is sent again', () => {
    fc.assert(
      fc.property(states, (known) => {
        for (const state of known.values()) {
          const { notifications, next } = resendAll(reopen(frozen(state)));
          if (state.withdrawn) {
            expect(notifications).toEqual([]);
            continue;
          }
          const told = receiverAfter(notifications, state.notified).find(state.caseId);
          const course = Object.fromEntries(state.percentages.map((entry) => [entry.from, entry.percentage]));
          const recovery = state.absence.recoveryDate ?? null;
          expect(told && { firstDay: told.firstDay, recovery: told.recovery }).toEqual({
            firstDay: state.absence.firstDay,
            recovery,
          });
          expect(meaning(told?.course ?? {}, told?.recovery ?? null)).toEqual(meaning(course, recovery));
          expect(next.notified).toBe(state.notified + notifications.length);
          expect(told?.people.employee).toEqual(next.employee);
        }
      }),
      RUNS,
    );
  });
});
