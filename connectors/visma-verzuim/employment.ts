// Finds the employment of a delivery there, by its external key and nothing else: never by citizen service number, name
// or number. Creates it, with its employee, only where the connection says so and the notification is a sick report.
import { NeedsHumanError, UnknownOutcomeError } from '../../src/connector.js';
import { AccessError, Refusal } from './answers.js';
import type { Api } from './api.js';
import type { People, Told } from './payload.js';
import { missingFor } from './people.js';
import type { WireEmployment } from './schema.js';
import type { Settings } from './settings.js';

export interface Found {
  readonly employment: WireEmployment;
  /** What had to be made first, in plain words. */
  readonly remarks: readonly string[];
}

/** Throws NeedsHumanError when there is none, when there are several, and when it is confidential. */
export async function findEmployment(told: Told, api: Api, settings: Settings): Promise<Found> {
  const known = await only(told, api, settings);
  if (known) return { employment: known, remarks: [] };
  const { people } = told;
  if (!settings.createMissing || told.kind !== 'SickReport' || !people) {
    throw unknown(`None has the external key that stands in ${settings.employmentKey}.`);
  }
  const remark = await create({ told, people, api, settings });
  const made = await only(told, api, settings);
  // It was taken in, or somebody else was faster; either way the next attempt sees.
  if (!made) throw new UnknownOutcomeError('The employment was created, but is not shown yet.');
  return { employment: made, remarks: [remark] };
}

async function only(
  { employmentKey, employerKey }: Told,
  api: Api,
  settings: Settings,
): Promise<WireEmployment | null> {
  const [employment, ...others] = await api.employmentsByKey(employmentKey, employerKey);
  if (others.length > 0) {
    throw unknown(`Several have the external key that stands in ${settings.employmentKey}.`);
  }
  // "Flagged confidential under Negative Registration": nobody here can tell who may know of it.
  if (employment?.isConfidential) throw new NeedsHumanError('TARGET_CONFIDENTIAL');
  return employment ?? null;
}

function unknown(detail: string): NeedsHumanError {
  return new NeedsHumanError('TARGET_UNKNOWN_EMPLOYMENT', [], { detail });
}

interface Creating {
  readonly told: Told;
  readonly people: People;
  readonly api: Api;
  readonly settings: Settings;
}

const REMARKS = {
  employment: 'an employment was created',
  employee: 'an employee was created with the employment',
} as const;

/** Gives what was made, in plain words. A refusal is looked into: somebody else may have made it meanwhile. */
async function create(creating: Creating): Promise<string> {
  const { told, people, api, settings } = creating;
  const what = await lacking(creating);
  const missing = missingFor(what, people);
  if (missing.length > 0) throw unknown(`It cannot be created without ${missing.join(', ')}.`);
  try {
    await make(what, creating);
    return REMARKS[what];
  } catch (error) {
    // A right that only this one needs: the others of the route go on.
    if (error instanceof AccessError && error.lacksRight) throw unknown(`${error.message} Add it to scope.`);
    if (!(error instanceof Refusal)) throw error;
    if (await only(told, api, settings)) return 'the employment was created there meanwhile';
    if (what === 'employee' && (await lacking(creating)) === 'employment') return create(creating);
    throw unknown(`Creating it was refused (${error.message}) Is its unit known there?`);
  }
}

/**
 * An employee that is there gets the employment only when another one shows that it is of this employer: employees of
 * two employers may have the same number.
 */
async function lacking({ told, people, api }: Creating): Promise<'employee' | 'employment'> {
  const { employeeKey } = people;
  const employees = employeeKey === '' ? 0 : await api.employeesByKey(employeeKey);
  if (employees > 1) throw unknown('Several employees there have the external key of the employee.');
  if (employees === 0) return 'employee';
  const { employerKey } = told;
  if (employerKey === undefined) {
    throw unknown(
      'An employee there has the external key of the employee, and nothing shows of which employer: set employerKey, or add the employment there.',
    );
  }
  const employments = await api.employmentsOf(employeeKey, { employerKey });
  if (employments.length > 0) return 'employment';
  throw unknown(
    'An employee there has the external key of the employee, and is not shown to be of this employer.',
  );
}

/** `POST /employee` makes employee, address, employment and first contract in one call (notes, section 3.2). */
function make(what: 'employee' | 'employment', { told, people, api }: Creating): Promise<void> {
  const { employeeKey, person, address, communicationMethods } = people;
  const employment = { externalKey: told.employmentKey, ...people.employment };
  if (what === 'employment') return api.postEmployment({ employeeKey, ...employment });
  return api.postEmployee({ externalKey: employeeKey, person, address, communicationMethods, employment });
}

/** Whether this employment is of the employee of this key: proved before the employee is changed. */
export async function isOfEmployee(
  { id }: WireEmployment,
  { told, people, api }: Omit<Creating, 'settings'>,
): Promise<boolean> {
  if (people.employeeKey === '') return false;
  return (await api.employmentsOf(people.employeeKey, { key: told.employmentKey })).includes(id);
}
