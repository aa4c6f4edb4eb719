// The records of the WFM API as far as they are used (published description "Youforce.WFM.Api", version CA). Only the
// named fields come in; everything else is forgotten at the door. Ids and codes stay text, with their zeros and spaces.
import { z } from 'zod';

/** Null says as little as nothing. A field may turn up as a number where the description says text. */
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : String(value)));

const key = z.union([z.string().trim().min(1), z.number()]).transform(String);

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

export const sickLeaveSchema = z.object({
  /** Composite, with spaces: `1005 1 533`. */
  id: key,
  personCode: key,
  employmentCode: key,
  startDate: text,
  recoveryDate: text,
  expectedRecoveryDate: text,
  sicknessPeriod: list(z.object({ periodStartDate: text, percentage: text })),
});

export const personSchema = z.object({
  id: text,
  personCode: text,
  initials: text,
  knownAs: text,
  gender: text,
  lastNameAtBirth: text,
  lastNameAtBirthPrefix: text,
  lastName: text,
  /** Not in the description of 2023; in the field list of the knowledge base (visma-raet.md section 5.3, KB-WFM). */
  dateOfBirth: text,
  deceased: z
    .boolean()
    .nullish()
    .transform((value) => value ?? undefined),
  emailAddresses: list(z.object({ type: text, address: text })),
  phoneNumbers: list(z.object({ type: text, number: text })),
  addresses: list(
    z.object({ street: text, number: text, numberAdditional: text, postalCode: text, city: text }),
  ),
});

export const employmentSchema = z.object({
  /** Composite, with a space: `1005 2`. */
  id: text,
  personCode: text,
  employmentCode: text,
  hireDate: text,
  dischargeDate: text,
  company: text,
  jobProfile: text,
  jobProfileName: text,
  organizationUnit: text,
  organizationUnitCode: text,
  organizationUnitName: text,
  workingAmount: z
    .object({ amountOfWork: text })
    .nullish()
    .transform((amount) => amount ?? undefined),
});

export type SickLeave = z.output<typeof sickLeaveSchema>;
export type Person = z.output<typeof personSchema>;
export type Employment = z.output<typeof employmentSchema>;

/** The description says `values`; other APIs of the same line say `value` (visma-raet.md section 5.1, HELLOID). */
export const pageSchema = z
  .object({
    values: z.array(z.unknown()).nullish(),
    value: z.array(z.unknown()).nullish(),
    nextLink: z.string().nullish(),
  })
  .refine(({ values, value }) => values || value, 'there is no list in it')
  .transform(({ values, value, nextLink }) => ({
    items: [...(values ?? []), ...(value ?? [])],
    nextLink: nextLink?.trim() || null,
  }));
