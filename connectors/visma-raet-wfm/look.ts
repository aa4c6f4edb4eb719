// One look at all lists: what differs from what was handed over, and what is gone for certain. A missing right, a
// filter or a list that shifts must never look like recoveries or removals.
import type { CodedError, ConnectorDeps } from '../../src/connector.js';
import { type Around, type Change, changeOf, changeOfGone, goneFrom } from './changes.js';
import type { Joined, OpenLeave } from './join.js';
import { hasReadable, joinAll, type Leaves, readLeaves, readPeople, showsLess, together } from './listing.js';
import type { Lists } from './lists.js';
import type { Settings } from './settings.js';
import type { Handed } from './shown.js';

export interface LookParts {
  readonly settings: Settings;
  readonly lists: Lists;
  readonly deps: ConnectorDeps;
}

/** What one look at all lists came to. */
export interface Seen {
  readonly changes: readonly Change[];
  /** What was handed over, without the leaves that ended and dropped out of the list. */
  readonly handed: Map<string, Handed>;
  readonly isTidied: boolean;
  readonly shown: number;
  /** Told after all else went on. */
  readonly fault: CodedError | null;
}

export async function look(parts: LookParts, around: Around, signal: AbortSignal): Promise<Seen> {
  const { lists, settings } = parts;
  const { leaves, gone } = await lookAtLeaves(parts, around, signal);
  const shown = leaves.byId;
  const joined = hasReadable(leaves)
    ? await joinLeaves(lists, { leaves, around }, signal)
    : joinAll(leaves, NOBODY);
  const tooMany = gone.length > settings.maxDisappeared;
  const changes = [
    ...joined.flatMap((one) => changeOf(one, around) ?? []),
    ...(tooMany ? [] : gone.map(changeOfGone)),
  ];
  const handed = new Map([...around.handed].filter(([id, { open }]) => open !== null || shown.has(id)));
  const isSilent = changes.some(({ isTold }) => !isTold);
  const isTidied = isSilent || handed.size < around.handed.size;
  return {
    changes,
    handed,
    isTidied,
    shown: shown.size,
    fault: tooMany ? tooManyGone(gone.length, settings) : null,
  };
}

const NOBODY = { persons: [], employments: [] };

/** The leaves, and those that are gone for certain. */
async function lookAtLeaves(
  { lists, deps }: LookParts,
  { handed }: Around,
  signal: AbortSignal,
): Promise<{ leaves: Leaves; gone: readonly OpenLeave[] }> {
  const first = await readLeaves(lists, signal);
  const missing = goneFrom(handed, first.byId);
  await deps.memory.note('sick-leaves', first.found || missing.length > 0 ? null : NOT_FOUND);
  if (missing.length === 0) return { leaves: first, gone: [] };
  if (first.byId.size === 0) {
    const detail = `SickLeaves is empty${first.found ? '' : ' (404)'}, while ${missing.length} were open before.`;
    throw showsLess(detail);
  }
  const leaves = together(first, await readLeaves(lists, signal));
  if (!leaves.agree || !leaves.allNamed) {
    deps.log.info('the list changed while it was read: nothing is taken as gone', {
      connection: deps.connection,
    });
    return { leaves, gone: [] };
  }
  return { leaves, gone: goneFrom(handed, leaves.byId) };
}

const NOT_FOUND = {
  level: 'attention',
  text: 'SickLeaves answers 404: there are none, or this application has no right to them, or the address is wrong. The API does not say which.',
} as const;

/** Looks at the people twice where one is missing: a page of theirs may have shifted while it was read. */
async function joinLeaves(
  lists: Lists,
  { leaves, around }: { leaves: Leaves; around: Around },
  signal: AbortSignal,
): Promise<Joined[]> {
  const people = await readPeople(lists, signal);
  const joined = joinAll(leaves, people);
  const isAmiss = joined.some((one) => isIncomplete(one) && changeOf(one, around)?.isTold);
  if (!isAmiss) return joined;
  const again = await readPeople(lists, signal);
  return joinAll(leaves, {
    persons: [...people.persons, ...again.persons],
    employments: [...people.employments, ...again.employments],
  });
}

function isIncomplete(joined: Joined): boolean {
  return joined.kind === 'shown' && (joined.person === null || joined.employment === null);
}

function tooManyGone(count: number, { maxDisappeared }: Settings): CodedError {
  return showsLess(
    `${count} open sick leaves are gone at once, and maxDisappeared is ${maxDisappeared}. If they were really removed, raise it for a moment.`,
  );
}
