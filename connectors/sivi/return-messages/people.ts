// People as the messages of an arbodienst have them: less of them than the absence message. Source: Afspraken.xsd and
// Documenten.xsd 2026.
import { businessCommunications } from '../absence-message/shared-groups.js';
import {
  CHECKED,
  type FieldOptions,
  KEY_FILLED,
  LOOSE,
  ONE,
  optional,
  part,
  required,
  side,
} from '../elements.js';
import {
  CALLED_NAME,
  DATE,
  GENDER,
  ID_40,
  INITIALS,
  integer,
  NAME,
  type SimpleType,
  TEXT_35,
  TEXT_70,
  TRADE_NAME,
  text,
} from '../types.js';

/** An id that may not be empty by the schema itself. */
export const FILLED_ID = text(40, { minLength: 1 });

/** Nobody downstream needs more of the employer than the id. */
export const employerFields = [
  required('HndlsnmOrg', 'name', TRADE_NAME, LOOSE),
  optional('InschrijvingsnrKvK', 'chamberOfCommerceNumber', integer(8)),
  required('IdWrkgvrArbdnst', 'id', ID_40, KEY_FILLED),
  required('AansltnrGeguitwlngArbdnst', 'connectionNumber', TEXT_70, LOOSE),
] as const;

export const nameFields = (gender: SimpleType, options: FieldOptions = {}) =>
  [
    required('Achternaam', 'lastName', NAME, options),
    optional('Voorl', 'initials', INITIALS),
    optional('Roepnaam', 'calledName', CALLED_NAME),
    optional('GslchtCd', 'gender', gender),
  ] as const;

const number = optional('SofiNr', 'bsn', integer(9));
const birthDate = optional('Gebdat', 'birthDate', DATE, CHECKED);

/** Whom an appointment or a document is about. */
export const appointmentEmployee = (id: SimpleType) =>
  side(
    'Wrknmr',
    'employee',
    ONE,
    number,
    birthDate,
    optional('Overldat', 'deathDate', DATE),
    ...nameFields(GENDER, LOOSE),
    required('IdWrknmr', 'id', id, KEY_FILLED),
  );

export const documentEmployee = side(
  'Wrknmr',
  'employee',
  ONE,
  number,
  birthDate,
  optional('Achternaam', 'lastName', NAME),
  ...nameFields(GENDER).slice(1),
  required('IdWrknmr', 'id', FILLED_ID, KEY_FILLED),
);

/** Whom an appointment is with; the name of the function is what the sender calls it. */
export const executor = (min: 0 | 1) =>
  part(
    'UitvoerderAfspraak',
    'executor',
    [min, 1],
    ...nameFields(GENDER),
    required('NmFnct', 'function', TEXT_35),
  );

/** Zero or more ways to reach somebody; `value` of at most 512 characters. */
export const communications = { ...businessCommunications, min: 0 };
