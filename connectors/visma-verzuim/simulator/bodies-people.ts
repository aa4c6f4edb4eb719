// Request bodies about people and their employments, by the published description (`PostEmployeeRequestBody` and so on).
// Unknown fields are accepted and forgotten.
import { z } from 'zod';

const key = z.string().max(191);
const line = z.string().max(191).nullish();
const day = z.iso.date();
const hours = z.number().nullish();
const country = z.string().regex(/^[A-Z]{2}$/);
const paymentPeriod = z.enum(['hour', 'day', 'week', 'four-weeks', 'month', 'year']);

const person = z.object({
  initials: z.string().max(30).nullish(),
  firstName: z.string().max(255).nullish(),
  prefix: z.string().max(16).nullish(),
  lastName: z.string().min(1).max(100).optional(),
  prefixPartner: z.string().max(16).nullish(),
  lastNamePartner: z.string().max(100).nullish(),
  namePreference: z.enum(['own', 'partner', 'own-partner', 'partner-own']).optional(),
  salutation: z.enum(['full', 'short']).optional(),
  gender: z.enum(['m', 'f', 'x']).optional(),
  dateOfBirth: day.optional(),
  dateOfDeath: day.optional(),
  nationality: country.optional(),
  placeOfBirth: line,
  maritalStatus: z.string().optional(),
  noRisk: z.boolean().optional(),
  sfb: z.boolean().optional(),
  socialSecurityNumber: z
    .string()
    .regex(/^\d{9}$/)
    .optional(),
});
const address = z.object({
  street: line,
  number: line,
  postalCode: line,
  city: line,
  country: country.optional(),
});
const communicationMethods = z.object({
  privateEmail: line,
  privatePhone: line,
  privateMobile: line,
  businessEmail: line,
  businessPhone: line,
  businessMobile: line,
});
const unit = { organizationalUnitId: z.uuid().nullish(), organizationalUnitKey: key.nullish() };
const terms = {
  jobTitle: line,
  dateEnd: day.nullish(),
  normHoursPerWeek: hours,
  employmentTypeId: z.uuid().nullish(),
  employmentTypeCode: key.nullish(),
};

export const POST_EMPLOYEE = z.object({
  externalKey: key.nullish(),
  person: person.required({
    initials: true,
    lastName: true,
    namePreference: true,
    gender: true,
    dateOfBirth: true,
  }),
  address: address.required({ street: true, number: true, postalCode: true, city: true }),
  communicationMethods: communicationMethods.optional(),
  employment: z.object({
    ...unit,
    ...terms,
    externalKey: key.nullish(),
    migrationKey: key.nullish(),
    employeeNumber: line,
    dateStart: day,
    hoursPerWeek: z.number().nullable(),
    paymentPeriod: paymentPeriod.nullish(),
  }),
});
export type PostEmployee = z.output<typeof POST_EMPLOYEE>;

const named = { id: z.uuid().nullish(), key: key.nullish(), migrationKeyId: key.optional() };
const keys = { externalKey: key.nullish(), migrationKey: key.nullish() };

export const PATCH_EMPLOYEE = z.object({
  ...named,
  ...keys,
  person: person.optional(),
  address: address.optional(),
  communicationMethods: communicationMethods.optional(),
});
export type PatchEmployee = z.output<typeof PATCH_EMPLOYEE>;

export const POST_EMPLOYMENT = z.object({
  ...unit,
  ...terms,
  ...keys,
  employeeId: z.uuid().optional(),
  employeeKey: key.optional(),
  employeeNumber: line,
  dateStart: day.nullish(),
  hoursPerWeek: hours,
  paymentPeriod: paymentPeriod.optional(),
});
export type PostEmployment = z.output<typeof POST_EMPLOYMENT>;

export const PATCH_EMPLOYMENT = z.object({ ...named, ...keys, employeeNumber: line });
export type PatchEmployment = z.output<typeof PATCH_EMPLOYMENT>;

export const POST_CONTRACT = z.object({
  ...unit,
  ...terms,
  ...keys,
  employmentId: z.uuid().optional(),
  employmentKey: key.nullish(),
  dateStart: day,
  hoursPerWeek: hours,
  paymentPeriod,
});
export type PostContract = z.output<typeof POST_CONTRACT>;

export const PATCH_CONTRACT = z.object({
  ...named,
  ...unit,
  ...terms,
  ...keys,
  dateStart: day.nullish(),
  hoursPerWeek: hours,
  paymentPeriod: paymentPeriod.nullish(),
});
export type PatchContract = z.output<typeof PATCH_CONTRACT>;
