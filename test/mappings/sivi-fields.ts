// The fields of a decoded absence record of the SIVI standard, for the tests of its mappings.

const under = (prefix: string, names: string): string[] =>
  names.split(' ').map((name) => `${prefix}.${name}`);

const contact = (prefix: string): string[] =>
  under(
    prefix,
    'employeeId personnelNumber lastName initials calledName gender role contactId communications[].kind communications[].value',
  );

const NURSING = 'kind nursingKind nursingPlaceName startDate endDate';

export const SIVI_FIELDS: readonly string[] = [
  ...under(
    'header',
    'messageCode messageVersion createdDate createdTime senderId softwarePackage receiverId',
  ),
  ...under('header', 'reference test receiptRequested'),
  ...under('administrationOffice', 'name chamberOfCommerceNumber establishmentNumber'),
  ...under(
    'employer',
    'name chamberOfCommerceNumber establishmentNumber id connectionNumber uwvId payrollTaxNumber',
  ),
  ...under('employer', 'ownRiskWga ownRiskSicknessBenefits communications[].kind communications[].value'),
  ...under(
    'employer.addresses[]',
    'kind startDate endDate postcode town street houseNumber houseNumberSuffix',
  ),
  ...under('employer.postBoxes[]', 'startDate endDate postcode town number'),
  ...contact('employer.contacts[]'),
  ...under(
    'employee',
    'effectiveDate bsn birthDate deathDate lastName initials prefix calledName titleBefore titleAfter',
  ),
  ...under(
    'employee',
    'namePreference gender educationLevel id previousId bankAccount.iban bankAccount.bic noRisk',
  ),
  ...under('employee', 'partner.lastName partner.prefix communications[].kind communications[].value'),
  ...under('employee.addresses[]', `${NURSING} postcode town street houseNumber houseNumberSuffix`),
  ...under('employee.foreignAddresses[]', `${NURSING} location postcode town region countryCode countryName`),
  ...under('employee.foreignAddresses[]', 'street houseNumber'),
  ...under(
    'employment',
    'effectiveDate id previousId startDate endDate endReason personnelNumber previousPersonnelNumber',
  ),
  ...under(
    'employment',
    'contractNumber kind jobCode jobName agencyPhase unitName unitCode parentUnitCode parentUnitName',
  ),
  ...under(
    'employment',
    'workplacePostcode workplaceName distributionCode contractTerm contractHours normHours',
  ),
  ...under('employment', 'variableHours waitingDays wagePercentage'),
  ...under(
    'employment.workRelation',
    'id previousId personnelNumber previousPersonnelNumber startDate endDate',
  ),
  ...under('employment.workRelation', 'effectiveDate contractHours'),
  ...under('employment.costCentres[]', 'name code parentCode parentName startDate effectiveDate endDate'),
  ...contact('employment.contacts[]'),
  ...under(
    'absence',
    'processing effectiveDate previousEffectiveDate caseId previousCaseId sequence ended reportDate',
  ),
  ...under(
    'absence',
    'firstDay previousFirstDay recoveryDate employerRecoveryDate expectedRecovery percentage',
  ),
  ...under(
    'absence',
    'specialReason cause safetyNet endReason statutoryLeave conflict therapeuticPercentage',
  ),
  ...under('absence', 'actions[].action notes[].text'),
  ...contact('absence.contacts[]'),
];
