// The messages about employments and about employees, release 2026: the absence message of 2024 without its absences,
// and with what only they have. No route uses them. Sources: Dienstverbanden.xsd, WerknemersGegevens.xsd 2026.
import { ADDRESS_KIND } from './absence-message/employee.js';
import { header } from './absence-message/employer.js';
import { in2024 } from './absence-message/releases.js';
import { alter, alterField, type Edit, edited, retype, without } from './edits.js';
import type { Group } from './elements.js';
import { messageTable } from './message-table.js';
import { code } from './types.js';

const EMPLOYEE = 'Wrkgvr/Wrknmr';
const EMPLOYMENT = `${EMPLOYEE}/Dnstvbnd`;
const RELEASE = '2026';

const renamed =
  (tag: string): Edit =>
  (root) => ({ ...root, tag });

const shared: readonly Edit[] = [
  without('Wrkgvr/{IndERDWGA,IndERDZW}'),
  alterField('Wrkgvr/Lhnr', { required: true }),
  without(`${EMPLOYEE}/BnkGiro`),
  alter(EMPLOYMENT, { max: 999 }),
  without(`${EMPLOYMENT}/Vrzm`),
  alter(`${EMPLOYMENT}/Cntprsn`, { min: 0 }),
];

const employments: Group = edited(
  in2024,
  renamed('Dienstverbanden'),
  ...shared,
  without(`${EMPLOYEE}/{SofiNr,SignNm,Voorl,Voorv,Roepnaam,TitVNm,TitANm,NmvrkrCd}`),
  without(`${EMPLOYEE}/{Prtnr,StrAdrNl,StrAdrBl,Com}`),
);

const employees: Group = edited(
  in2024,
  renamed('WerknemerGegevens'),
  ...shared,
  without(`${EMPLOYEE}/StrAdrNl/{SrtVrplgadrsCd,NmVrpladrs}`),
  without(`${EMPLOYEE}/StrAdrBl/{SrtVrplgadrsCd,NmVrpladrs}`),
  retype(ADDRESS_KIND, code('01 02 04')),
);

export const employmentMessage = messageTable({
  kind: 'employment',
  release: RELEASE,
  messageCode: '00106',
  messageVersion: '00006',
  header: header('00106', '00006'),
  body: employments,
});

export const employeeMessage = messageTable({
  kind: 'employee',
  release: RELEASE,
  messageCode: '00600',
  messageVersion: '00007',
  header: header('00600', '00007'),
  body: employees,
});
