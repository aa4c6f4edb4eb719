// Groups that stand in several places of the absence message, as release 2022 has them.
// Source: Verzuimmeldingen.xsd 2022.
import { optional, part, required } from '../elements.js';
import { CALLED_NAME, code, GENDER, INITIALS, NAME, TEXT_35, TEXT_70, TEXT_512, text } from '../types.js';

/** `IdentificatieWerknemer`; from 2024 at least one character. */
export const EMPLOYEE_ID = text(40);

const BUSINESS_COMMUNICATION = code('06 08 10');
const EMPLOYEE_COMMUNICATION = code('05 06 07 08 09 10');

export const businessCommunications = part(
  'Com',
  'communications',
  [0, 9],
  required('SrtComCd', 'kind', BUSINESS_COMMUNICATION),
  required('NrCom', 'value', TEXT_512),
);

export const employeeCommunications = part(
  'Com',
  'communications',
  [0, 9],
  required('SrtComCd', 'kind', EMPLOYEE_COMMUNICATION),
  required('NrCom', 'value', TEXT_512),
);

/** Contact persons: at the employer 0..9, in each employment and each absence 1..9. */
export const contacts = (min: 0 | 1) =>
  part(
    'Cntprsn',
    'contacts',
    [min, 9],
    optional('IdWrknmr', 'employeeId', EMPLOYEE_ID),
    optional('Persnr', 'personnelNumber', TEXT_35),
    required('Achternaam', 'lastName', NAME),
    optional('Voorl', 'initials', INITIALS),
    optional('Roepnaam', 'calledName', CALLED_NAME),
    optional('GslchtCd', 'gender', GENDER),
    required('RolCntprsnCd', 'role', code('01 02 03 04 05')),
    { ...businessCommunications, min: 1 },
  );

/** Kind of nursing address and its name: only at the employee's addresses. */
export const nursing = [
  optional('SrtVrplgadrsCd', 'nursingKind', code('01 02 03 99')),
  optional('NmVrpladrs', 'nursingPlaceName', TEXT_70),
] as const;
