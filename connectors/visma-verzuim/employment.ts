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
  const remark = await create(told, people, api);
  const made = await only(told, api, settings);
  // It was taken in, or somebody else was faster; either way the next attempt sees.
  if (!made) throw new UnknownOutcomeError('The employment was created, but is not shown yet.');
  return { employment: made, remarks: [remark] };
}

async function only({ employmentKey }: Told, api: Api, settings: Settings): Promise<WireEmployment | null> {
  const [employment, ...others] = await api.employmentsByKey(employmentKey);
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

/** `POST /employee` makes employee, address, employment and first contract in one call (notes, section 3.2). */
async function create(told: Told, people: People, api: Api): Promise<string> {
  const employees = people.employeeKey === '' ? 0 : await api.employeesByKey(people.employeeKey);
  if (employees > 1) throw unknown('Several employees there have the external key of the employee.');
  const what = employees === 1 ? 'employment' : 'employee';
  const missing = missingFor(what, people);
  if (missing.length > 0) {
    throw unknown(`It cannot be created without ${missing.join(', ')}.`);
  }
  const { employeeKey, person, address, communicationMethods } = people;
  const employment = { externalKey: told.employmentKey, ...people.employment };
  try {
    if (what === 'employment') await api.postEmployment({ employeeKey, ...employment });
    else
      await api.postEmployee({ externalKey: employeeKey, person, address, communicationMethods, employment });
  } catch (error) {
    if (error instanceof Refusal) {
      throw unknown(`Creating it was refused (${error.message}) Is its unit known there?`);
    }
    // A right that only this one needs: the others of the route go on.
    if (error instanceof AccessError && error.lacksRight) throw unknown(`${error.message} Add it to scope.`);
    throw error;
  }
  return what === 'employment' ? 'an employment was created' : 'an employee was created with the employment';
}
