// Header, administration office and employer of the absence message, as release 2022 has them.
// Source: Verzuimmeldingen.xsd 2022.
import type { Element } from '../elements.js';
import { chain, KEY_FILLED, LOOSE, MAYBE, ONE, optional, part, required, side } from '../elements.js';
import {
  code,
  DATE,
  DUTCH_POSTCODE,
  ID_40,
  integer,
  STREET,
  TEXT_35,
  TEXT_70,
  TEXT_512,
  TIME,
  TOWN,
  TRADE_NAME,
  text,
  YES_NO,
} from '../types.js';
import { businessCommunications, contacts } from './shared-groups.js';

/** Nobody downstream needs date, time, package, parties or receipt; code, reference and test flag are needed. */
export const header = (messageCode: string, messageVersion: string) =>
  side(
    'BrAlg',
    'header',
    ONE,
    required('BrCd', 'messageCode', code(messageCode), KEY_FILLED),
    required('VnrBrCd', 'messageVersion', code(messageVersion), LOOSE),
    required('AandatBr', 'createdDate', DATE, LOOSE),
    required('AantijdBr', 'createdTime', TIME, LOOSE),
    required('IdInzndr', 'senderId', ID_40, LOOSE),
    required('GebrSwPakket', 'softwarePackage', TEXT_35, LOOSE),
    required('IdOntvngr', 'receiverId', ID_40, LOOSE),
    required('Berrefnr', 'reference', TEXT_512, KEY_FILLED),
    required('TestJN', 'test', YES_NO, KEY_FILLED),
    required('OntvngstbevJN', 'receiptRequested', YES_NO, LOOSE),
  );

export const administrationOffice = side(
  'AdmKantoor',
  'administrationOffice',
  MAYBE,
  required('HndlsnmOrg', 'name', TRADE_NAME, LOOSE),
  optional('InschrijvingsnrKvK', 'chamberOfCommerceNumber', integer(8)),
  optional('VestigingsnrHandelsregister', 'establishmentNumber', integer(12)),
);

const visitingAddress = part(
  'StrAdrNl',
  'addresses',
  [0, 9],
  required('SrtAdrsCd', 'kind', code('01 02 03 05')),
  optional('Ingdat', 'startDate', DATE),
  optional('Enddat', 'endDate', DATE),
  required('Pc', 'postcode', DUTCH_POSTCODE),
  required('Wnpl', 'town', TOWN),
  optional('StraatLang', 'street', STREET),
  required('Huisnr', 'houseNumber', integer(5)),
  optional('HuisToev', 'houseNumberSuffix', text(4)),
);

const postBox = part(
  'PbadrsNl',
  'postBoxes',
  [0, 9],
  optional('Ingdat', 'startDate', DATE),
  optional('Enddat', 'endDate', DATE),
  required('Pc', 'postcode', DUTCH_POSTCODE),
  required('Wnpl', 'town', TOWN),
  required('Pbnr', 'number', integer(5)),
);

export const employer = (employee: Element) =>
  chain(
    'Wrkgvr',
    'employer',
    [1, Number.POSITIVE_INFINITY],
    required('HndlsnmOrg', 'name', TRADE_NAME),
    optional('InschrijvingsnrKvK', 'chamberOfCommerceNumber', integer(8)),
    optional('VestigingsnrHandelsregister', 'establishmentNumber', integer(12)),
    required('IdWrkgvrArbdnst', 'id', ID_40, KEY_FILLED),
    required('AansltnrGeguitwlngArbdnst', 'connectionNumber', TEXT_70, { filled: true }),
    optional('IdWrkgvrUWV', 'uwvId', ID_40),
    optional('Lhnr', 'payrollTaxNumber', text(12)),
    optional('IndERDWGA', 'ownRiskWga', YES_NO),
    optional('IndERDZW', 'ownRiskSicknessBenefits', YES_NO),
    visitingAddress,
    postBox,
    businessCommunications,
    contacts(0),
    employee,
  );
