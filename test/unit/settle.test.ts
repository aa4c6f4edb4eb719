import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs } from '../../src/delivery/backoff.js';
import { type Circumstances, type Outcome, settle } from '../../src/delivery/settle.js';
import {
  NeedsHumanError,
  PostponedError,
  RejectedError,
  RetryableError,
  RouteError,
  UnknownOutcomeError,
} from '../../src/errors.js';

const NOW = 1_000_000;
const BACKOFF = { firstMs: 1_000, longestMs: 60_000 };
const circumstances: Circumstances = {
  attempts: 0,
  now: NOW,
  random: 1,
  backoff: BACKOFF,
  lookup: 'cannot-tell',
  idempotent: false,
};
const failed = (error: unknown): Outcome => ({ kind: 'failed', error });

describe('the next state after an attempt', () => {
  it('is delivered with the receipt when the receiver has it', () => {
    const { settlement } = settle({ kind: 'delivered', receipt: { reference: 'r-1' } }, circumstances);
    expect(settlement).toEqual({ state: 'delivered', spent: true, detail: 'receipt r-1' });
  });

  it('is confirmed when the receiver shows what was sent, with the remarks for people and for the audit', () => {
    const receipt = { reference: null, differences: [], remarks: ['joined an older dossier'] };
    expect(settle({ kind: 'delivered', receipt }, circumstances)).toEqual({
      settlement: { state: 'confirmed', spent: true, detail: 'joined an older dossier' },
      shows: 'works',
      told: { remarks: ['joined an older dossier'] },
    });
  });

  it('is delivered with a code when the receiver shows something else', () => {
    const receipt = { reference: 'r-1', differences: ['absence.percentage'] };
    const { settlement, told } = settle({ kind: 'delivered', receipt }, circumstances);
    expect(settlement).toMatchObject({ state: 'delivered', code: 'TARGET_DIFFERS' });
    expect(settlement.detail).toContain('absence.percentage');
    expect(told).toEqual({ differences: ['absence.percentage'] });
  });

  it('is queued until the budget of calls allows the next, without spending an attempt', () => {
    const { settlement, shows } = settle(failed(new PostponedError('400 of 400', 7_000)), {
      ...circumstances,
      attempts: 3,
    });
    expect(settlement).toMatchObject({ state: 'queued', spent: false, nextAttemptAt: NOW + 7_000 });
    expect(shows).toBe(null);
  });

  it('is queued for later when the receiver is busy, as late as it asked', () => {
    const asked = settle(failed(new RetryableError('busy', { retryAfterMs: 7_000 })), circumstances);
    expect(asked.settlement).toMatchObject({ state: 'queued', spent: true, nextAttemptAt: NOW + 7_000 });
    const later = { ...circumstances, attempts: 50, backoff: { firstMs: 30_000, longestMs: 3_600_000 } };
    const minutes = settle(failed(new RetryableError('busy', { retryAfterMs: 600_000 })), later);
    expect(minutes.settlement.nextAttemptAt).toBe(NOW + 600_000);
    const unasked = settle(failed(new RetryableError('busy')), { ...circumstances, attempts: 2 });
    expect(unasked.settlement.nextAttemptAt).toBe(NOW + 4_000);
  });

  it('that asked for no wait at all is not asked without end', () => {
    const backoff = { firstMs: 30_000, longestMs: 3_600_000 };
    const at = (attempts: number) =>
      settle(failed(new RetryableError('busy', { retryAfterMs: 0 })), { ...circumstances, attempts, backoff })
        .settlement.nextAttemptAt;
    expect([at(0), at(1), at(50)]).toEqual([NOW + 30_000, NOW + 60_000, NOW + 300_000]);
  });

  it.each([
    ['present', false, 'delivered'],
    ['absent', false, 'queued'],
    ['nothing', false, 'queued'],
    ['cannot-tell', true, 'queued'],
    ['cannot-tell', false, 'parked'],
  ] as const)('of an unknown outcome: asked %s, idempotent %s -> %s', (lookup, idempotent, state) => {
    const unknown = failed(new UnknownOutcomeError('timed out'));
    expect(settle(unknown, { ...circumstances, lookup, idempotent }).settlement.state).toBe(state);
  });

  it('is rejected, with the reason, when the receiver refuses this very notification', () => {
    const { settlement, shows } = settle(failed(new RejectedError('unknown employer')), circumstances);
    expect(settlement).toMatchObject({ state: 'rejected', code: 'TARGET_REJECTED', spent: true });
    expect(settlement.detail).toContain('unknown employer');
    expect(shows).toBe('works');
  });

  it('is queued without spending an attempt, and the route pauses, when the connection is refused', () => {
    const { settlement, shows } = settle(failed(new RouteError('401')), circumstances);
    expect(settlement).toMatchObject({ state: 'queued', spent: false, code: 'TARGET_ROUTE' });
    expect(shows).toBe('refuses');
  });

  it('is parked when a person has to look, and parked as a bug for anything unforeseen', () => {
    const human = settle(failed(new NeedsHumanError('MAPPING_UNKNOWN_CODE')), circumstances);
    expect(human.settlement).toMatchObject({ state: 'parked', code: 'MAPPING_UNKNOWN_CODE' });
    const bug = settle(failed(new TypeError('x is undefined: Jansen')), circumstances);
    expect(bug.settlement).toEqual({ state: 'parked', spent: true, code: 'BUG' });
  });
});

describe('the wait before a new attempt', () => {
  it('never exceeds the longest wait, never falls below half of the doubled one, and grows', () => {
    const attempts = fc.integer({ min: 1, max: 200 });
    const random = fc.double({ min: 0, max: 0.999999, noNaN: true });
    fc.assert(
      fc.property(attempts, random, (spent, chance) => {
        const wait = backoffMs(spent, BACKOFF, chance);
        const full = Math.min(BACKOFF.firstMs * 2 ** Math.min(spent - 1, 30), BACKOFF.longestMs);
        expect(wait).toBeLessThanOrEqual(full);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(backoffMs(spent + 1, BACKOFF, chance)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});
