// The absence message in every release: 2022 in full, each later one as a few edits on the one before it.
// Sources: the schemas of 2022, 2024, 2025 and 2026, to which a test holds these tables; for 2020, of which no schema
// is at hand, what Visma Raet is documented to send (a part of what 2022 has).
import type { Edit } from '../edits.js';
import { alter, edited, everyGroup, insertAfter, requiring, retype, without } from '../edits.js';
import type { Group, MessageTable } from '../elements.js';
import { chain, ONE, optional } from '../elements.js';
import { messageTable } from '../message-table.js';
import { code, ID_40, text, YES_NO } from '../types.js';
import { absence, CASE_ID } from './absence.js';
import { employee } from './employee.js';
import { administrationOffice, employer, header } from './employer.js';
import { employment, UNIT } from './employment.js';
import { EMPLOYEE_ID } from './shared-groups.js';

const ROOT = 'Verzuimmeldingen';
const MESSAGE_CODE = '00100';

const EMPLOYEE = 'Wrkgvr/Wrknmr';
const EMPLOYMENT = `${EMPLOYEE}/Dnstvbnd`;
const AGENCY_PHASE = code('1 3 4 5 6 17 18 19 38 40 41 43');

const to2024: readonly Edit[] = [
  without('Wrkgvr/{StrAdrNl,PbadrsNl}'),
  everyGroup('Cntprsn', requiring('Voorl', 'GslchtCd')),
  everyGroup('Cntprsn', insertAfter('RolCntprsnCd', optional('IdCntctprsn', 'contactId', ID_40))),
  insertAfter(`${EMPLOYMENT}/NmFnct`, optional('FsIndFZ', 'agencyPhase', AGENCY_PHASE)),
  insertAfter(`${EMPLOYMENT}/Vrzm/WAZOCd`, optional('ArbCnflJN', 'conflict', YES_NO)),
  retype(EMPLOYEE_ID, text(40, { minLength: 1 })),
  retype(CASE_ID, text(40, { minLength: 1 })),
  retype(UNIT, text(70, { minLength: 1 })),
];

const to2025: readonly Edit[] = [
  insertAfter(`${EMPLOYEE}/BnkGiro`, optional('WrknmrNoriskJN', 'noRisk', YES_NO)),
  without(`${EMPLOYEE}/{IngdatMut,IdWrknmrOud,BnkGiro}`),
  without(`${EMPLOYEE}/StrAdrNl/{Ingdat,Enddat}`),
  without(`${EMPLOYEE}/StrAdrBl/{Ingdat,Enddat}`),
  without(`${EMPLOYMENT}/{IngdatMut,IdDnstvbndOud,PersNrOud}`),
  without(`${EMPLOYMENT}/Arbeidsrelatie/{IdArbeidsrelatieOud,PersNrOud,IngdatMut}`),
  without(`${EMPLOYMENT}/Kostenplaats/{Ingdat,IngdatMut,Enddat}`),
];

const to2026: readonly Edit[] = [alter(EMPLOYMENT, { max: 999 })];

/** Everything below the root but the header, which differs in its version number only. */
const in2022 = chain(ROOT, '', ONE, administrationOffice, employer(employee(employment(absence))));
/** The messages about employees and employments are made from it. */
export const in2024 = edited(in2022, ...to2024);
const in2025 = edited(in2024, ...to2025);
const in2026 = edited(in2025, ...to2026);

function message(release: string, messageVersion: string, body: Group): MessageTable {
  return messageTable({
    kind: 'absence',
    release,
    messageCode: MESSAGE_CODE,
    messageVersion,
    header: header(MESSAGE_CODE, messageVersion),
    body,
  });
}

export const absenceMessages = {
  '2022': message('2022', '00010', in2022),
  '2024': message('2024', '00011', in2024),
  '2025': message('2025', '00012', in2025),
  '2026': message('2026', '00013', in2026),
} as const satisfies Record<string, MessageTable>;

/**
 * What Visma Raet sends: read only, and leniently, for it leaves out much that is required. The namespace is not known
 * for certain: anything that ends in `/2020` is taken, and no namespace at all when the version says 00008.
 * Source: the field list of the HCA Sivi API and the 2021 field mapping (domain notes on Visma Raet, section 3.1).
 */
export const raetMessage: MessageTable = { ...message('2020', '00008', in2022), lenient: true };
