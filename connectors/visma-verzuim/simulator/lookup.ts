// Finds rows by what a request may name them with, and keeps external keys unique where the rules say so.
import { wallClock } from '../../../src/connector.js';
import { Refusal, refuse, VALIDATION_CODE } from './refusal.js';
import type { ContractRow, CourseRow, World } from './rows.js';

interface Keyed {
  readonly id: string;
  readonly externalKey: string | null;
  readonly migrationKey: string | null;
}

export interface RowName {
  readonly id?: string | null | undefined;
  readonly key?: string | null | undefined;
  readonly migrationKeyId?: string | undefined;
}

/** Exactly one of the three names must be given; the row must exist. */
export function namedRow<R extends Keyed>(world: World, rows: Map<string, R>, name: RowName): R {
  const given = [name.id, name.key, name.migrationKeyId].filter(
    (part) => part !== undefined && part !== null,
  );
  if (given.length !== 1) refuse(VALIDATION_CODE, 'exactly one of id, key and migrationKeyId is required');
  const found = matching(rows, name);
  if (found.length > 1 && name.migrationKeyId !== undefined)
    refuse(VALIDATION_CODE, 'migrationKeyId is not unique');
  const [row] = found;
  if (!row) throw new Refusal(world.rules.unknownRow, VALIDATION_CODE, ['there is no such row']);
  return row;
}

/** By its id or its external key; the row must exist. */
export function rowByName<R extends Keyed>(world: World, rows: Map<string, R>, name: string): R {
  return rows.get(name) ?? namedRow(world, rows, { key: name });
}

function matching<R extends Keyed>(rows: Map<string, R>, { id, key, migrationKeyId }: RowName): readonly R[] {
  if (typeof id === 'string') return [...rows.values()].filter((row) => row.id === id);
  if (typeof key === 'string') return [...rows.values()].filter((row) => row.externalKey === key);
  return [...rows.values()].filter((row) => row.migrationKey === migrationKeyId);
}

/** Refuses a key that another row has, unless the rules let it pass. */
export function keyMustBeFree(
  world: World,
  rows: Map<string, Keyed>,
  { key, except }: { readonly key: string | null | undefined; readonly except?: string },
): void {
  if (typeof key !== 'string' || world.rules.duplicateKeys === 'accept') return;
  const used = [...rows.values()].some((row) => row.externalKey === key && row.id !== except);
  if (used) refuse('SIM_DUPLICATE_KEY', 'externalKey is in use');
}

interface Keys {
  readonly externalKey?: string | null | undefined;
  readonly migrationKey?: string | null | undefined;
}

/** `externalKey` and `migrationKey` of a PATCH are new values of the row's own. */
export function changedKeys({ externalKey, migrationKey }: Keys) {
  return {
    ...(externalKey !== undefined && { externalKey }),
    ...(migrationKey !== undefined && { migrationKey }),
  };
}

/** Courses of a dossier, the earliest first. */
export function coursesOf(world: World, dossierId: string): readonly CourseRow[] {
  return [...world.courses.values()]
    .filter((course) => course.dossierId === dossierId)
    .sort((one, other) => one.dateStart.localeCompare(other.dateStart));
}

export function contractsOf(world: World, employmentId: string): readonly ContractRow[] {
  return [...world.contracts.values()]
    .filter((contract) => contract.employmentId === employmentId)
    .sort((one, other) => one.dateStart.localeCompare(other.dateStart));
}

/** The contract that runs today, else the last one. */
export function currentOrLastContract(world: World, employmentId: string): ContractRow | undefined {
  const contracts = contractsOf(world, employmentId);
  const day = today(world);
  return contracts.findLast((contract) => contract.dateStart <= day) ?? contracts.at(-1);
}

export function today({ clock, timeZone }: World): string {
  return wallClock(clock.now(), timeZone).date;
}
