// The employment of the absence message, as release 2022 has it. Source: Verzuimmeldingen.xsd 2022.
import type { Element } from '../elements.js';
import { CHECKED, chain, KEY_FILLED, MAYBE, optional, part, required } from '../elements.js';
import {
  code,
  DATE,
  decimal,
  FOREIGN_POSTCODE,
  ID_40,
  integer,
  PERCENTAGE,
  TEXT_35,
  TEXT_70,
  text,
} from '../types.js';
import { contacts } from './shared-groups.js';

/** `OrganisatieEenheid`; from 2024 at least one character. */
export const UNIT = text(70);

const workRelation = part(
  'Arbeidsrelatie',
  'workRelation',
  MAYBE,
  required('IdArbeidsrelatie', 'id', ID_40),
  optional('IdArbeidsrelatieOud', 'previousId', ID_40),
  optional('PersNr', 'personnelNumber', TEXT_35),
  optional('PersNrOud', 'previousPersonnelNumber', TEXT_35),
  required('Ingdat', 'startDate', DATE),
  optional('IngdatMut', 'effectiveDate', DATE),
  optional('Enddat', 'endDate', DATE),
  required('AantCtrcturenPWk', 'contractHours', decimal(3)),
);

const costCentre = part(
  'Kostenplaats',
  'costCentres',
  [0, 9],
  optional('Ingdat', 'startDate', DATE),
  optional('IngdatMut', 'effectiveDate', DATE),
  optional('Enddat', 'endDate', DATE),
  required('NmKostenplaats', 'name', TEXT_70),
  required('KostenplaatsCd', 'code', TEXT_70),
  optional('OndKostenplaatsCd', 'parentCode', TEXT_70),
  optional('OndKostenplaatsNm', 'parentName', TEXT_70),
);

export const employment = (absence: Element) =>
  chain(
    'Dnstvbnd',
    'employment',
    [1, 99],
    optional('IngdatMut', 'effectiveDate', DATE, CHECKED),
    required('IdDnstvbnd', 'id', ID_40, KEY_FILLED),
    optional('IdDnstvbndOud', 'previousId', ID_40, CHECKED),
    required('Ingdat', 'startDate', DATE, CHECKED),
    optional('Enddat', 'endDate', DATE, CHECKED),
    optional('RdEndDnstvbndCd', 'endReason', code('01 03 05 06 08 09 10 99')),
    optional('PersNr', 'personnelNumber', TEXT_35),
    optional('PersNrOud', 'previousPersonnelNumber', TEXT_35),
    optional('CntrnrArbdnst', 'contractNumber', ID_40),
    optional('SrtDnstvbndCd', 'kind', code('04 05 07 20 21 22 23 24')),
    optional('Fnctcd', 'jobCode', text(15)),
    optional('NmFnct', 'jobName', TEXT_35),
    optional('NmOrgeenh', 'unitName', TEXT_70),
    required('OrgeenhCd', 'unitCode', UNIT),
    optional('OndOrgeenhCd', 'parentUnitCode', UNIT),
    optional('OndOrgeenhCdNm', 'parentUnitName', UNIT),
    optional('PcStandplts', 'workplacePostcode', FOREIGN_POSTCODE),
    optional('OmsStandplts', 'workplaceName', TEXT_70),
    optional('VrdlngCd', 'distributionCode', TEXT_35),
    optional('CdBepTd', 'contractTerm', code('B O')),
    optional('AantCtrcturenPWk', 'contractHours', decimal(3)),
    optional('AantUNormWk', 'normHours', decimal(4)),
    optional('SrtVarWrktdCd', 'variableHours', code('01 02 03 04')),
    optional('AantLnwchtdgn', 'waitingDays', integer(3)),
    optional('PrcLndrbtng', 'wagePercentage', PERCENTAGE),
    workRelation,
    costCentre,
    absence,
    contacts(1),
  );
