// The catalogue of domain fields: every path that an observation or a notification can hold, its type and its label.
// The gate's tables, the mapping check and the test generators are all held against this list.

export const LABELS = [
  'identity',
  'contact',
  'employment',
  'absence',
  'functional',
  'medical',
  'special',
  'financial',
  'free-text',
  'bsn',
  'organisation',
  'mechanics',
] as const;
export type Label = (typeof LABELS)[number];

/** `code` is a word from a code table; `hours` is text with two decimals; `time` is HH:MM; the rest speak for themselves. */
export type FieldType = 'text' | 'code' | 'date' | 'time' | 'percentage' | 'hours' | 'integer' | 'boolean';

export interface Field {
  /** `[]` stands for any place in a list. */
  readonly path: string;
  readonly type: FieldType;
  readonly label: Label;
}

type Row = readonly [names: string, type: FieldType, label: Label];

/** The fields of a group; names that share a type and a label stand together, with a space between. */
export function under(prefix: string, ...rows: readonly Row[]): Field[] {
  return rows.flatMap(([names, type, label]) =>
    names.split(' ').map((name) => ({ path: `${prefix}.${name}`, type, label })),
  );
}

const contact = (prefix: string): Field[] =>
  under(
    prefix,
    ['employeeId personnelNumber lastName initials calledName contactId', 'text', 'identity'],
    ['gender role', 'code', 'identity'],
    ['communications[].kind', 'code', 'contact'],
    ['communications[].value', 'text', 'contact'],
  );

const address = (prefix: string): Field[] =>
  under(
    prefix,
    ['kind', 'code', 'contact'],
    ['nursingKind', 'code', 'special'],
    ['nursingPlaceName', 'text', 'special'],
    ['startDate endDate', 'date', 'contact'],
    ['postcode town street houseNumber', 'text', 'contact'],
  );

export const FIELDS: readonly Field[] = [
  ...under('message', ['reference', 'text', 'mechanics'], ['test', 'boolean', 'mechanics']),
  ...under('administrationOffice', [
    'name chamberOfCommerceNumber establishmentNumber',
    'text',
    'organisation',
  ]),
  ...under(
    'employer',
    [
      'id name connectionNumber chamberOfCommerceNumber establishmentNumber uwvId payrollTaxNumber',
      'text',
      'organisation',
    ],
    ['ownRiskWga ownRiskSicknessBenefits', 'boolean', 'organisation'],
    ['communications[].kind', 'code', 'organisation'],
    ['communications[].value', 'text', 'organisation'],
  ),
  ...address('employer.addresses[]').filter((field) => !field.path.includes('nursing')),
  ...under('employer.addresses[]', ['houseNumberSuffix', 'text', 'organisation']),
  ...under(
    'employer.postBoxes[]',
    ['startDate endDate', 'date', 'organisation'],
    ['postcode town number', 'text', 'organisation'],
  ),
  ...contact('employer.contacts[]'),
  ...under(
    'employee',
    ['id previousId lastName initials prefix calledName titleBefore titleAfter', 'text', 'identity'],
    ['effectiveDate', 'date', 'mechanics'],
    ['bsn', 'text', 'bsn'],
    ['birthDate', 'date', 'identity'],
    ['deathDate', 'date', 'special'],
    ['namePreference gender', 'code', 'identity'],
    ['educationLevel', 'code', 'employment'],
    ['noRisk', 'boolean', 'medical'],
    ['bankAccount.iban bankAccount.bic', 'text', 'financial'],
    ['partner.lastName partner.prefix', 'text', 'special'],
    ['communications[].kind', 'code', 'contact'],
    ['communications[].value', 'text', 'contact'],
  ),
  ...address('employee.addresses[]'),
  ...under('employee.addresses[]', ['houseNumberSuffix', 'text', 'contact']),
  ...address('employee.foreignAddresses[]'),
  ...under('employee.foreignAddresses[]', ['location region countryCode countryName', 'text', 'contact']),
  ...under(
    'employment',
    ['id previousId personnelNumber previousPersonnelNumber contractNumber', 'text', 'employment'],
    ['effectiveDate startDate endDate', 'date', 'employment'],
    ['endReason', 'code', 'special'],
    ['kind agencyPhase contractTerm variableHours', 'code', 'employment'],
    ['jobCode jobName unitName unitCode parentUnitCode parentUnitName', 'text', 'employment'],
    ['workplacePostcode workplaceName distributionCode', 'text', 'employment'],
    ['contractHours normHours', 'hours', 'employment'],
    ['waitingDays', 'integer', 'financial'],
    ['wagePercentage', 'percentage', 'financial'],
    ['workRelation.id workRelation.previousId', 'text', 'employment'],
    ['workRelation.personnelNumber workRelation.previousPersonnelNumber', 'text', 'employment'],
    ['workRelation.startDate workRelation.endDate workRelation.effectiveDate', 'date', 'employment'],
    ['workRelation.contractHours', 'hours', 'employment'],
    [
      'costCentres[].name costCentres[].code costCentres[].parentCode costCentres[].parentName',
      'text',
      'financial',
    ],
    ['costCentres[].startDate costCentres[].effectiveDate costCentres[].endDate', 'date', 'financial'],
  ),
  ...contact('employment.contacts[]'),
  ...under(
    'absence',
    ['caseId previousCaseId', 'text', 'absence'],
    ['sequence', 'integer', 'mechanics'],
    ['processing', 'code', 'mechanics'],
    ['withdrawn ended', 'boolean', 'mechanics'],
    ['wholeCourse', 'boolean', 'mechanics'],
    ['effectiveDate previousEffectiveDate', 'date', 'mechanics'],
    ['firstDay previousFirstDay', 'date', 'absence'],
    ['recoveryDate employerRecoveryDate expectedRecovery reportDate', 'date', 'absence'],
    ['percentages[].from', 'date', 'absence'],
    ['percentages[].percentage', 'percentage', 'functional'],
    ['percentage', 'percentage', 'functional'],
    ['therapeuticPercentage', 'percentage', 'functional'],
    ['specialReason', 'code', 'medical'],
    ['cause safetyNet endReason statutoryLeave', 'code', 'special'],
    ['conflict', 'boolean', 'special'],
    ['actions[].action', 'code', 'absence'],
    ['notes[].text', 'text', 'free-text'],
  ),
  ...contact('absence.contacts[]'),
  { path: 'kind', type: 'code', label: 'mechanics' },
];

const BY_PATH: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.path, field]));

/** The field of a path with or without list indexes: `employee.addresses[2].town` -> `employee.addresses[].town`. */
export function fieldOf(path: string): Field | undefined {
  return BY_PATH.get(withoutIndexes(path));
}

export function withoutIndexes(path: string): string {
  return path.replace(/\[\d+\]/g, '[]');
}
