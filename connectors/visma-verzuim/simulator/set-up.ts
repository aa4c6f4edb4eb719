// What is there before the first call: employers, units, people and absence reasons, put in by a test or the demo.
import type { JsonObject } from '../../../src/connector.js';
import { addContract } from './contract-rules.js';
import { rowByName, today } from './lookup.js';
import { newRow, type UnitRow, type World } from './rows.js';

export interface NewEmployee {
  readonly externalKey?: string | null;
  /** By the names of the request bodies, such as `lastName`. */
  readonly person?: JsonObject;
  readonly address?: JsonObject;
  readonly communicationMethods?: JsonObject;
}

export interface NewEmployment {
  /** Id or external key of the employee. */
  readonly employee: string;
  readonly externalKey?: string | null;
  readonly employeeNumber?: string;
  /** True for the first employment of an employee when absent. */
  readonly primary?: boolean;
  readonly isConfidential?: boolean;
  /** Id or external key; when absent the first unit, which is made when there is none. */
  readonly unit?: string;
  readonly dateStart?: string;
}

/** All of them give the id of the new row. */
export interface SetUp {
  addEmployer(employer: { readonly externalKey?: string; readonly name?: string }): string;
  addUnit(unit: {
    readonly externalKey?: string;
    readonly name?: string;
    readonly code?: string;
    /** Ids or external keys; when absent the first employer, and no parent. */
    readonly employer?: string;
    readonly parent?: string;
  }): string;
  addEmployee(employee: NewEmployee): string;
  addEmployment(employment: NewEmployment): string;
  addReason(reason: { readonly code: string; readonly name?: string; readonly isPrimary?: boolean }): string;
}

export function createSetUp(world: World): SetUp {
  const setUp: SetUp = {
    addEmployer({ externalKey, name = 'Simulated employer' }) {
      return added(world.employers, { ...newRow(world, { externalKey }), name });
    },
    addUnit({ externalKey, name = 'Simulated unit', code, employer, parent }) {
      const first =
        [...world.employers.keys()][0] ?? setUp.addEmployer({ externalKey: 'simulated-employer' });
      const unit: UnitRow = {
        ...newRow(world, { externalKey }),
        name,
        code: code ?? null,
        employerId: employer === undefined ? first : rowByName(world, world.employers, employer).id,
        parentId: parent === undefined ? null : rowByName(world, world.units, parent).id,
      };
      return added(world.units, unit);
    },
    addEmployee({ externalKey, person = {}, address = {}, communicationMethods = {} }) {
      return added(world.employees, {
        ...newRow(world, { externalKey }),
        person,
        address,
        communicationMethods,
      });
    },
    addEmployment({
      employee,
      externalKey,
      employeeNumber,
      primary,
      isConfidential = false,
      unit,
      dateStart,
    }) {
      const employeeId = rowByName(world, world.employees, employee).id;
      const earlier = [...world.employments.values()].filter((row) => row.employeeId === employeeId);
      const first = [...world.units.keys()][0] ?? setUp.addUnit({ externalKey: 'simulated-unit' });
      const id = added(world.employments, {
        ...newRow(world, { externalKey }),
        employeeId,
        employmentNumber: earlier.length + 1,
        employeeNumber: employeeNumber ?? null,
        primary: primary ?? earlier.length === 0,
        isConfidential,
      });
      const unitId = unit === undefined ? first : rowByName(world, world.units, unit).id;
      addContract(world, id, { unitId, dateStart: dateStart ?? today(world), hoursPerWeek: 36 });
      return id;
    },
    addReason({ code, name = 'Simulated reason', isPrimary = true }) {
      return added(world.reasons, { ...newRow(world, {}), name, code, isPrimary });
    },
  };
  return setUp;
}

function added<R extends { readonly id: string }>(rows: Map<string, R>, row: R): string {
  rows.set(row.id, row);
  return row.id;
}
