// What a delivery carries through the outbox: no more than its calls need. Written by render.ts, read by deliver.ts,
// maybe by a later version: fields are added, never renamed.
import { z } from 'zod';

export const KINDS = [
  'SickReport',
  'AbsenceChange',
  'Recovery',
  'Correction',
  'Withdrawal',
  'EmployeeChange',
] as const;

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Names and limits as in the bodies of `POST /employee` and `PATCH /employee`. */
const people = z.object({
  employeeKey: z.string(),
  person: z.record(z.string(), z.string()),
  address: z.record(z.string(), z.string()),
  communicationMethods: z.record(z.string(), z.string()),
  /** As in `POST /employment`; the keys are added when it is sent. */
  employment: z.record(z.string(), z.union([z.string(), z.number()])),
});

const payloadSchema = z.object({
  kind: z.enum(KINDS),
  employmentKey: z.string(),
  /** Set when employments are looked up within the employer. */
  employerKey: z.string().optional(),
  caseKey: z.string(),
  /** Set when the case was known by another key. */
  previousCaseKey: z.string().optional(),
  /** Number of this notification within the case: part of the key of a course that it makes. */
  sequence: z.number().int(),
  firstDay: day,
  /** The first day was told to be another before. */
  moved: z.boolean(),
  ended: z.boolean(),
  /** Day from which the course holds, and how far the employee has recovered from that day on, 0 to 100. */
  day,
  recovery: z.number().int().min(0).max(100),
  /** Day of the wrong course that this one takes the place of. */
  wrongDay: day.optional(),
  dateReported: day.optional(),
  expectedDurationDays: z.number().int().optional(),
  recoveryReason: z.string().optional(),
  /** Told with the first course of a case only. */
  first: z.record(z.string(), z.string()).optional(),
  people: people.optional(),
});

export type Told = z.output<typeof payloadSchema>;
export type People = z.output<typeof people>;

export function writePayload(told: Told): string {
  return JSON.stringify(told);
}

/** Throws when it is none of ours, which is a bug. */
export function readPayload(body: string): Told {
  return payloadSchema.parse(JSON.parse(body));
}
