// Fields of the schemas about people and their absence, by the published description (API v1, commit 79394600 of
// 2026-03-04), without relations. A test compares these tables with that file.
import type { Shape } from './plant.js';

const KEYS = { id: 'uuid', externalKey: 'text', migrationKey: 'text' } as const satisfies Shape;
const TIMES = { dateCreated: 'stamp', dateUpdated: 'stamp' } as const satisfies Shape;

/** `EmployeeWithoutRelations` */
export const EMPLOYEE: Shape = {
  ...KEYS,
  socialSecurityNumber: 'bsn',
  noRisk: 'boolean',
  sfb: 'boolean',
  absenceFrequency: 'integer',
  ...TIMES,
};

/** `EmployerPersonResource` */
export const PERSON: Shape = {
  ...KEYS,
  initials: 'short',
  firstName: 'text',
  lastName: 'text',
  lastNamePartner: 'text',
  namePreference: 'code own-partner',
  prefix: 'short',
  prefixPartner: 'short',
  placeOfBirth: 'text',
  gender: 'code x',
  dateOfBirth: 'date',
  dateOfDeath: 'date',
  maritalStatus: 'code widowed-after-partnership',
  salutation: 'code full',
  ...TIMES,
};

/** `EmployerPersonAddressResource` */
export const PERSON_ADDRESS: Shape = {
  ...KEYS,
  personId: 'uuid',
  street: 'text',
  country: 'country',
  number: 'text',
  postalCode: 'text',
  city: 'text',
  primary: 'boolean',
  ...TIMES,
};

/** `EmployerPersonCommunicationsResource` */
export const PERSON_COMMUNICATION: Shape = {
  uuid: 'uuid',
  externalKey: 'text',
  migrationKey: 'text',
  value: 'text',
  primary: 'boolean',
  type: 'code phone',
  purpose: 'code personal',
  ...TIMES,
};

/** `EmploymentWithoutRelations` */
export const EMPLOYMENT: Shape = {
  ...KEYS,
  employmentNumber: 'integer',
  primary: 'boolean',
  dateSeniority: 'date',
  employeeNumber: 'text',
  dateStartChainProvision: 'date',
  uwvRiskCode: 'text',
  waitingPeriod: 'integer',
  isConfidential: 'boolean',
  ...TIMES,
};

/** What `Employment` adds that is no relation. */
export const EMPLOYMENT_MORE: Shape = {
  internalSupervisorId: 'uuid',
  externalSupervisorId: 'uuid',
  firstEmploymentContractId: 'uuid',
  uwvSector: 'text',
};

/** `EmploymentContractResource` */
export const CONTRACT: Shape = {
  ...KEYS,
  dateStart: 'date',
  dateEnd: 'date',
  jobTitle: 'text',
  normHoursPerWeek: 'number',
  hoursPerWeek: 'number',
  functionYears: 'integer',
  paymentPeriod: 'code four-weeks',
  univeralSalary: 'number',
  ...TIMES,
};

/** `EmploymentType` */
export const EMPLOYMENT_TYPE: Shape = {
  ...KEYS,
  name: 'text',
  code: 'text',
  indefiniteContract: 'boolean',
  education: 'boolean',
};

/** `AbsenceCourseWithoutRelations` */
export const COURSE: Shape = {
  ...KEYS,
  dateReported: 'date',
  dateStart: 'date',
  dateEnd: 'date',
  recoveryPercentage: 'number',
  recoveryReason: 'code passed-away',
  wageValue: 'number',
  workedHours: 'number',
  safetyNet: 'code sick-due-to-organ-donation',
  ...TIMES,
};

/** `AbsenceReason` */
export const REASON: Shape = { ...KEYS, name: 'text', code: 'text', isPrimary: 'boolean' };

/** `DossierWithoutRelations` */
export const DOSSIER: Shape = {
  ...KEYS,
  type: 'code illness',
  dateReported: 'date',
  dateStart: 'date',
  dateEnd: 'date',
  protocol: 'code orgaandonatie',
  dossierStatus: 'code open',
  safetyNet: 'code sick-due-to-organ-donation',
  accidentType: 'code work-related-accident-with-liable',
  expectedDurationDays: 'integer',
  pa: 'boolean',
  pva: 'boolean',
  ...TIMES,
};

/** `DossierAddress`: the nursing address */
export const DOSSIER_ADDRESS: Shape = {
  id: 'uuid',
  street: 'text',
  number: 'text',
  city: 'text',
  postalCode: 'text',
  country: 'country',
};

/** `Zwerd` */
export const ZWERD: Shape = {
  dateEndOfEmployment: 'date',
  dateFirstSickDay: 'date',
  payrollNumber: 'text',
  daySalary: 'number',
  ...TIMES,
};
