// What the receiver of a delivery said of it, in one line for people: its outcome, its code and its text.
import type { ResultOutcome } from '../domain/return.js';
import type { Delivery, KeptAcknowledgement } from '../store/types.js';

const OUTCOMES: Readonly<Record<ResultOutcome, string>> = {
  received: 'received it',
  processed: 'processed it',
  'processed-with-remark': 'processed it with a remark',
  refused: 'refused it',
};

/** `the receiver refused it, code 0123: Unknown employer.` */
export function receiverWords({ outcome, code, detail }: KeptAcknowledgement): string {
  const coded = code === undefined ? '' : `, code ${code}`;
  return `the receiver ${OUTCOMES[outcome]}${coded}${detail === undefined ? '' : `: ${detail}`}`;
}

/** With what the delivery itself left behind; null when there is neither. */
export function wordsOnDelivery({
  detail,
  acknowledgement,
}: Pick<Delivery, 'detail' | 'acknowledgement'>): string | null {
  const words = [detail, acknowledgement && receiverWords(acknowledgement)].filter((part) => part !== null);
  return words.length > 0 ? words.join('; ') : null;
}
