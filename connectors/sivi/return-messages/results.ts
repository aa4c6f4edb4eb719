// What a receiver answers: the return message about a whole message (every release), and the processing result of
// single reports (from 2024 on). Sources: Retourmelding1.xsd 2022, 2024, 2025, 2026 (the last three the same) and
// VerwerkingsmeldingWgr-Arbo.xsd 2024, 2025, 2026 (the same).
import { header } from '../absence-message/employer.js';
import { alterField, edited, insertAfter, retype } from '../edits.js';
import {
  chain,
  KEY,
  KEY_FILLED,
  LOOSE,
  MAYBE,
  type MessageTable,
  ONE,
  optional,
  part,
  required,
} from '../elements.js';
import { messageTable } from '../message-table.js';
import { code, ID_40, integer, type SimpleType, TEXT_70, TEXT_512, text, YES_NO } from '../types.js';
import { FILLED_ID } from './people.js';

const RETURN_CODE = '99999';
const MANY = Number.POSITIVE_INFINITY;

/** The reference of the message that is answered. */
const answered = required('BerrefnrIngzndnBer', 'answeredReference', TEXT_512, KEY_FILLED);

interface ReturnCodes {
  readonly kinds: SimpleType;
  readonly errors: SimpleType;
}

function returnMessage(
  release: string,
  messageVersion: string,
  { kinds, errors }: ReturnCodes,
): MessageTable {
  const body = chain(
    'Retourmelding1',
    'result',
    ONE,
    part(
      'Foutmldng',
      'errors',
      [0, MANY],
      required('SrtFoutCd', 'code', errors),
      optional('Toelchtng', 'text', TEXT_512),
    ),
  );
  const ownHeader = edited(
    header(RETURN_CODE, messageVersion),
    insertAfter('Berrefnr', answered),
    insertAfter('OntvngstbevJN', required('SrtRetmldngCd', 'returnKind', kinds, KEY)),
  );
  const facts = { kind: 'result', release, messageCode: RETURN_CODE, messageVersion } as const;
  return messageTable({ ...facts, header: ownHeader, body });
}

const in2022: ReturnCodes = { kinds: code('01 02 03 04'), errors: code('01 02 03 04 05 06 99') };
const from2024: ReturnCodes = { kinds: code('02 03'), errors: code('01 06 99') };

export const returnMessages = {
  '2022': returnMessage('2022', '00002', in2022),
  '2024': returnMessage('2024', '00003', from2024),
  '2025': returnMessage('2025', '00003', from2024),
  '2026': returnMessage('2026', '00003', from2024),
} as const satisfies Record<string, MessageTable>;

/** This message fixes neither its code, nor its version, nor the words for yes and no. */
const FREE_FLAG = text(1, { minLength: 1, noDigits: true });
const openHeader = edited(
  header('', ''),
  alterField('BrCd', { type: text(5), ...LOOSE, filled: false }),
  alterField('VnrBrCd', { type: text(5) }),
  insertAfter('Berrefnr', answered),
  retype(YES_NO, FREE_FLAG),
);

/** Which report, and what became of it; the rest is for people. */
const report = chain(
  'VrwrkMld',
  'result',
  [1, MANY],
  required('VrwrkbhdCd', 'outcome', code('01 02 03'), KEY),
  required('VrzmgvlId', 'caseId', FILLED_ID, KEY_FILLED),
  required('VrzmgvlVnrMld', 'sequence', integer(3), KEY),
  required('AansltnrGeguitwlngArbdnst', 'connectionNumber', TEXT_70, LOOSE),
  required('IdWrkgvrArbdnst', 'employerId', ID_40, LOOSE),
  required('CtrlCd', 'code', text(5, { minLength: 5 }), LOOSE),
  required('MldngTkst', 'text', TEXT_512, LOOSE),
  part('VrTkst', 'note', MAYBE, required('VrijeTekst', 'text', TEXT_512)),
);

function processingMessage(release: string): MessageTable {
  const body = chain('VerwerkingsmeldingWerkgeverArbodienst', '', ONE, report);
  const facts = { kind: 'result', release, messageCode: '', messageVersion: '' } as const;
  return messageTable({ ...facts, header: openHeader, body });
}

export const processingMessages = {
  '2024': processingMessage('2024'),
  '2025': processingMessage('2025'),
  '2026': processingMessage('2026'),
} as const satisfies Record<string, MessageTable>;
