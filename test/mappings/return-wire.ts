// The records of the way back, by the name of their mapping files, and the fields that those read.

import { WORDS_FIELDS } from '../../connectors/plain-words/index.js';
import { FILES_FIELDS } from '../../connectors/visma-raet-files/fields.js';

/** Names of the records of each system. */
export const RETURN_WIRE: Readonly<Record<string, readonly string[]>> = {
  'personnel-file-appointment': WORDS_FIELDS,
  'personnel-file-advice': WORDS_FIELDS,
  'calendar-appointment': WORDS_FIELDS,
  'calendar-advice': WORDS_FIELDS,
  'calendar-result': WORDS_FIELDS,
  'raet-files-document': FILES_FIELDS,
};

const person = (of: string) =>
  ['id', 'lastName', 'initials', 'prefix', 'calledName'].map((name) => `${of}.${name}`);
const texts = (...names: readonly string[]) => names.map((name) => `advice.${name}[].text`);
const appointment = [
  ...[
    'id',
    'previousId',
    'status',
    'date',
    'previousDate',
    'time',
    'previousTime',
    'durationMinutes',
    'form',
  ],
  ...['kind', 'role', 'anonymous', 'title', 'description', 'cancellationReason', 'link', 'phoneNumber'],
  ...['place.name', 'place.street', 'place.houseNumber', 'place.houseNumberSuffix', 'place.postcode'],
  ...['place.town', 'executor.lastName', 'executor.initials', 'executor.calledName', 'executor.gender'],
].map((name) => `appointment.${name}`);

/** The notification of the way back, path by path. */
export const RETURN_SOURCE: readonly string[] = [
  ...['kind', 'sequence', 'employer.id', 'employer.name', 'employment.id', 'employment.personnelNumber'],
  ...[...person('employee'), 'absence.caseId', 'absence.firstDay', ...appointment],
  ...['advice.id', 'advice.reportDate', 'advice.therapeuticPercentage', 'advice.expectedRecovery'],
  ...['from', 'until', 'percentage'].map((name) => `advice.percentages[].${name}`),
  ...texts('abilities', 'limitations', 'adaptations', 'notes'),
  ...['reference', 'scope', 'outcome', 'code', 'text', 'caseId', 'sequence'].map((name) => `result.${name}`),
  ...['id', 'kind', 'description', 'date', 'fileName', 'fileType'].map((name) => `document.${name}`),
];
