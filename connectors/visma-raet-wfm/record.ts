// A joined sick leave as bytes for the intake, and back again as the record that the mapping reads. Pure. The meanings
// that the settings give are filled in here, so that the mapping stays plain.
import type { Decoded, DecodedRecord, JsonObject, Problem, RawRecord } from '../../src/connector.js';
import { courseOf, dayOf, decimalsOf } from './course.js';
import type { Joined, OpenLeave } from './join.js';
import type { Employment, Person } from './schema.js';
import type { Meanings } from './settings.js';

const under = (prefix: string, names: string): string[] =>
  names.split(' ').map((name) => `${prefix}.${name}`);

/** What `decode` gives; `[]` stands for any place in a list. */
export const WFM_FIELDS: readonly string[] = [
  ...under('sickLeave', 'id personCode employmentCode startDate recoveryDate expectedRecoveryDate'),
  ...under('sickLeave', 'ended gone periods[].from periods[].percentage'),
  ...under('person', 'initials knownAs gender dateOfBirth lastNameAtBirth lastNameAtBirthPrefix'),
  ...under('person', 'lastName communications[].kind communications[].value'),
  ...under('person.addresses[]', 'street number numberAdditional postalCode city'),
  ...under('employment', 'id company hireDate dischargeDate jobProfile jobProfileName organizationUnit'),
  ...under('employment', 'organizationUnitCode organizationUnitName amountOfWork'),
];

export function referenceOf(joined: Joined): string {
  if (joined.kind === 'shown') return joined.sickLeave.id;
  return joined.kind === 'gone' ? joined.leave.id : joined.id;
}

/** The same bytes for the same content: the schemas give the fields an order. */
export function rawOf(joined: Joined): RawRecord {
  const bytes = new TextEncoder().encode(JSON.stringify(joined));
  return { reference: referenceOf(joined), bytes, contentType: 'application/json' };
}

/** `raw` is what `rawOf` made. */
export function decodeRaw(raw: RawRecord, meanings: Meanings): Decoded {
  const joined = JSON.parse(new TextDecoder().decode(raw.bytes)) as Joined;
  const record = recordOf(joined, meanings);
  const decoded: DecodedRecord = {
    ...{ path: 'SickLeaves', record, problems: problemsIn(joined, meanings), ignored: [] },
  };
  return { records: [decoded], problems: [] };
}

function recordOf(joined: Joined, meanings: Meanings): JsonObject {
  if (joined.kind === 'unreadable') return { sickLeave: { id: joined.id } };
  if (joined.kind === 'gone') return goneRecord(joined.leave);
  const { sickLeave, person, employment } = joined;
  const { id, personCode, employmentCode } = sickLeave;
  const { contradictions, ...course } = courseOf(sickLeave, meanings);
  return {
    sickLeave: {
      id,
      personCode,
      employmentCode,
      ...course,
      periods: course.periods.map(asRecord),
      gone: false,
    },
    ...(person && { person: personRecord(person) }),
    ...(employment && { employment: employmentRecord(employment) }),
  };
}

const asRecord = ({ from, percentage }: { from: string; percentage: string }) => ({ from, percentage });

/** Only what finds the case: nothing is claimed of a leave that is no longer shown. */
function goneRecord({ id, personCode, employmentCode, startDate, ...rest }: OpenLeave): JsonObject {
  const { employmentId, company } = rest;
  return {
    sickLeave: { id, personCode, employmentCode, startDate, ended: false, gone: true },
    employment: { id: employmentId, company },
  };
}

function personRecord(person: Person): JsonObject {
  const { initials, knownAs, gender, lastNameAtBirth, lastNameAtBirthPrefix, ...rest } = person;
  const { lastName, addresses, emailAddresses, phoneNumbers } = rest;
  const kindOf = (what: string, type: string | undefined) => (type ? `${what} ${type}` : undefined);
  return {
    ...{ initials, knownAs, gender, lastNameAtBirth, lastNameAtBirthPrefix, lastName },
    dateOfBirth: dayOf(person.dateOfBirth),
    communications: [
      ...phoneNumbers.map(({ type, number }) => ({ kind: kindOf('phone', type), value: number })),
      ...emailAddresses.map(({ type, address }) => ({ kind: kindOf('email', type), value: address })),
    ],
    addresses: addresses.map(({ street, number, numberAdditional, postalCode, city }) => ({
      ...{ street, number, numberAdditional, postalCode, city },
    })),
  };
}

function employmentRecord(employment: Employment): JsonObject {
  const { id, company, jobProfile, jobProfileName, workingAmount, ...rest } = employment;
  const { organizationUnit, organizationUnitCode, organizationUnitName } = rest;
  const amount = workingAmount?.amountOfWork;
  return {
    ...{ id, company, jobProfile, jobProfileName },
    ...{ organizationUnit, organizationUnitCode, organizationUnitName },
    hireDate: dayOf(employment.hireDate),
    dischargeDate: dayOf(employment.dischargeDate),
    amountOfWork: amount && decimalsOf(amount),
  };
}

/** Why a record cannot be used as it is; only another content at the source changes that. */
export function problemsIn(joined: Joined, meanings: Meanings): readonly Problem[] {
  if (joined.kind === 'gone') return [];
  if (joined.kind === 'unreadable') {
    const detail = 'Not in the form that the description of the API gives.';
    return joined.places.map((path) => ({ code: 'MAPPING_BAD_VALUE', path, detail }));
  }
  const { sickLeave, person, employment } = joined;
  return [
    ...(person ? [] : [missing('person', 'Persons shows nobody by this person code, or several.')]),
    ...(employment ? [] : [missing('employment', 'Employments shows none by these codes, or several.')]),
    ...(person?.deceased ? [DECEASED] : []),
    ...courseOf(sickLeave, meanings).contradictions,
  ];
}

const missing = (path: string, detail: string): Problem => ({ code: 'SOURCE_INCOMPLETE', path, detail });

/** The date of death is not among the fields of the API: there is nothing that could be held and then released. */
const DECEASED: Problem = {
  code: 'SOURCE_DECEASED',
  path: 'person.deceased',
  detail: 'The source marks the employee as deceased. Nothing is sent of this absence by itself.',
};
