// What of a listing is news: leaves that differ from what was handed over last, and leaves that are gone. Pure.
import { courseOf, dayOf } from './course.js';
import type { Joined, OpenLeave } from './join.js';
import { problemsIn, referenceOf } from './record.js';
import type { Meanings } from './settings.js';
import { digestsOf, type Handed } from './shown.js';

export interface Change {
  readonly joined: Joined;
  /** False for what nobody needs to hear: it is remembered and not handed over. */
  readonly isTold: boolean;
  /** What to remember of it from then on; null when it is forgotten. */
  readonly after: Handed | null;
}

export interface Around {
  readonly handed: ReadonlyMap<string, Handed>;
  /** Whether everything is handed over, whatever was before. */
  readonly full: boolean;
  readonly meanings: Meanings;
}

/** Null when it is as it was handed over last. */
export function changeOf(joined: Joined, { handed, full, meanings }: Around): Change | null {
  const digests = digestsOf(joined);
  const before = handed.get(referenceOf(joined));
  const isSameLeave = before?.leave === digests.leave;
  if (!full && isSameLeave && before.people === digests.people) return null;
  if (joined.kind === 'shown' && problemsIn(joined, meanings).length === 0) {
    const { ended } = courseOf(joined.sickLeave, meanings);
    return { joined, isTold: true, after: { ...digests, open: ended ? null : openLeave(joined) } };
  }
  // A record that cannot be used tells the receiver nothing, so that what it knew as open stays open there.
  const open = before?.open ?? null;
  const isOver = joined.kind === 'shown' && courseOf(joined.sickLeave, meanings).ended;
  // Over for long, and its person has left since, or it never was in order: nobody wants to be asked about that.
  const isHistory = isOver && open === null && (full || isSameLeave);
  return { joined, isTold: !isHistory, after: { ...digests, open } };
}

function openLeave({ sickLeave, employment }: Extract<Joined, { kind: 'shown' }>): OpenLeave {
  const { id, personCode, employmentCode, startDate } = sickLeave;
  const { id: employmentId, company } = employment ?? {};
  return { id, personCode, employmentCode, employmentId, company, startDate: dayOf(startDate) };
}

/** The open leaves that were handed over and are not among these. One that has ended may drop out of a list. */
export function goneFrom(
  handed: ReadonlyMap<string, Handed>,
  shown: { has(id: string): boolean },
): OpenLeave[] {
  return [...handed].flatMap(([id, { open }]) => (open !== null && !shown.has(id) ? [open] : []));
}

export function changeOfGone(leave: OpenLeave): Change {
  return { joined: { kind: 'gone', leave }, isTold: true, after: null };
}
