// What the simulated WFM API knows: persons, employments and sick leaves as plain objects of the API, and which of them a
// query is for. It shows what is so now; of what was removed nothing is left, for the description knows no deleted flag.
import type { Clock, JsonObject } from '../../src/connector.js';
import { Refused } from '../visma-raet/simulator-failures.js';
import { instantOf, type Query, textOf } from '../visma-raet/simulator-query.js';

export const LISTS = ['SickLeaves', 'Persons', 'Employments'] as const;
export type ListName = (typeof LISTS)[number];

/** With the `id` of the API: composite, with spaces in it. */
export interface Identified extends JsonObject {
  readonly id: string;
}

export interface Records {
  /** Adds, or takes the place of the one with the same id. */
  set(list: ListName, object: Identified): void;
  remove(list: ListName, id: string): void;
  find(list: ListName, id: string): JsonObject | undefined;
  /** In the order in which they were first set. */
  select(list: ListName, query: Query): JsonObject[];
}

interface Kept {
  readonly object: Identified;
  readonly changedAt: number;
}

/** Parameters that ask for one value of a field. */
const EQUAL: Readonly<Record<ListName, Readonly<Record<string, string>>>> = {
  SickLeaves: { PersonCode: 'personCode' },
  Persons: { PersonCode: 'personCode' },
  Employments: {
    ...{ PersonCode: 'personCode', PersonId: 'personId' },
    ...{ OrganizationUnit: 'organizationUnit', Company: 'company' },
  },
};

export function createRecords(clock: Clock): Records {
  const kept = {
    SickLeaves: new Map<string, Kept>(),
    Persons: new Map(),
    Employments: new Map(),
  } as Readonly<Record<ListName, Map<string, Kept>>>;
  const all = (list: ListName) => [...kept[list].values()];
  const isActive = (list: ListName, object: JsonObject): boolean => {
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    if (list === 'SickLeaves') return isAfter(object.recoveryDate, today);
    if (list === 'Employments') return object.isActive !== false && isAfter(object.dischargeDate, today);
    return all('Employments').some(
      ({ object: employment }) =>
        employment.personCode === object.personCode && isActive('Employments', employment),
    );
  };
  return {
    set(list, object) {
      kept[list].set(object.id, { object, changedAt: clock.now() });
    },
    remove(list, id) {
      kept[list].delete(id);
    },
    find: (list, id) => kept[list].get(id)?.object,
    select(list, query) {
      const active = truthOf(query, 'IsActive');
      const wanted = Object.entries(EQUAL[list]).map(
        ([name, field]) => [field, textOf(query, name)] as const,
      );
      // What From and To are about is not documented. Here: when the object was last changed, `From` itself included
      // and `To` itself not.
      const from = instantOf(query, 'From') ?? Number.NEGATIVE_INFINITY;
      const to = instantOf(query, 'To') ?? Number.POSITIVE_INFINITY;
      return all(list)
        .filter(({ changedAt }) => changedAt >= from && changedAt < to)
        .map(({ object }) => object)
        .filter((object) => wanted.every(([field, value]) => value === undefined || object[field] === value))
        .filter((object) => active === undefined || isActive(list, object) === active);
    },
  };
}

/** A day that is not there is still to come. Whether the day itself belongs to the time before is our choice: it does not. */
const isAfter = (day: unknown, today: string): boolean => typeof day !== 'string' || day > today;

function truthOf(query: Query, name: string): boolean | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Refused(`${name} is neither true nor false.`, { status: 400 });
}
