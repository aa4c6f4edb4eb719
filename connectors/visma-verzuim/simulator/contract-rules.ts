// Employment contracts: the terms of an employment from a day on, in an organizational unit.
import type { PatchContract, PostContract } from './bodies-people.js';
import { changedKeys, keyMustBeFree, namedRow, today } from './lookup.js';
import { type ContractRow, newRow, type UnitRow, type World } from './rows.js';

interface Terms {
  readonly unitId: string;
  readonly dateStart?: string | null | undefined;
  readonly dateEnd?: string | null | undefined;
  readonly jobTitle?: string | null | undefined;
  readonly normHoursPerWeek?: number | null | undefined;
  readonly hoursPerWeek?: number | null | undefined;
  readonly paymentPeriod?: string | null | undefined;
  readonly employmentTypeCode?: string | null | undefined;
}

/** Starts today where no day is given (`PostEmploymentRequestBody.dateStart`: "defaults to current day"). */
export function addContract(
  world: World,
  employmentId: string,
  terms: Terms,
  externalKey?: string | null,
): ContractRow {
  const contract: ContractRow = {
    ...newRow(world, { externalKey }),
    employmentId,
    unitId: terms.unitId,
    dateStart: terms.dateStart ?? today(world),
    dateEnd: terms.dateEnd ?? null,
    jobTitle: terms.jobTitle ?? null,
    normHoursPerWeek: terms.normHoursPerWeek ?? null,
    hoursPerWeek: terms.hoursPerWeek ?? null,
    paymentPeriod: terms.paymentPeriod ?? null,
    employmentTypeCode: terms.employmentTypeCode ?? null,
  };
  world.contracts.set(contract.id, contract);
  return contract;
}

export function postContract(world: World, body: PostContract): ContractRow {
  const employment = namedRow(world, world.employments, { id: body.employmentId, key: body.employmentKey });
  const unit = unitOf(world, body);
  keyMustBeFree(world, world.contracts, { key: body.externalKey });
  return addContract(world, employment.id, { ...body, unitId: unit.id }, body.externalKey);
}

export function patchContract(world: World, body: PatchContract): ContractRow {
  const contract = namedRow(world, world.contracts, body);
  keyMustBeFree(world, world.contracts, { key: body.externalKey, except: contract.id });
  const moves = typeof (body.organizationalUnitId ?? body.organizationalUnitKey) === 'string';
  const { dateEnd, jobTitle, normHoursPerWeek, hoursPerWeek, paymentPeriod, employmentTypeCode } = body;
  const terms = { dateEnd, jobTitle, normHoursPerWeek, hoursPerWeek, paymentPeriod, employmentTypeCode };
  const changed: ContractRow = {
    ...contract,
    ...Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)),
    ...changedKeys(body),
    ...(typeof body.dateStart === 'string' && { dateStart: body.dateStart }),
    ...(moves && { unitId: unitOf(world, body).id }),
    updatedMs: world.clock.now(),
  };
  world.contracts.set(contract.id, changed);
  return changed;
}

interface UnitName {
  readonly organizationalUnitId?: string | null | undefined;
  readonly organizationalUnitKey?: string | null | undefined;
}

export function unitOf(world: World, { organizationalUnitId, organizationalUnitKey }: UnitName): UnitRow {
  return namedRow(world, world.units, { id: organizationalUnitId, key: organizationalUnitKey });
}
