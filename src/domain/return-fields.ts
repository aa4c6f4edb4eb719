// The catalogue of fields on the way back, as fields.ts is for absences: every path that a return observation or a
// return notification can hold. The gate's table for that direction and the mapping check are held against this list.
import { type Field, under } from './fields.js';

const named = (path: string, type: Field['type'], label: Field['label']): Field => ({ path, type, label });

export const RETURN_FIELDS: readonly Field[] = [
  named('kind', 'code', 'mechanics'),
  named('sequence', 'integer', 'mechanics'),
  ...under('message', ['reference createdAt', 'text', 'mechanics'], ['test', 'boolean', 'mechanics']),
  ...under('employer', ['id name payrollTaxNumber', 'text', 'organisation']),
  ...under(
    'employee',
    ['id previousId lastName initials prefix calledName', 'text', 'identity'],
    ['bsn', 'text', 'bsn'],
    ['birthDate', 'date', 'identity'],
    ['deathDate', 'date', 'special'],
    ['gender', 'code', 'identity'],
  ),
  ...under('employment', ['id personnelNumber', 'text', 'employment']),
  ...under(
    'absence',
    ['employerId', 'text', 'mechanics'],
    ['caseId', 'text', 'absence'],
    ['firstDay', 'date', 'absence'],
  ),
  ...under(
    'appointment',
    ['id previousId', 'text', 'mechanics'],
    ['status', 'code', 'absence'],
    ['date previousDate', 'date', 'absence'],
    ['time previousTime', 'time', 'absence'],
    ['durationMinutes', 'integer', 'absence'],
    ['form', 'code', 'absence'],
    ['kind role', 'text', 'special'],
    ['anonymous', 'boolean', 'special'],
    ['title description', 'text', 'free-text'],
    ['cancellationReason', 'text', 'special'],
    ['link phoneNumber', 'text', 'contact'],
    ['place.name place.street place.houseNumber place.houseNumberSuffix', 'text', 'special'],
    ['place.postcode place.town', 'text', 'special'],
    ['executor.lastName executor.initials executor.calledName', 'text', 'identity'],
    ['executor.gender', 'code', 'identity'],
  ),
  ...under(
    'advice',
    ['id', 'text', 'mechanics'],
    ['reportDate expectedRecovery', 'date', 'absence'],
    ['percentages[].from percentages[].until', 'date', 'functional'],
    ['percentages[].percentage therapeuticPercentage', 'percentage', 'functional'],
    ['abilities[].text limitations[].text adaptations[].text', 'text', 'functional'],
    ['notes[].text', 'text', 'free-text'],
  ),
  ...under(
    'result',
    ['reference caseId', 'text', 'mechanics'],
    ['scope outcome', 'code', 'mechanics'],
    ['sequence', 'integer', 'mechanics'],
    ['code errors[].code', 'text', 'mechanics'],
    ['text errors[].text', 'text', 'free-text'],
  ),
  ...under(
    'document',
    ['id', 'text', 'mechanics'],
    ['kind fileType', 'code', 'mechanics'],
    ['date', 'date', 'absence'],
    ['description fileName', 'text', 'free-text'],
  ),
];
