// The appointments message in every release: 2022 in full, 2024 and 2025 as a few edits, 2026 with its shorter tags.
// Source: Afspraken.xsd 2022, 2024, 2025 and 2026; the files of 2024 and 2025 are the same.
import { header } from '../absence-message/employer.js';
import { alterField, type Edit, edited, insertAfter, retype } from '../edits.js';
import {
  CHECKED,
  chain,
  type Element,
  type Group,
  KEY,
  KEY_FILLED,
  LOOSE,
  MAYBE,
  type MessageTable,
  ONE,
  optional,
  part,
  required,
  side,
} from '../elements.js';
import { messageTable } from '../message-table.js';
import {
  code,
  DATE,
  DUTCH_POSTCODE,
  decimal,
  ID_40,
  integer,
  STREET,
  TEXT_35,
  TEXT_70,
  TIME,
  TOWN,
  text,
} from '../types.js';
import {
  appointmentEmployee,
  communications,
  employerFields,
  executor,
  FILLED_ID,
  nameFields,
} from './people.js';

const MESSAGE_CODE = '00105';
/** `IdentificatieWerknemer`; from 2024 at least one character. */
const EMPLOYEE_ID = text(40);

export const APPOINTMENT_STATUS = code('01 02 03 04 05 06');

const employer = side(
  'Werkgever',
  'employer',
  MAYBE,
  ...employerFields,
  required('Lhnr', 'payrollTaxNumber', text(12), LOOSE),
);

const arbodienst = side(
  'Arbodienst',
  'arbodienst',
  MAYBE,
  required('HndlsnmOrg', 'name', text(100), LOOSE),
  optional('IdArbdnst', 'id', ID_40),
  part('Contactpersoon', 'contact', MAYBE, ...nameFields(code('M V')), {
    ...communications,
    tag: 'Communicatie',
  }),
);

const place = part(
  'StraatadresNederland',
  'place',
  MAYBE,
  required('Pc', 'postcode', DUTCH_POSTCODE),
  optional('Wnpl', 'town', TOWN),
  optional('StraatLang', 'street', STREET),
  required('Huisnr', 'houseNumber', integer(5)),
  optional('HuisToev', 'houseNumberSuffix', text(4)),
);

/** The absence is named by its first day only. */
const employments = part(
  'Dienstverband',
  'employments',
  [0, 9],
  optional('IdDnstvbnd', 'id', ID_40),
  optional('PersNr', 'personnelNumber', TEXT_35),
  part('Verzuim', 'absence', MAYBE, required('DatEerstVrzmdg', 'firstDay', DATE)),
);

const appointment = chain(
  'Afspraak',
  'appointment',
  [1, 999],
  required('IdAfspraak', 'id', ID_40, KEY_FILLED),
  optional('IdAfspraakOud', 'previousId', ID_40, CHECKED),
  required('DatAfspraak', 'date', DATE, KEY),
  optional('DatAfspraakOud', 'previousDate', DATE, CHECKED),
  required('TijdAfspraak', 'time', TIME, KEY),
  optional('TijdAfspraakOud', 'previousTime', TIME, CHECKED),
  optional('DuurAfspraak', 'duration', decimal(3), CHECKED),
  optional('StatusAfspraakCd', 'status', APPOINTMENT_STATUS),
  required('OmsSrtAfspraak', 'description', TEXT_70, LOOSE),
  appointmentEmployee(EMPLOYEE_ID),
  place,
  executor(1),
  employments,
);

const in2022 = chain('Afspraken', '', ONE, employer, arbodienst, appointment);

const CONTACT = 'Arbodienst/Contactpersoon';
const in2024 = edited(
  in2022,
  alterField(`${CONTACT}/Voorl`, { required: true }),
  alterField(`${CONTACT}/GslchtCd`, { required: true }),
  retype(EMPLOYEE_ID, FILLED_ID),
);

const SHORTER: Readonly<Record<string, string>> = {
  Werkgever: 'Wrkgvr',
  Arbodienst: 'Arbdnst',
  Contactpersoon: 'Cntprsn',
  Communicatie: 'Com',
  StraatadresNederland: 'StrAdrNl',
  Dienstverband: 'Dnstvbnd',
  Verzuim: 'Vrzm',
};

const shorterTags: Edit = (group) => ({ ...group, children: group.children.map(shortened) });

function shortened(element: Element): Element {
  if (element.kind === 'field') return element;
  return { ...shorterTags(element), tag: SHORTER[element.tag] ?? element.tag };
}

const in2026 = edited(
  in2024,
  shorterTags,
  insertAfter('Afspraak/StatusAfspraakCd', optional('VormAfspraakCd', 'form', code('01 02 03'))),
);

function message(release: string, messageVersion: string, body: Group): MessageTable {
  const facts = { kind: 'appointment', release, messageCode: MESSAGE_CODE, messageVersion, body } as const;
  return messageTable({ ...facts, header: header(MESSAGE_CODE, messageVersion) });
}

export const appointmentMessages = {
  '2022': message('2022', '00004', in2022),
  '2024': message('2024', '00005', in2024),
  '2025': message('2025', '00005', in2024),
  '2026': message('2026', '00006', in2026),
} as const satisfies Record<string, MessageTable>;
