// The lists of people, employments, contracts, employers and units, with the filters, sortings and includes of the
// description. Filters on what the simulator does not keep (supervisors, reasons of an end) find nothing.
import { byId, byMigrationKey, byUpdate, isTrue } from './filters.js';
import type { Listing } from './listing.js';
import { currentOrLastContract } from './lookup.js';
import type { ContractRow, EmployeeRow, EmployerRow, EmploymentRow, UnitRow, World } from './rows.js';
import { showEmployer, showUnit } from './show-organization.js';
import { showContract, showEmployee, showEmployment } from './show-people.js';

const none = () => false;
const updated = ({ updatedMs }: { readonly updatedMs: number }) => new Date(updatedMs).toISOString();
const byKey = ({ externalKey }: { readonly externalKey: string | null }) => externalKey ?? '';

function employmentsOf(world: World, employeeId: string): readonly EmploymentRow[] {
  return [...world.employments.values()].filter((row) => row.employeeId === employeeId);
}

function employerOf(world: World, contract: ContractRow | undefined): EmployerRow | undefined {
  const unit = contract && world.units.get(contract.unitId);
  return unit && world.employers.get(unit.employerId);
}

export const EMPLOYEES: Listing<EmployeeRow> = {
  path: '/employee',
  rows: (world) => world.employees.values(),
  filters: {
    ...byId,
    ...byMigrationKey,
    ...byUpdate,
    employmentId: ({ id }, value, world) => world.employments.get(value)?.employeeId === id,
    employeeNumber: ({ id }, value, world) =>
      employmentsOf(world, id).some(({ employeeNumber }) => employeeNumber === value),
  },
  sorts: { externalKey: byKey, dateUpdated: updated },
  includes: [
    'person',
    'employments',
    'employments.employmentContracts',
    'currentOrLastEmploymentContract.organizationalUnit.employer',
    'addresses.country',
    'employmentContract',
    'communicationMethods',
  ],
  show: showEmployee,
};

export const EMPLOYMENTS: Listing<EmploymentRow> = {
  path: '/employment',
  rows: (world) => world.employments.values(),
  filters: {
    ...byId,
    ...byMigrationKey,
    ...byUpdate,
    employeeId: ({ employeeId }, value) => employeeId === value,
    employeeKey: ({ employeeId }, value, world) => world.employees.get(employeeId)?.externalKey === value,
    currentOrLastEmploymentContract: ({ id }, value, world) => currentOrLastContract(world, id)?.id === value,
    employerId: ({ id }, value, world) => employerOf(world, currentOrLastContract(world, id))?.id === value,
    employerKey: ({ id }, value, world) =>
      employerOf(world, currentOrLastContract(world, id))?.externalKey === value,
    primary: ({ primary }, value) => primary === isTrue(value),
    employmentEndReason: none,
    internalSupervisorId: none,
    internalSupervisorKey: none,
    externalSupervisorId: none,
    externalSupervisorKey: none,
  },
  sorts: { externalKey: byKey, dateUpdated: updated },
  includes: [
    'employmentEndReason',
    'employee.person',
    'supervisor',
    'externalSupervisor',
    'currentOrLastEmploymentContract',
    'firstEmploymentContract',
    'uwvSector',
    'employmentContracts',
    'employmentContracts.employmentType',
    'currentOrLastEmploymentContract.organizationalUnit.employer',
    'currentOrLastEmploymentContract.employmentType',
  ],
  show: showEmployment,
};

export const CONTRACTS: Listing<ContractRow> = {
  path: '/employment/contract',
  rows: (world) => world.contracts.values(),
  filters: {
    ...byId,
    ...byMigrationKey,
    ...byUpdate,
    employmentId: ({ employmentId }, value) => employmentId === value,
    employmentKey: ({ employmentId }, value, world) =>
      world.employments.get(employmentId)?.externalKey === value,
    organizationalUnitId: ({ unitId }, value) => unitId === value,
    organizationalUnitKey: ({ unitId }, value, world) => world.units.get(unitId)?.externalKey === value,
    employerId: (row, value, world) => employerOf(world, row)?.id === value,
    employerKey: (row, value, world) => employerOf(world, row)?.externalKey === value,
    dateStartFrom: ({ dateStart }, value) => dateStart >= value.slice(0, 10),
    dateStartUntil: ({ dateStart }, value) => dateStart <= value.slice(0, 10),
    dateEndFrom: ({ dateEnd }, value) => dateEnd !== null && dateEnd >= value.slice(0, 10),
    dateEndUntil: ({ dateEnd }, value) => dateEnd !== null && dateEnd <= value.slice(0, 10),
  },
  sorts: { externalKey: byKey, dateUpdated: updated },
  includes: ['organizationalUnit.employer', 'employmentType', 'employment.employee.person'],
  show: showContract,
};

export const EMPLOYERS: Listing<EmployerRow> = {
  path: '/employer',
  rows: (world) => world.employers.values(),
  filters: { ...byId, ...byUpdate, search: ({ name }, value) => name.includes(value) },
  sorts: { externalKey: byKey, name: ({ name }) => name },
  includes: [
    'organizationalUnitsCount',
    'insurancePolicies',
    'employerDivision',
    'companyDoctor.user',
    'dossierOfficer.user',
    'arboService',
    'visitorAddress.country',
    'postalAddress',
    'contracts.type',
    'contracts.service',
    'contactPersons',
    'ownRiskContracts.type',
    'communications',
    'contactPersons.details',
    'incomeInsuranceProvider',
  ],
  show: showEmployer,
};

export const UNITS: Listing<UnitRow> = {
  path: '/organizational-unit',
  rows: (world) => world.units.values(),
  filters: {
    ...byId,
    ...byUpdate,
    name: ({ name }, value) => name === value,
    officialName: none,
    code: ({ code }, value) => code === value,
    root: ({ parentId }, value) => (parentId === null) === isTrue(value),
    employerId: ({ employerId }, value) => employerId === value,
    parentOrganizationalUnitId: ({ parentId }, value) => parentId === value,
  },
  sorts: {
    externalKey: byKey,
    name: ({ name }) => name,
    code: ({ code }) => code ?? '',
    officialName: () => '',
    sbiCode: () => '',
    number: () => '',
    kvkNumber: () => '',
    vatNumber: () => '',
    relationNumber: () => '',
  },
  includes: [
    'employer',
    'parentOrganizationalUnit',
    'companyDoctor',
    'dossierOfficer',
    'internalSupervisor',
    'externalSupervisor',
    'contactPersons',
    'visitorAddress',
    'postalAddress',
    'communications',
  ],
  show: showUnit,
};
