// Reads the lists of the API and says what they show. Offset paging may shift while it is read, so nothing is concluded
// from one look: see `together`.
import { CodedError } from '../../src/connector.js';
import { type Joined, join } from './join.js';
import type { Listing, ListName, Lists } from './lists.js';
import {
  type Employment,
  employmentSchema,
  type Person,
  personSchema,
  type SickLeave,
  sickLeaveSchema,
} from './schema.js';
import { digest } from './shown.js';

type Read =
  | { readonly kind: 'readable'; readonly sickLeave: SickLeave }
  | Extract<Joined, { kind: 'unreadable' }>;

export interface Leaves {
  /** In the order of the list; one that turns up twice counts as it was read last. */
  readonly byId: ReadonlyMap<string, Read>;
  /** Whether the id of every leave could be read. */
  readonly allNamed: boolean;
  readonly found: boolean;
}

export interface People {
  readonly persons: readonly Person[];
  readonly employments: readonly Employment[];
}

export async function readLeaves(lists: Lists, signal: AbortSignal): Promise<Leaves> {
  const { items, found } = await lists.read('SickLeaves', signal);
  const byId = new Map<string, Read>();
  let allNamed = true;
  for (const item of items) {
    const parsed = sickLeaveSchema.safeParse(item);
    if (parsed.success) {
      byId.set(parsed.data.id, { kind: 'readable', sickLeave: parsed.data });
      continue;
    }
    const name = sickLeaveSchema.pick({ id: true }).safeParse(item);
    allNamed &&= name.success;
    const id = name.success ? name.data.id : `unnamed ${digest(item)}`;
    const places = parsed.error.issues.map(({ path }) => ['SickLeaves', ...path].join('.'));
    byId.set(id, { kind: 'unreadable', id, places: [...new Set(places)] });
  }
  return { byId, allNamed, found };
}

/**
 * Two looks as one, the later one first. `agree`: both show the same leaves, so that one which both lack is not there.
 */
export function together(one: Leaves, other: Leaves): Leaves & { readonly agree: boolean } {
  return {
    byId: new Map([...one.byId, ...other.byId]),
    allNamed: one.allNamed && other.allNamed,
    found: one.found || other.found,
    agree: one.byId.size === other.byId.size && [...one.byId.keys()].every((id) => other.byId.has(id)),
  };
}

/** Throws SOURCE_SHOWS_LESS when there are none: then no leave could be joined, and all would look incomplete. */
export async function readPeople(lists: Lists, signal: AbortSignal): Promise<People> {
  const persons = someOf('Persons', await lists.read('Persons', signal));
  const employments = someOf('Employments', await lists.read('Employments', signal));
  return {
    persons: persons.flatMap((item) => personSchema.safeParse(item).data ?? []),
    employments: employments.flatMap((item) => employmentSchema.safeParse(item).data ?? []),
  };
}

function someOf(name: ListName, { items, found }: Listing): readonly unknown[] {
  if (items.length > 0) return items;
  throw showsLess(`There are sick leaves, but ${name} is empty${found ? '' : ' (404)'}.`);
}

export function showsLess(detail: string): CodedError {
  return new CodedError('SOURCE_SHOWS_LESS', [], { detail });
}

export function hasReadable({ byId }: Leaves): boolean {
  return [...byId.values()].some(({ kind }) => kind === 'readable');
}

/** In the order of the list. */
export function joinAll({ byId }: Leaves, people: People): Joined[] {
  const read = [...byId.values()];
  const leaves = read.flatMap((one) => (one.kind === 'readable' ? one.sickLeave : []));
  const joined = new Map(join({ leaves, ...people }).map((one) => [one.sickLeave.id, one]));
  return read.flatMap((one) => (one.kind === 'readable' ? (joined.get(one.sickLeave.id) ?? []) : one));
}
