// The record of a document on its way to Visma Raet: what the codec of the standard makes a message of. The header is not
// mapped: the connector fills it.
export const FILES_FIELDS: readonly string[] = [
  ...[
    'recordKind',
    'employer.id',
    'employer.name',
    'employee.id',
    'employment.id',
    'employment.personnelNumber',
  ],
  ...['absence.caseId', 'document.id', 'document.kind', 'document.date', 'document.fileType'],
  ...['document.fileName', 'document.description'],
];
