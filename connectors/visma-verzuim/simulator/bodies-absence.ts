// Request bodies about absence, by the published description (`PostAbsenceCourseRequestBody`, `PatchAbsenceCourseRequestBody`,
// `PatchIllnessRequestBody`). Unknown fields are accepted and forgotten.
import { z } from 'zod';

const key = z.string().max(191);
const day = z.iso.date();
const percentage = z.int().min(0).max(100);
const safetyNet = z.enum([
  'disposal',
  'special-employment',
  'sick-due-to-pregnancy',
  'not-specified',
  'sick-due-to-childbirth',
  'sick-due-to-organ-donation',
  'unknown',
]);
const accidentType = z.enum([
  'private',
  'private-with-liable',
  'work-related-accident',
  'work-related-accident-with-liable',
]);
const recoveryReason = z.enum([
  'recovered',
  'ill-out-of-service',
  'end-wait-period',
  'start-aow',
  'passed-away',
  'start-pregnancy-leave',
  'partial-recovery',
  'fully-sick-again',
]);

export const POST_COURSE = z
  .object({
    newDossier: z.boolean().nullish(),
    externalKey: key.nullish(),
    migrationKey: key.nullish(),
    safetyNet: safetyNet.optional(),
    accidentType: accidentType.optional(),
    absenceReasonId: z.uuid().optional(),
    absenceReasonCode: key.optional(),
    employmentId: z.uuid().optional(),
    employmentKey: key.optional(),
    dateReported: day.optional(),
    dateStart: day,
    wageValue: z.number().optional(),
    workedHours: z.int().optional(),
    recoveryReason: recoveryReason.optional(),
    dateEmploymentEnd: day.optional(),
    setDossierKey: key.nullish(),
    setDossierMigrationKey: key.nullish(),
    expectedDurationDays: z.int().optional(),
    recoveryPercentage: percentage,
  })
  .refine(
    ({ employmentId, employmentKey }) => (employmentId === undefined) !== (employmentKey === undefined),
    {
      error: 'exactly one of employmentId and employmentKey is required',
    },
  );
export type PostCourse = z.output<typeof POST_COURSE>;

export const PATCH_COURSE = z.object({
  id: z.uuid().optional(),
  key: key.optional(),
  migrationKeyId: key.optional(),
  externalKey: key.nullish(),
  migrationKey: key.nullish(),
  dateStart: day.optional(),
  safetyNet: safetyNet.optional(),
  absenceReasonId: z.uuid().optional(),
  absenceReasonCode: key.nullish(),
  wageValue: z.number().optional(),
  workedHours: z.int().optional(),
  recoveryPercentage: percentage.optional(),
  recoveryReason: recoveryReason.nullish(),
});
export type PatchCourse = z.output<typeof PATCH_COURSE>;

/**
 * `id` is required although the text calls `key` an alternative. "Required if the other is omitted" of the dossier officer
 * would make every PATCH name one: not enforced.
 */
export const PATCH_DOSSIER = z.object({
  id: z.uuid(),
  externalKey: key.nullish(),
  migrationKey: key.nullish(),
  dossierStatus: z.enum(['open', 'completed']).optional(),
  dateReported: day.optional(),
  dateStart: day.optional(),
  protocol: z.string().optional(),
  safetyNet: safetyNet.optional(),
  dossierClosureReason: z.enum(['completed', 'cancelled', 'outdated']).optional(),
  expectedDurationDays: z.int().optional(),
  dateCompleted: day.optional(),
  pa: z.boolean().optional(),
  pva: z.boolean().optional(),
});
export type PatchDossier = z.output<typeof PATCH_DOSSIER>;
