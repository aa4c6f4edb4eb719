// The header of a message that we send: who sends it, when, and what is asked of the receiver.
import { type Envelope, type JsonObject, type Receipt, wallClock } from '../../src/connector.js';

/** What a connection has agreed with its receiver. */
export interface Agreed {
  readonly sender: string;
  readonly receiver: string;
  readonly test: boolean;
  readonly receiptRequested: boolean;
  readonly receiptWithinHours: number;
}

/** Day and time are those of the zone; the reference is that of the delivery, the same at each try. */
export function headerOf(envelope: Envelope, agreed: Agreed, timeZone: string): JsonObject {
  const { date, time } = wallClock(envelope.createdAt, timeZone);
  return {
    createdDate: date,
    createdTime: time,
    senderId: agreed.sender,
    softwarePackage: 'Verzuimbrug',
    receiverId: agreed.receiver,
    reference: envelope.reference,
    test: agreed.test ? 'J' : 'N',
    receiptRequested: agreed.receiptRequested ? 'J' : 'N',
  };
}

/** For a message whose receiver was asked for a return message: by when people want to have it. */
export function receiptDue({
  receiptRequested,
  receiptWithinHours,
}: Agreed): Pick<Receipt, 'receiptDueInMs'> {
  return receiptRequested ? { receiptDueInMs: receiptWithinHours * 3_600_000 } : {};
}
