// The documents message, release 2026, of which alone the schema is at hand. What a document is stands in its fields;
// the document itself is sealed: read only where it is asked for, and carried as it is. Source: Documenten.xsd 2026.
import { header } from '../absence-message/employer.js';
import { edited, insertAfter, without } from '../edits.js';
import {
  CHECKED,
  chain,
  KEY,
  KEY_FILLED,
  LOOSE,
  MAYBE,
  ONE,
  optional,
  part,
  required,
  SEALED,
  side,
} from '../elements.js';
import { messageTable } from '../message-table.js';
import {
  code,
  DATE,
  decimal,
  GENDER,
  ID_40,
  integer,
  TEXT_35,
  TEXT_70,
  TEXT_512,
  TIME,
  text,
} from '../types.js';
import { APPOINTMENT_STATUS } from './appointments.js';
import {
  communications,
  documentEmployee,
  employerFields,
  executor,
  FILLED_ID,
  nameFields,
} from './people.js';

const MESSAGE_CODE = '00500';
const VERSION = '00006';

const employer = edited(
  side('Wrkgvr', 'employer', MAYBE, ...employerFields, optional('Lhnr', 'payrollTaxNumber', text(12))),
  insertAfter(
    'InschrijvingsnrKvK',
    optional('VestigingsnrHandelsregister', 'establishmentNumber', integer(12)),
  ),
);

const contact = (tag: string, name: string) =>
  side(tag, name, MAYBE, ...nameFields(GENDER, LOOSE), communications);

const KINDS = code(
  '100 104 111 158 208 215 217 219 250 253 303 305 306 451 453 558 601 700 701 909 916 918 919 999',
);

const preventiveService = part(
  'PrevDienst',
  'preventiveService',
  MAYBE,
  required('IdPrevDienst', 'id', ID_40),
  required(
    'PreventDienst',
    'kind',
    code('01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 50 51 52 99'),
  ),
  optional('PevDienstToev', 'addition', TEXT_70),
  optional('DatTotPrevD', 'until', DATE),
  optional('VerbPrevDCode', 'extensionCode', text(10, { minLength: 1 })),
  optional('VerbPrevDOms', 'extension', TEXT_70),
);

const employments = part(
  'Dnstvbnd',
  'employments',
  [0, 9],
  optional('IdDnstvbnd', 'id', ID_40),
  optional('Ingdat', 'startDate', DATE),
  optional('PersNr', 'personnelNumber', TEXT_35),
  preventiveService,
  part(
    'Vrzm',
    'absence',
    MAYBE,
    optional('VrzmgvlId', 'caseId', FILLED_ID),
    required('DatEerstVrzmdg', 'firstDay', DATE),
  ),
);

const appointment = part(
  'Afspraak',
  'appointment',
  MAYBE,
  required('IdAfspraak', 'id', ID_40),
  required('DatAfspraak', 'date', DATE),
  optional('TijdAfspraak', 'time', TIME),
  optional('DuurAfspraak', 'duration', decimal(3)),
  optional('StatusAfspraakCd', 'status', APPOINTMENT_STATUS),
  optional('OmsSrtAfspraak', 'description', TEXT_70),
  executor(0),
);

const document = chain(
  'Document',
  'document',
  [1, 9999],
  required('IdDocument', 'id', ID_40, KEY_FILLED),
  optional('IdDocumentOud', 'previousId', ID_40, CHECKED),
  required('DatDocument', 'date', DATE, CHECKED),
  required('SrtDocumentCd', 'kind', KINDS, KEY),
  optional('SrtDocumentOms', 'description', TEXT_70),
  optional('StatDocumentCd', 'status', code('01 02')),
  required('KenmerkZendPartij', 'senderReference', TEXT_512, LOOSE),
  optional('RdAanlevDocumentCd', 'reason', code('01 02 03')),
  optional('PrioriteitCd', 'priority', code('01 02 03')),
  optional('BestandTypCd', 'fileType', code('01 02 03 04 05 06 07 08 09 10 11 12 13 14')),
  optional('Bestandsnm', 'fileName', TEXT_70),
  optional('AdresseringCd', 'addressing', code('01 02 03')),
  required('Datastring', 'content', text(Number.POSITIVE_INFINITY), SEALED),
  documentEmployee,
  employments,
  appointment,
);

export const documentMessages = {
  '2026': messageTable({
    kind: 'document',
    release: '2026',
    messageCode: MESSAGE_CODE,
    messageVersion: VERSION,
    header: edited(header(MESSAGE_CODE, VERSION), without('GebrSwPakket')),
    body: chain(
      'Documenten',
      '',
      ONE,
      employer,
      contact('CntprsnOntvanger', 'recipient'),
      contact('CntprsnZender', 'sender'),
      document,
    ),
  }),
} as const;
