// Made-up absence messages for whole runs: what an HR system would put in the inbox, in any release, with as much in it
// as a test asks for. Names are those of the codec, in English.
import { type Release, renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { absenceRecord } from './absence-record.js';

/** Groups of a record with what differs from the made-up sick report of case CASE-1. */
export interface Changes {
  readonly header?: JsonObject;
  readonly employer?: JsonObject;
  readonly employee?: JsonObject;
  readonly employment?: JsonObject;
  readonly absence?: JsonObject;
}

let messages = 0;

/** One message with one absence; `number` makes employee and case. */
export function message(number: number, changes: Changes = {}, release: Release = '2026'): string {
  messages += 1;
  const base: JsonObject = { header: headerOf(messages), ...absenceRecord(number) };
  const record: Record<string, JsonValue | undefined> = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    record[name] = { ...(base[name] as JsonObject), ...change };
  }
  const rendered = renderMessage(record, { release });
  if (rendered.ok) return rendered.payload.body;
  throw new Error(`the made-up message does not render: ${JSON.stringify(rendered.problems)}`);
}

export const onDay = (day: string, percentage: string, sequence: number): JsonObject => ({
  processing: '02',
  effectiveDate: day,
  sequence: String(sequence),
  percentage,
});

export const recoveredOn = (day: string, sequence: number): JsonObject => ({
  ...onDay(day, '0.00', sequence),
  ended: 'J',
  recoveryDate: day,
});

function headerOf(number: number): JsonObject {
  return {
    createdDate: '2026-03-02',
    createdTime: '10:30:00',
    senderId: 'HR-1',
    softwarePackage: 'HR',
    receiverId: 'ARBO-1',
    reference: `HR-MESSAGE-${number}`,
    test: 'N',
    receiptRequested: 'N',
  };
}
