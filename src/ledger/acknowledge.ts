// What the receivers' words on a delivery come to. They come in any order, twice, early or late, and the end is the
// same: of several the weightiest counts, and a delivery only ever climbs: delivered, confirmed, rejected. Pure.
import type { ResultOutcome } from '../domain/return.js';

/** What one word makes of a delivery that arrived. */
export type Standing = 'confirmed' | 'rejected';

interface Word {
  readonly outcome: ResultOutcome;
  readonly code?: string;
  readonly detail?: string;
}

const WEIGHTS: Readonly<Record<ResultOutcome, number>> = {
  received: 0,
  processed: 1,
  'processed-with-remark': 2,
  refused: 3,
};

/**
 * Whether a word counts more than another. Of the same outcome the code decides, then the text: it matters little which
 * of them is shown, but it must not depend on which came first.
 */
export function outweighs(word: Word, other: Word): boolean {
  const [a, b] = [WEIGHTS[word.outcome], WEIGHTS[other.outcome]];
  if (a !== b) return a > b;
  const [code, otherCode] = [word.code ?? '', other.code ?? ''];
  if (code !== otherCode) return code > otherCode;
  return (word.detail ?? '') > (other.detail ?? '');
}

export function standingOf(outcome: ResultOutcome): Standing {
  return outcome === 'refused' ? 'rejected' : 'confirmed';
}

/** The state of one that arrived; null when it stays what it is. */
export function climb(state: 'delivered' | 'confirmed', standing: Standing): Standing | null {
  return state === standing ? null : standing === 'rejected' || state === 'delivered' ? standing : null;
}
