// Names of the fields of the record that the out-mapping writes: what `mappings/visma-verzuim.out.yaml` is checked
// against. Parts that end up in a body of the interface have its names; the rest have those of the domain.

const under = (prefix: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `${prefix}.${name}`);

/** `EmployeeRequestBodyPerson`: what may go of it. Never the citizen service number, no-risk or disability flags. */
export const PERSON_FIELDS =
  'initials firstName prefix lastName namePreference lastNamePartner prefixPartner gender dateOfBirth';
/** `EmployeeRequestBodyAddress`. */
export const ADDRESS_FIELDS = 'street number postalCode city country';
/** `PostEmployeeRequestBodyEmployment`, without its keys. */
export const EMPLOYMENT_TEXTS = 'organizationalUnitKey employeeNumber jobTitle dateStart dateEnd';
export const EMPLOYMENT_NUMBERS = 'hoursPerWeek normHoursPerWeek';
/** `EmployeeRequestBodyCommunicationMethods`: the kinds that a number or an address can be of. */
export const COMMUNICATION_KINDS =
  'privatePhone privateMobile privateEmail businessPhone businessMobile businessEmail';

export const VERZUIM_FIELDS: readonly string[] = [
  'kind',
  ...under('employer', 'id'),
  ...under('employment', 'id personnelNumber contractNumber workRelation.id'),
  ...under('employment', EMPLOYMENT_TEXTS),
  ...under('employment', EMPLOYMENT_NUMBERS),
  ...under('absence', 'caseId previousCaseId sequence ended percentage'),
  ...under('absence', 'firstDay previousFirstDay effectiveDate previousEffectiveDate'),
  ...under('absence', 'reportDate employerRecoveryDate expectedRecovery'),
  ...under('absence', 'safetyNet recoveryReason accidentType absenceReasonCode'),
  ...under('employee', 'id'),
  ...under('employee.person', PERSON_FIELDS),
  ...under('employee.addresses[]', 'kind'),
  ...under('employee.addresses[]', ADDRESS_FIELDS),
  ...under('employee.communications[]', 'kind value'),
];
