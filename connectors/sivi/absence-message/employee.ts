// The employee of the absence message, as release 2022 has it. Source: Verzuimmeldingen.xsd 2022.
import type { Element } from '../elements.js';
import { CHECKED, chain, KEY_FILLED, MAYBE, optional, part, required } from '../elements.js';
import {
  CALLED_NAME,
  COUNTRY_CODE,
  code,
  DATE,
  DUTCH_POSTCODE,
  FOREIGN_POSTCODE,
  GENDER,
  INITIALS,
  integer,
  NAME,
  PREFIX,
  STREET,
  TEXT_35,
  TOWN,
  text,
} from '../types.js';
import { EMPLOYEE_ID, employeeCommunications, nursing } from './shared-groups.js';

/** Of the absence message only. */
export const ADDRESS_KIND = code('01 06');

const bankAccount = part(
  'BnkGiro',
  'bankAccount',
  MAYBE,
  optional('Iban', 'iban', text(34)),
  optional('Bic', 'bic', text(11)),
);

const partner = part(
  'Prtnr',
  'partner',
  MAYBE,
  required('SignNm', 'lastName', NAME),
  optional('Voorv', 'prefix', PREFIX),
);

const address = part(
  'StrAdrNl',
  'addresses',
  [0, 9],
  required('SrtAdrsCd', 'kind', ADDRESS_KIND),
  ...nursing,
  optional('Ingdat', 'startDate', DATE),
  optional('Enddat', 'endDate', DATE),
  required('Pc', 'postcode', DUTCH_POSTCODE),
  required('Wnpl', 'town', TOWN),
  optional('StraatLang', 'street', STREET),
  required('Huisnr', 'houseNumber', integer(5)),
  optional('HuisToev', 'houseNumberSuffix', text(4)),
);

const foreignAddress = part(
  'StrAdrBl',
  'foreignAddresses',
  [0, 9],
  required('SrtAdrsCd', 'kind', ADDRESS_KIND),
  ...nursing,
  optional('Ingdat', 'startDate', DATE),
  optional('Enddat', 'endDate', DATE),
  optional('LocomsBtl', 'location', TEXT_35),
  optional('PcBtl', 'postcode', FOREIGN_POSTCODE),
  required('WnplBtl', 'town', TOWN),
  optional('RegBtl', 'region', text(24)),
  required('LandCd', 'countryCode', COUNTRY_CODE),
  optional('Landnm', 'countryName', text(40)),
  optional('StraatLang', 'street', STREET),
  required('HuisnrBtl', 'houseNumber', text(9)),
);

export const employee = (employment: Element) =>
  chain(
    'Wrknmr',
    'employee',
    [1, Number.POSITIVE_INFINITY],
    optional('IngdatMut', 'effectiveDate', DATE),
    optional('SofiNr', 'bsn', integer(9)),
    required('Gebdat', 'birthDate', DATE, CHECKED),
    optional('Overldat', 'deathDate', DATE, CHECKED),
    required('SignNm', 'lastName', NAME),
    required('Voorl', 'initials', INITIALS),
    optional('Voorv', 'prefix', PREFIX),
    optional('Roepnaam', 'calledName', CALLED_NAME),
    optional('TitVNm', 'titleBefore', TEXT_35),
    optional('TitANm', 'titleAfter', TEXT_35),
    required('NmvrkrCd', 'namePreference', code('01 02 03 04')),
    required('GslchtCd', 'gender', GENDER),
    optional('NivOpldngCd', 'educationLevel', code('01 02 03 04 05 06 07 99')),
    required('IdWrknmr', 'id', EMPLOYEE_ID, KEY_FILLED),
    optional('IdWrknmrOud', 'previousId', EMPLOYEE_ID, CHECKED),
    bankAccount,
    partner,
    address,
    foreignAddress,
    employeeCommunications,
    employment,
  );
