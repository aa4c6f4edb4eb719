// The words of a receiver at rest: sealed with their outcome, beside the delivery that they are about.
import type { AcknowledgementTable } from './database.js';
import { type Place, type Seal, unlessBroken } from './seal.js';
import type { Acknowledgement, KeptAcknowledgement } from './types.js';

export function wordsPlace(deliveryId: string): Place {
  return { table: 'acknowledgement', row: deliveryId, column: 'words' };
}

type KeptRow = { readonly [K in 'outcome' | 'words' | 'at']: AcknowledgementTable[K] };

/** Null as long as the receiver said nothing. Words that are gone, or do not open, leave the outcome. */
export function toKept({ outcome, words, at }: KeptRow, id: string, seal: Seal): KeptAcknowledgement | null {
  if (outcome === null) return null;
  const opened = words && unlessBroken(() => seal.open<Acknowledgement>(words, wordsPlace(id)));
  return { ...opened, outcome, at: at ?? 0 };
}
