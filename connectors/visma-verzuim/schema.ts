// The wire, as far as this connector reads it: the named fields and no other. An answer holds citizen service numbers,
// no-risk flags and grounds of illness; zod leaves out whatever is not named here, before anything can log or keep it.
// Never make one of these objects loose, and never add a field without a need for it.
// Source of every shape: the published description "BlueVi Case Management API" v1, commit 79394600 of 2026-03-04.
import { z } from 'zod';

/** `DossierWithoutRelations`, `AbsenceCourseWithoutRelations`: calendar dates, so that no time zone matters. */
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const key = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** `DossierWithoutRelations`. */
const dossier = z.object({
  id: z.string().min(1),
  externalKey: key,
  dateStart: day,
  dateReported: day.nullish(),
  dossierStatus: z.enum(['open', 'completed']).nullish(),
  expectedDurationDays: z.number().nullish(),
});

/** One without a field is what a relation that is not there may look like. */
const maybeDossier = z.preprocess(
  (value) => (typeof value === 'object' && value && Object.keys(value).length === 0 ? null : value),
  dossier.nullish(),
);

/** `AbsenceCourse`, with `include=dossier`. A request takes whole numbers, an answer gives a float. */
const course = z.object({
  id: z.string().min(1),
  externalKey: key,
  dateStart: day,
  recoveryPercentage: z.number().min(0).max(100),
  employmentId: z.string().nullish(),
  dossier: maybeDossier,
});

/** `EmploymentWithoutRelations`. `isConfidential`: "flagged confidential under Negative Registration". */
const employment = z.object({
  id: z.string().min(1),
  externalKey: key,
  employeeNumber: z.string().nullish(),
  isConfidential: z.boolean().nullish(),
});

/** `EmployeeWithoutRelations`, of which nothing but the key is wanted. */
const employee = z.object({ id: z.string().min(1), externalKey: key });

/** `PaginationLinks`, `PaginationMetaInformation`: no part of the envelope is marked as required but what is read. */
const paging = {
  links: z.object({ next: z.string().nullish() }).nullish(),
  meta: z.object({ total: z.number().int().nullish(), totalPages: z.number().int().nullish() }).nullish(),
};

export const listOf = <Row extends z.ZodType>(row: Row) => z.object({ data: z.array(row), ...paging });

export const courseList = listOf(course);
export const dossierList = listOf(dossier);
export const employmentList = listOf(employment);
export const employeeList = listOf(employee);
/**
 * `PublicApiPostResponseEnvelope`, `PublicApiPatchResponseEnvelope`, `SuccessResponse`: what a write gives. `errors` is
 * a list here, and it is empty; what the object became is read back instead.
 */
export const written = z.object({
  errors: z.array(z.unknown()).max(0).nullish(),
});

/**
 * `BadRequestResponse`, `ServerErrorResponse`: `errors` is an object here. Its `message` and `detail` may repeat
 * personal data and are not read. `hint` comes with a 401 and names a scope.
 */
export const refusal = z.object({
  errors: z
    .object({ code: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  traceId: z.string().optional().catch(undefined),
});

/** `AccessToken`. `expires_in` counts seconds, 10800 unless it says otherwise. */
export const accessToken = z.object({
  token_type: z.string().default('Bearer'),
  expires_in: z.coerce.number().positive().default(10_800),
  access_token: z.string().min(1),
});

/** `AuthBadRequestResponse`, `Unauthorized`, `UnprocessableEntity`: what the token endpoint says when it refuses. */
export const tokenRefusal = z.object({
  error: z.string().optional().catch(undefined),
  hint: z.string().optional().catch(undefined),
});

export type WireCourse = z.output<typeof course>;
export type WireDossier = z.output<typeof dossier>;
export type WireEmployment = z.output<typeof employment>;
