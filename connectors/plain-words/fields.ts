// The record that this text is made of, as the out-mappings of the way back write it. Every leaf is text; words for people
// (title, form, outcome) are Dutch already, from the code tables. Nothing else of a notification can be shown.
import { z } from 'zod';
import type { JsonObject } from '../../src/connector.js';

/** All names, for the mapping files. A connector leaves out the ones that it has no use for. */
export const WORDS_FIELDS: readonly string[] = [
  ...['recordKind', 'kind', 'sequence', 'employer.id'],
  ...['employee.id', 'employee.number', 'employee.name', 'employment.id'],
  ...['appointment.id', 'appointment.title', 'appointment.form', 'appointment.place'],
  ...['appointment.date', 'appointment.time', 'appointment.durationMinutes'],
  ...['appointment.previousDate', 'appointment.previousTime'],
  ...['advice.reportDate', 'advice.therapeuticPercentage', 'advice.expectedRecovery'],
  ...['advice.percentages[].from', 'advice.percentages[].until', 'advice.percentages[].percentage'],
  ...['advice.abilities[].text', 'advice.limitations[].text', 'advice.adaptations[].text'],
  ...['result.outcome', 'result.code', 'result.text', 'result.caseId', 'result.sequence'],
];

const text = z.string().optional();
const texts = z.array(z.object({ text: z.string() })).default([]);

const appointment = z.object({
  id: z.string(),
  title: z.string(),
  /** YYYY-MM-DD and HH:MM, local. */
  date: z.iso.date(),
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d/),
  durationMinutes: z.coerce.number().int().positive().optional(),
  previousDate: z.iso.date().optional(),
  previousTime: text,
  form: text,
  place: text,
});

const advice = z.object({
  reportDate: z.iso.date().optional(),
  /** Shares absent, such as "50.00". */
  percentages: z
    .array(z.object({ from: z.iso.date(), until: z.iso.date().optional(), percentage: z.string() }))
    .default([]),
  therapeuticPercentage: text,
  expectedRecovery: z.iso.date().optional(),
  abilities: texts,
  limitations: texts,
  adaptations: texts,
});

const result = z.object({ outcome: z.string(), code: text, text, caseId: text, sequence: text });

const common = z.object({
  kind: z.string(),
  sequence: z.coerce.number().int().positive(),
  employer: z.object({ id: z.string() }),
  employee: z.object({ id: text, number: text, name: text }).default({}),
  employment: z.object({ id: text }).default({}),
});

const record = z.discriminatedUnion('recordKind', [
  common.extend({ recordKind: z.literal('appointment'), appointment }),
  common.extend({ recordKind: z.literal('advice'), advice }),
  common.extend({ recordKind: z.literal('result'), result }),
]);

export type WordsRecord = z.output<typeof record>;
export type AppointmentWords = z.output<typeof appointment>;
export type AdviceWords = z.output<typeof advice>;
export type ResultWords = z.output<typeof result>;

export type ReadRecord =
  | { readonly ok: true; readonly record: WordsRecord }
  /** Paths of fields that are missing or of another form. */
  | { readonly ok: false; readonly paths: readonly string[] };

export function readRecord(given: JsonObject): ReadRecord {
  const read = record.safeParse(given);
  if (read.success) return { ok: true, record: read.data };
  return {
    ok: false,
    paths: [...new Set(read.error.issues.map(({ path }) => path.join('.') || 'recordKind'))],
  };
}
