// From a record to the message: an entry for what is to come, a text for the rest. The payload is one JSON object, the same
// for a folder and for mail. Pure.
import { z } from 'zod';
import type { Envelope, JsonObject, Problem, Rendered } from '../../src/connector.js';
import { readRecord, type WordsRecord, wordsOf } from '../plain-words/index.js';
import { type EntryText, entryText } from './entry.js';
import type { Settings } from './settings.js';

const message = z.object({
  /** Address; absent in a folder whose connection names nobody. */
  to: z.string().optional(),
  subject: z.string(),
  text: z.string(),
  entry: z.object({ method: z.enum(['REQUEST', 'PUBLISH', 'CANCEL']), content: z.string() }).optional(),
});
export type Message = z.output<typeof message>;

export const readMessage = (body: string): Message => message.parse(JSON.parse(body));

export function render(given: JsonObject, { createdAt }: Envelope, settings: Settings): Rendered {
  const read = readRecord(given);
  if (!read.ok)
    return { ok: false, problems: read.paths.map((path) => ({ code: 'MAPPING_MISSING_FIELD', path })) };
  const { record } = read;
  const to = recipientOf(record, settings);
  if (to === null) return { ok: false, problems: [{ code: 'RECIPIENT_UNKNOWN', path: 'employer.id' }] };
  const { heading, lines } = wordsOf(record);
  const who = whoOf(record, settings);
  const text = [...lines, ...(who === undefined ? [] : ['', `Werknemer: ${who}`]), ''].join('\r\n');
  const entry = entryOf(record, { createdAt, settings, to, who, description: lines.join('\n') });
  const told: Message = { ...(to !== undefined && { to }), subject: heading, text, ...(entry && { entry }) };
  const notices: readonly Problem[] =
    settings.employee !== 'none' && who === undefined
      ? [{ code: 'MAPPING_MISSING_FIELD', path: 'employee' }]
      : [];
  return { ok: true, payload: { contentType: 'application/json', body: JSON.stringify(told) }, notices };
}

/** Undefined when nobody has to be named, null when somebody should be. */
function recipientOf({ employer }: WordsRecord, { recipients }: Settings): string | null | undefined {
  if (Object.keys(recipients).length === 0) return undefined;
  return Object.hasOwn(recipients, employer.id) ? recipients[employer.id] : null;
}

function whoOf({ employee }: WordsRecord, settings: Settings): string | undefined {
  return settings.employee === 'none' ? undefined : employee[settings.employee];
}

interface Around {
  readonly createdAt: number;
  readonly settings: Settings;
  readonly to: string | undefined;
  readonly who: string | undefined;
  readonly description: string;
}

/** What is over needs no entry: it is told as text. */
const ENTRIES = ['AppointmentScheduled', 'AppointmentMoved', 'AppointmentCancelled'];

function entryOf(
  record: WordsRecord,
  { createdAt, settings, to, who, description }: Around,
): EntryText | null {
  if (record.recordKind !== 'appointment' || !ENTRIES.includes(record.kind)) return null;
  const { appointment, employer, kind, sequence } = record;
  const { id, title, date, time, durationMinutes, place } = appointment;
  return entryText({
    identity: [employer.id, id],
    count: sequence,
    cancelled: kind === 'AppointmentCancelled',
    minutes: durationMinutes ?? settings.defaultMinutes,
    summary: who === undefined ? title : `${title}: ${who}`,
    ...{ date, time, place, description, organizer: settings.from, attendee: to, stampMs: createdAt },
  });
}
