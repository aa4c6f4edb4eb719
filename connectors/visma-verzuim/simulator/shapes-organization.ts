// Fields of the schemas about employers and their units, by the published description (API v1, commit 79394600 of
// 2026-03-04), without relations. A test compares these tables with that file.
import type { Shape } from './plant.js';

const KEYS = { id: 'uuid', externalKey: 'text', migrationKey: 'text' } as const satisfies Shape;
const TIMES = { dateCreated: 'stamp', dateUpdated: 'stamp' } as const satisfies Shape;
const PLACE = {
  uuid: 'uuid',
  externalKey: 'text',
  migrationKey: 'text',
  country: 'country',
  street: 'text',
  number: 'short',
  postalCode: 'short',
  city: 'text',
  ...TIMES,
} as const satisfies Shape;

/** `EmployerWithoutRelations` */
export const EMPLOYER: Shape = {
  ...KEYS,
  name: 'text',
  relationNumber: 'text',
  policyNumber: 'text',
  allowCommunications: 'boolean',
  arboCanView: 'boolean',
  arboCanEdit: 'boolean',
  absencePregnancyRegistrationByInterface: 'boolean',
  ...TIMES,
  remark: 'text',
};

/** `EmployerCommunication` */
export const EMPLOYER_COMMUNICATION: Shape = {
  externalKey: 'text',
  migrationKey: 'text',
  employerId: 'uuid',
  type: 'code phone',
  value: 'text',
  isPrimary: 'boolean',
  ...TIMES,
};

/** `InsurancePolicy` */
export const POLICY: Shape = { ...KEYS, policyNumber: 'text', dateStart: 'date', dateEnd: 'date', ...TIMES };

/** `ArboService`, `IncomeInsuranceProvider` */
export const NAMED: Shape = { ...KEYS, name: 'text', ...TIMES };

/** `EmployerDivision`, without its parent and children */
export const DIVISION: Shape = { ...KEYS, parentId: 'uuid', name: 'text', color: 'colour', ...TIMES };

/** `DossierOfficer`, `CompanyDoctor`, without the person */
export const OFFICER: Shape = { ...KEYS, username: 'text' };

/** `MasterPerson` */
export const MASTER_PERSON: Shape = {
  id: 'uuid',
  name: 'text',
  surname: 'text',
  initials: 'short',
  nickname: 'text',
  primaryEmail: 'email',
  gender: 'code x',
};

/** `Contract` of an employer, without its type and service */
export const SERVICE_CONTRACT: Shape = {
  ...KEYS,
  accountnumber: 'text',
  active: 'boolean',
  useNegativeRegistration: 'boolean',
  dateStart: 'date',
  dateEnd: 'date',
  ...TIMES,
};

/** `ContractType` */
export const CONTRACT_TYPE: Shape = {
  ...KEYS,
  name: 'text',
  code: 'text',
  description: 'text',
  subscriptionFee: 'number',
  type: 'code custom',
  billingType: 'code credits',
  dateStart: 'date',
  dateEnd: 'date',
  ...TIMES,
};

/** `ServiceType` */
export const SERVICE_TYPE: Shape = { id: 'uuid', name: 'text', active: 'boolean', ...TIMES };

/** `OwnRiskContract` */
export const OWN_RISK: Shape = { id: 'uuid', type: 'text', ...TIMES };

/** `EmployerAddress` */
export const EMPLOYER_ADDRESS: Shape = PLACE;

/** `OrganizationalUnitAddress` */
export const UNIT_ADDRESS: Shape = PLACE;

/** `ContactPerson`, without what it belongs to */
export const CONTACT: Shape = {
  ...KEYS,
  email: 'email',
  phone: 'text',
  mobile: 'text',
  initials: 'short',
  lastName: 'text',
  firstName: 'text',
  prefix: 'short',
  gender: 'code x',
  type: 'code internal-confidential-counselor',
  fullSalutation: 'code unknown',
  isAuthorized: 'boolean',
  isUwvContactPerson: 'boolean',
  ...TIMES,
};

/** `OrganizationalUnitWithoutRelations` */
export const UNIT: Shape = {
  ...KEYS,
  name: 'text',
  code: 'text',
  dateStart: 'date',
  dateEnd: 'date',
  ...TIMES,
};

/** What `OrganizationalUnit` adds that is no relation. */
export const UNIT_MORE: Shape = { internalSupervisorId: 'uuid', externalSupervisorId: 'uuid' };

/** `OrganizationalUnitCommunication` */
export const UNIT_COMMUNICATION: Shape = {
  externalKey: 'text',
  migrationKey: 'text',
  OrganizationalUnitId: 'uuid',
  type: 'code phone',
  value: 'text',
  isPrimary: 'boolean',
  ...TIMES,
};

/** `OrganizationalUnitCompany`, without its officers */
export const COMPANY: Shape = {
  legalName: 'text',
  legalForm: 'code foundation',
  relationNumber: 'text',
  normHours: 'number',
  kvkNumber: 'text',
  vatNumber: 'text',
};

/** `OrganizationalUnitCompanyUwv` */
export const COMPANY_UWV: Shape = {
  registrationNumber: 'text',
  riskCode: 'text',
  sectorId: 'integer',
  payrollTaxIdentificationNumber: 'text',
};

/** `OrganizationalUnitType`, without the employer */
export const UNIT_TYPE: Shape = {
  ...KEYS,
  name: 'short',
  code: 'text',
  color: 'colour',
  legalEntity: 'boolean',
  active: 'boolean',
  ...TIMES,
};
