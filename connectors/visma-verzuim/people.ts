// The employee as this interface takes one: from the out-mapping's record to the parts of `POST /employee`, and which of
// its required parts are missing. Only deliveries that create or change an employee carry any of it.
import type { JsonObject, Problem } from '../../src/connector.js';
import {
  ADDRESS_FIELDS,
  COMMUNICATION_KINDS,
  EMPLOYMENT_NUMBERS,
  EMPLOYMENT_TEXTS,
  PERSON_FIELDS,
} from './fields.js';
import type { People } from './payload.js';
import { itemsAt, textAt, textsAt } from './record.js';

/** A person of whom these are asked is made, not changed. */
const ONLY_NEW = ['gender', 'dateOfBirth'];
/** Words that the interface has for them; the mapping writes others where it does not know. */
const GENDERS = ['m', 'f', 'x'];
const NAME_PREFERENCES = ['own', 'partner', 'own-partner', 'partner-own'];
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

export interface PeopleRead {
  readonly people: People;
  readonly notices: readonly Problem[];
}

/** `isNew`: enough to create the employee or the employment; else only what a change of the employee carries. */
export function peopleOf(record: JsonObject, isNew: boolean): PeopleRead {
  const person = textsAt(record, 'employee.person', PERSON_FIELDS);
  if (!isNew) for (const name of ONLY_NEW) delete person[name];
  if (person.gender && !GENDERS.includes(person.gender)) delete person.gender;
  if (person.namePreference && !NAME_PREFERENCES.includes(person.namePreference))
    delete person.namePreference;
  const methods = communicationMethods(record);
  return {
    people: {
      employeeKey: textAt(record, 'employee.id') ?? '',
      person,
      address: addressOf(record),
      communicationMethods: methods.found,
      employment: isNew
        ? { ...textsAt(record, 'employment', EMPLOYMENT_TEXTS), ...numbersOf(record) }
        : textsAt(record, 'employment', 'employeeNumber'),
    },
    notices: methods.notices,
  };
}

/** The interface has one address, the primary one. */
function addressOf(record: JsonObject): Record<string, string> {
  const home = itemsAt(record, 'employee.addresses').find((address) => address.kind === 'home');
  return home ? textsAt(home, '', ADDRESS_FIELDS) : {};
}

export function hasNursingAddress(record: JsonObject): boolean {
  return itemsAt(record, 'employee.addresses').some((address) => address.kind === 'nursing');
}

function communicationMethods(record: JsonObject) {
  const found: Record<string, string> = {};
  const notices: Problem[] = [];
  for (const [index, item] of itemsAt(record, 'employee.communications').entries()) {
    const [kind, value] = [textAt(item, 'kind') ?? '', textAt(item, 'value') ?? ''];
    const path = `employee.communications[${index}]`;
    const isWrong = kind.endsWith('Email') && !EMAIL.test(value);
    if (COMMUNICATION_KINDS.split(' ').includes(kind) && !isWrong && !(kind in found)) found[kind] = value;
    else notices.push({ code: 'MAPPING_ITEM_LEFT_OUT', path, detail: leftOut(isWrong) });
  }
  return { found, notices };
}

function leftOut(isWrong: boolean): string {
  return isWrong ? 'It is no e-mail address.' : 'The receiver has one place for each kind.';
}

function numbersOf(record: JsonObject): Record<string, number> {
  const texts = Object.entries(textsAt(record, 'employment', EMPLOYMENT_NUMBERS));
  return Object.fromEntries(texts.map(([name, text]) => [name, Number(text)]));
}

const REQUIRED_OF_EMPLOYMENT = {
  dateStart: 'employment.startDate',
  hoursPerWeek: 'employment.contractHours',
  organizationalUnitKey: 'employment.unitCode',
} as const;

const REQUIRED_OF_PERSON = {
  initials: 'employee.initials',
  lastName: 'employee.lastName',
  namePreference: 'employee.namePreference',
  gender: 'employee.gender',
  dateOfBirth: 'employee.birthDate',
} as const;

const REQUIRED_OF_ADDRESS = {
  street: 'employee.addresses[].street',
  number: 'employee.addresses[].houseNumber',
  postalCode: 'employee.addresses[].postcode',
  city: 'employee.addresses[].town',
} as const;

/**
 * Our names of the fields without which nothing can be created. Source: `PostEmployeeRequestBody`, as corrected in the
 * notes on the Visma Verzuim API, section 3.2. For an employment alone nothing is formally required but its keys; one
 * without a start or hours would be of no use.
 */
export function missingFor(what: 'employee' | 'employment', people: People): readonly string[] {
  const lacking = (required: Readonly<Record<string, string>>, part: Readonly<Record<string, unknown>>) =>
    Object.entries(required).flatMap(([name, field]) => (part[name] === undefined ? [field] : []));
  const missing = [
    ...(people.employeeKey === '' ? ['employee.id'] : []),
    ...lacking(REQUIRED_OF_EMPLOYMENT, people.employment),
  ];
  if (what === 'employment') return missing;
  return [
    ...missing,
    ...lacking(REQUIRED_OF_PERSON, people.person),
    ...lacking(REQUIRED_OF_ADDRESS, people.address),
  ];
}
