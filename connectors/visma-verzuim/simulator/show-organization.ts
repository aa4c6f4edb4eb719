// Employers and units as the API shows them. Everything the simulator does not keep is planted.
import type { JsonObject } from '../../../src/connector.js';
import { stamp } from './moments.js';
import { below, type Wants } from './relations.js';
import type { EmployerRow, UnitRow, World } from './rows.js';
import {
  COMPANY,
  COMPANY_UWV,
  CONTACT,
  CONTRACT_TYPE,
  DIVISION,
  EMPLOYER,
  EMPLOYER_ADDRESS,
  EMPLOYER_COMMUNICATION,
  MASTER_PERSON,
  NAMED,
  OFFICER,
  OWN_RISK,
  POLICY,
  SERVICE_CONTRACT,
  SERVICE_TYPE,
  UNIT,
  UNIT_ADDRESS,
  UNIT_COMMUNICATION,
  UNIT_MORE,
  UNIT_TYPE,
} from './shapes-organization.js';
import { DOSSIER } from './shapes-people.js';

interface Kept {
  readonly id: string;
  readonly externalKey: string | null;
  readonly migrationKey: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** The fields that all rows share. A row without a migration key gets a planted one. */
export function keptFields(world: World, row: Kept): JsonObject {
  return {
    id: row.id,
    externalKey: row.externalKey,
    migrationKey: row.migrationKey ?? `${world.planted.marker}-migrationKey`,
    dateCreated: stamp(row.createdMs, world.timeZone),
    dateUpdated: stamp(row.updatedMs, world.timeZone),
  };
}

export function showEmployerAlone(world: World, row: EmployerRow): JsonObject {
  return { ...world.planted.plant(EMPLOYER), ...keptFields(world, row), name: row.name };
}

export function showEmployer(world: World, row: EmployerRow, wants: Wants): JsonObject {
  const { plant } = world.planted;
  const relations: Record<string, () => JsonObject | readonly JsonObject[] | number> = {
    communications: () => [plant(EMPLOYER_COMMUNICATION)],
    insurancePolicies: () => [plant(POLICY)],
    employerDivision: () => ({ ...plant(DIVISION), parent: null, children: null }),
    companyDoctor: () => officer(world),
    dossierOfficer: () => officer(world),
    arboService: () => plant(NAMED),
    contracts: () => [
      { ...plant(SERVICE_CONTRACT), type: plant(CONTRACT_TYPE), service: plant(SERVICE_TYPE) },
    ],
    visitorAddress: () => plant(EMPLOYER_ADDRESS),
    postalAddress: () => plant(EMPLOYER_ADDRESS),
    contactPersons: () => [contact(world, wants)],
    ownRiskContracts: () => [plant(OWN_RISK)],
    organizationalUnitsCount: () =>
      [...world.units.values()].filter(({ employerId }) => employerId === row.id).length,
    incomeInsuranceProvider: () => plant(NAMED),
  };
  return { ...showEmployerAlone(world, row), ...asked(relations, wants) };
}

export function showUnitAlone(world: World, row: UnitRow): JsonObject {
  return { ...world.planted.plant(UNIT), ...keptFields(world, row), name: row.name, code: row.code };
}

/** With its employer, without anything else: `OrganizationalUnitWithPossibleRelationToEmployer`. */
export function showUnitAndEmployer(world: World, row: UnitRow): JsonObject {
  const employer = world.employers.get(row.employerId);
  return { ...showUnitAlone(world, row), ...(employer && { employer: showEmployerAlone(world, employer) }) };
}

export function showUnit(world: World, row: UnitRow, wants: Wants): JsonObject {
  const { plant } = world.planted;
  const employer = world.employers.get(row.employerId);
  const parent = row.parentId === null ? undefined : world.units.get(row.parentId);
  const relations: Record<string, () => JsonObject | readonly JsonObject[] | undefined> = {
    employer: () => employer && showEmployer(world, employer, below(wants, 'employer')),
    parentOrganizationalUnit: () => parent && showUnitAlone(world, parent),
    contactPersons: () => [contact(world, wants)],
    visitorAddress: () => plant(UNIT_ADDRESS),
    postalAddress: () => plant(UNIT_ADDRESS),
    communications: () => [plant(UNIT_COMMUNICATION)],
  };
  return {
    ...showUnitAlone(world, row),
    ...plant(UNIT_MORE),
    // No include is documented for these two: they come with every unit.
    organizationalUnitType: {
      ...plant(UNIT_TYPE),
      ...(employer && { employer: showEmployerAlone(world, employer) }),
    },
    company: {
      ...plant(COMPANY),
      uwv: plant(COMPANY_UWV),
      ...(wants('dossierOfficer') && { dossierOfficer: officer(world) }),
      ...(wants('companyDoctor') && { companyDoctor: officer(world) }),
    },
    ...asked(relations, wants),
  };
}

function contact({ planted }: World, wants: Wants): JsonObject {
  const { plant } = planted;
  const belongsTo = { organizationalUnit: plant(UNIT), employer: plant(EMPLOYER), dossier: plant(DOSSIER) };
  // No include names these.
  return { ...plant(CONTACT), ...(wants('contactPersons.belongsTo') && belongsTo) };
}

function officer({ planted }: World): JsonObject {
  return { ...planted.plant(OFFICER), person: planted.plant(MASTER_PERSON) };
}

function asked<T extends JsonObject[string]>(relations: Record<string, () => T>, wants: Wants): JsonObject {
  const shown = Object.entries(relations)
    .filter(([name]) => wants(name))
    .map(([name, show]) => [name, show()] as const);
  return Object.fromEntries(shown.filter(([, part]) => part !== undefined));
}
