// Employees, employments and contracts as the API shows them: what a request brought, and planted values for all the rest.
import type { JsonObject, JsonValue } from '../../../src/connector.js';
import { namedUuid } from './ids.js';
import { contractsOf, currentOrLastContract } from './lookup.js';
import { below, type Wants } from './relations.js';
import type { ContractRow, EmployeeRow, EmploymentRow, World } from './rows.js';
import { EMPLOYER, UNIT } from './shapes-organization.js';
import {
  CONTRACT,
  DOSSIER,
  DOSSIER_ADDRESS,
  EMPLOYEE,
  EMPLOYMENT,
  EMPLOYMENT_MORE,
  EMPLOYMENT_TYPE,
  PERSON,
  PERSON_ADDRESS,
  PERSON_COMMUNICATION,
} from './shapes-people.js';
import { keptFields, showUnit, showUnitAndEmployer } from './show-organization.js';

export function showEmployeeAlone(world: World, row: EmployeeRow): JsonObject {
  const { socialSecurityNumber, noRisk, sfb } = row.person;
  return {
    ...world.planted.plant(EMPLOYEE),
    ...given({ socialSecurityNumber, noRisk, sfb }),
    ...keptFields(world, row),
  };
}

/** `EmployeeWithPersonRelation` */
export function showEmployeeAndPerson(world: World, row: EmployeeRow): JsonObject {
  return { ...showEmployeeAlone(world, row), person: person(world, row) };
}

export function showEmployee(world: World, row: EmployeeRow, wants: Wants): JsonObject {
  const employments = [...world.employments.values()].filter(({ employeeId }) => employeeId === row.id);
  const primary = employments.find((employment) => employment.primary) ?? employments[0];
  const contract = primary && currentOrLastContract(world, primary.id);
  const wantsContract = wants('employmentContract') || wants('currentOrLastEmploymentContract');
  return {
    ...showEmployeeAlone(world, row),
    person: wants('person') ? person(world, row) : null,
    addresses: wants('addresses') ? [address(world, row)] : null,
    communicationMethods: wants('communicationMethods') ? communication(world, row) : null,
    employmentContract:
      wantsContract && contract
        ? showContract(world, contract, below(wants, 'currentOrLastEmploymentContract'))
        : null,
    // In the schema, without an include that names it.
    ...(wants('dossiers') && { dossiers: [plantedDossier(world)] }),
    ...(wants('employments') && {
      employments: employments.map((employment) =>
        showEmployment(world, employment, below(wants, 'employments')),
      ),
    }),
  };
}

export function showEmploymentAlone(world: World, row: EmploymentRow): JsonObject {
  const { employmentNumber, primary, employeeNumber, isConfidential } = row;
  return {
    ...world.planted.plant(EMPLOYMENT),
    ...keptFields(world, row),
    employmentNumber,
    primary,
    employeeNumber,
    isConfidential,
  };
}

export function showEmployment(world: World, row: EmploymentRow, wants: Wants): JsonObject {
  const employee = world.employees.get(row.employeeId);
  const contracts = contractsOf(world, row.id);
  const current = currentOrLastContract(world, row.id);
  const list = () =>
    contracts.map((contract) => showContract(world, contract, below(wants, 'employmentContracts')));
  return {
    ...showEmploymentAlone(world, row),
    ...world.planted.plant(EMPLOYMENT_MORE),
    ...(contracts[0] && { firstEmploymentContractId: contracts[0].id }),
    ...(wants('employee') && employee && { employee: showEmployeeAndPerson(world, employee) }),
    ...(wants('employmentEndReason') && { employmentEndReason: 'sick-during-end-of-employment' }),
    ...(wants('employmentContracts') && { employmentContracts: list() }),
    ...(wants('currentOrLastEmploymentContract') &&
      current && {
        currentOrLastEmploymentContract: showContract(
          world,
          current,
          below(wants, 'currentOrLastEmploymentContract'),
        ),
      }),
  };
}

export function showContract(world: World, row: ContractRow, wants: Wants): JsonObject {
  const unit = world.units.get(row.unitId);
  const employment = world.employments.get(row.employmentId);
  return {
    ...contractAlone(world, row),
    ...(wants('organizationalUnit') &&
      unit && { organizationalUnit: showUnit(world, unit, below(wants, 'organizationalUnit')) }),
    ...(wants('employmentType') && {
      employmentType: {
        ...world.planted.plant(EMPLOYMENT_TYPE),
        ...given({ code: row.employmentTypeCode ?? undefined }),
      },
    }),
    ...(wants('employment') &&
      employment && {
        employment: {
          ...showEmploymentAlone(world, employment),
          employmentContracts: contractsOf(world, employment.id).map((contract) => ({
            ...contractAlone(world, contract),
            ...(unit && { organizationalUnit: showUnitAndEmployer(world, unit) }),
          })),
        },
      }),
  };
}

function plantedDossier({ planted: { plant } }: World): JsonObject {
  return {
    ...plant(DOSSIER),
    employment: plant(EMPLOYMENT),
    nursingAddress: plant(DOSSIER_ADDRESS),
    organizationalUnit: { ...plant(UNIT), employer: plant(EMPLOYER) },
  };
}

function contractAlone(world: World, row: ContractRow): JsonObject {
  const { dateStart, dateEnd, jobTitle, normHoursPerWeek, hoursPerWeek, paymentPeriod } = row;
  return {
    ...world.planted.plant(CONTRACT),
    ...keptFields(world, row),
    dateStart,
    dateEnd,
    jobTitle,
    normHoursPerWeek,
    hoursPerWeek,
    paymentPeriod,
  };
}

function person(world: World, row: EmployeeRow): JsonObject {
  const known = Object.entries(row.person).filter(([name]) => name in PERSON);
  return {
    ...world.planted.plant(PERSON),
    id: namedUuid(`person ${row.id}`),
    ...given(Object.fromEntries(known)),
  };
}

function address(world: World, row: EmployeeRow): JsonObject {
  return {
    ...world.planted.plant(PERSON_ADDRESS),
    id: namedUuid(`address ${row.id}`),
    personId: namedUuid(`person ${row.id}`),
    ...given(row.address),
  };
}

/** One entry per way to reach the person; names such as `privatePhone` hold its purpose and its type. */
function communication(world: World, row: EmployeeRow): readonly JsonObject[] {
  const ways = Object.entries(row.communicationMethods).filter(([, value]) => typeof value === 'string');
  const planted = world.planted.plant(PERSON_COMMUNICATION);
  if (ways.length === 0) return [planted];
  return ways.map(([name, value]) => ({
    ...planted,
    uuid: namedUuid(`${name} ${row.id}`),
    value,
    purpose: name.startsWith('private') ? 'personal' : 'business',
    type: name.replace(/^(?:private|business)/, '').toLowerCase(),
  }));
}

function given(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
