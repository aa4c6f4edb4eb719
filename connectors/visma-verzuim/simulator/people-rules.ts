// Employees and employments: POST and PATCH as documented. `POST /employee` makes the employee, the employment
// and its first contract in one call.
import type { JsonObject } from '../../../src/connector.js';
import type { PatchEmployee, PatchEmployment, PostEmployee, PostEmployment } from './bodies-people.js';
import { addContract, unitOf } from './contract-rules.js';
import { changedKeys, keyMustBeFree, namedRow } from './lookup.js';
import { type EmployeeRow, type EmploymentRow, newRow, type World } from './rows.js';

export function postEmployee(world: World, body: PostEmployee): EmployeeRow {
  const unit = unitOf(world, body.employment);
  keyMustBeFree(world, world.employees, { key: body.externalKey });
  keyMustBeFree(world, world.employments, { key: body.employment.externalKey });
  const employee: EmployeeRow = {
    ...newRow(world, { externalKey: body.externalKey }),
    person: given(body.person),
    address: given(body.address),
    communicationMethods: given(body.communicationMethods ?? {}),
  };
  world.employees.set(employee.id, employee);
  const employment = addEmployment(world, employee.id, body.employment);
  addContract(world, employment.id, { ...body.employment, unitId: unit.id });
  return employee;
}

export function patchEmployee(world: World, body: PatchEmployee): EmployeeRow {
  const employee = namedRow(world, world.employees, body);
  keyMustBeFree(world, world.employees, { key: body.externalKey, except: employee.id });
  const changed: EmployeeRow = {
    ...employee,
    ...changedKeys(body),
    person: { ...employee.person, ...given(body.person ?? {}) },
    address: { ...employee.address, ...given(body.address ?? {}) },
    communicationMethods: { ...employee.communicationMethods, ...given(body.communicationMethods ?? {}) },
    updatedMs: world.clock.now(),
  };
  world.employees.set(employee.id, changed);
  return changed;
}

export function postEmployment(world: World, body: PostEmployment): EmploymentRow {
  const employee = namedRow(world, world.employees, { id: body.employeeId, key: body.employeeKey });
  const unit = unitOf(world, body);
  keyMustBeFree(world, world.employments, { key: body.externalKey });
  const employment = addEmployment(world, employee.id, body);
  addContract(world, employment.id, { ...body, unitId: unit.id });
  return employment;
}

export function patchEmployment(world: World, body: PatchEmployment): EmploymentRow {
  const employment = namedRow(world, world.employments, body);
  keyMustBeFree(world, world.employments, { key: body.externalKey, except: employment.id });
  const changed: EmploymentRow = {
    ...employment,
    ...changedKeys(body),
    ...(body.employeeNumber !== undefined && { employeeNumber: body.employeeNumber }),
    updatedMs: world.clock.now(),
  };
  world.employments.set(employment.id, changed);
  return changed;
}

function addEmployment(
  world: World,
  employeeId: string,
  body: {
    readonly externalKey?: string | null | undefined;
    readonly employeeNumber?: string | null | undefined;
  },
): EmploymentRow {
  const earlier = [...world.employments.values()].filter((row) => row.employeeId === employeeId);
  const employment: EmploymentRow = {
    ...newRow(world, body),
    employeeId,
    employmentNumber: earlier.length + 1,
    employeeNumber: body.employeeNumber ?? null,
    primary: earlier.length === 0,
    isConfidential: false,
  };
  world.employments.set(employment.id, employment);
  return employment;
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
