// The absence group, as release 2022 has it. Source: Verzuimmeldingen.xsd 2022; meanings in the domain notes, section 4.
import { CHECKED, chain, KEY, KEY_FILLED, optional, part, required } from '../elements.js';
import { code, DATE, integer, PERCENTAGE, TEXT_512, text, YES_NO, YES_NO_UNKNOWN } from '../types.js';
import { contacts } from './shared-groups.js';

/** `IdentificatieVerzuim`; from 2024 at least one character. */
export const CASE_ID = text(40);

const action = part('Actie', 'actions', [0, 99], required('ActieCd', 'action', code('01 02 03 04 05 08 13')));

const note = part('VrTkst', 'notes', [0, 99], required('VrijeTekst', 'text', TEXT_512));

export const absence = chain(
  'Vrzm',
  'absence',
  [1, 99],
  required('VrwrkCd', 'processing', code('01 02 03 04 05'), KEY),
  required('IngdatMutVrzm', 'effectiveDate', DATE, KEY),
  optional('IngdatMutVrzmOud', 'previousEffectiveDate', DATE, CHECKED),
  required('VrzmgvlId', 'caseId', CASE_ID, KEY_FILLED),
  optional('VrzmgvlIdOud', 'previousCaseId', CASE_ID, CHECKED),
  required('VrzmgvlVnrMld', 'sequence', integer(3), KEY),
  required('EndVrzmJN', 'ended', YES_NO, KEY),
  optional('DatVrzmWrkgvr', 'reportDate', DATE, CHECKED),
  required('DatEerstVrzmdg', 'firstDay', DATE, KEY),
  optional('DatEerstVrzmdgOud', 'previousFirstDay', DATE, CHECKED),
  optional('DatHrstld', 'recoveryDate', DATE, CHECKED),
  optional('DatHrstldWrkgvr', 'employerRecoveryDate', DATE, CHECKED),
  optional('DatVrwHrstl', 'expectedRecovery', DATE, CHECKED),
  required('PrcVrzm', 'percentage', PERCENTAGE, KEY),
  optional('BijzRdnStartVrzmCd', 'specialReason', code('01 02 03 04')),
  required('OorzkVrzmCd', 'cause', code('10 11 99')),
  required('VngntJN', 'safetyNet', YES_NO_UNKNOWN),
  optional('RdnEndVrzmCd', 'endReason', code('01 03 04 05 07 08 09 10 11 12 99')),
  optional('WAZOCd', 'statutoryLeave', code('01 02 03')),
  optional('PrcArbther', 'therapeuticPercentage', PERCENTAGE, CHECKED),
  contacts(1),
  action,
  note,
);
