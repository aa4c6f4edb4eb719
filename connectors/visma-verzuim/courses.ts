// What the receiver holds of an employment, as the plans see it, and which of it is a case of ours.
// A course is "an event in an absence dossier": a day from which the employee has recovered so far (0 to 100). At most
// one a day in a dossier. Keys are ours: a case's key, a slash, and the number of the notification that made it.
import type { WireCourse, WireDossier } from './schema.js';

export interface HeldDossier {
  readonly id: string;
  readonly key: string | null;
  readonly firstDay: string;
  readonly dateReported: string | null;
  readonly open: boolean;
  readonly completed: boolean;
  readonly expectedDurationDays: number | null;
}

export interface HeldCourse {
  readonly id: string;
  readonly key: string | null;
  readonly day: string;
  readonly recovery: number;
  /** Null and undefined: it is not said. */
  readonly employmentId?: string | null | undefined;
  readonly dossier: HeldDossier | null;
}

export interface Keys {
  readonly caseKey: string;
  readonly previousCaseKey?: string | undefined;
  readonly sequence: number;
}

/** The most that a key can hold, and room for a slash and a number. */
export const LONGEST_CASE_KEY = 191 - 10;

export function courseKey({ caseKey, sequence }: Pick<Keys, 'caseKey' | 'sequence'>): string {
  return `${caseKey}/${sequence}`;
}

/**
 * A dossier has the key of its case. A case that is reported again, after a withdrawal or because somebody asked for
 * it, may find its key taken by the dossier that was closed, and no key is used twice.
 */
export function dossierKey(keys: Keys): string {
  return keys.sequence === 1 ? keys.caseKey : courseKey(keys);
}

/** The part behind the case's key; null when the key is none of this case. A case's key may itself hold slashes. */
function numberIn(key: string | null, { caseKey, previousCaseKey }: Keys): string | null {
  for (const own of [caseKey, previousCaseKey]) {
    if (key === null || own === undefined || !key.startsWith(`${own}/`)) continue;
    const rest = key.slice(own.length + 1);
    if (/^\d+$/.test(rest)) return rest;
  }
  return null;
}

/** Oldest first. */
export function coursesOf(courses: readonly HeldCourse[], keys: Keys): readonly HeldCourse[] {
  return byDay(courses.filter(({ key }) => numberIn(key, keys) !== null));
}

/** The dossiers of the case's courses, each once. */
export function dossiersOf(courses: readonly HeldCourse[], keys: Keys): readonly HeldDossier[] {
  const all = coursesOf(courses, keys).flatMap(({ dossier }) => dossier ?? []);
  return [...new Map(all.map((dossier) => [dossier.id, dossier])).values()];
}

/** Courses without any key in the dossiers of the case: somebody entered them there by hand. They are never changed. */
export function enteredByHand(courses: readonly HeldCourse[], keys: Keys): readonly HeldCourse[] {
  const dossiers = dossiersOf(courses, keys).map(({ id }) => id);
  return courses.filter(({ key, dossier }) => key === null && dossier && dossiers.includes(dossier.id));
}

/** False when the dossier begins with a course of somebody else: its first day is theirs. */
export function beginsWith(dossier: HeldDossier, courses: readonly HeldCourse[], keys: Keys): boolean {
  const [first] = byDay(courses.filter((course) => course.dossier?.id === dossier.id));
  return first !== undefined && numberIn(first.key, keys) !== null;
}

/** False for a dossier that was there before the case: the receiver joins absences less than 28 days apart. */
export function isOwn({ key }: HeldDossier, keys: Keys): boolean {
  return key === keys.caseKey || key === keys.previousCaseKey || numberIn(key, keys) !== null;
}

/** A key as cases of the same employer have it: only our deliveries write such. */
export function isOfOurs({ key }: HeldDossier, { caseKey }: Keys): boolean {
  const employer = caseKey.slice(0, caseKey.indexOf(':') + 1);
  return key?.startsWith(employer) === true && /^[^/]+(?:\/\d+)?$/.test(key.slice(employer.length));
}

/**
 * Courses that somebody entered by hand in the case's own dossier after `lastDay`, and that are not part of another
 * absence which the receiver joined to it.
 */
export function strayByHand(
  courses: readonly HeldCourse[],
  keys: Keys,
  lastDay: string,
): readonly HeldCourse[] {
  const later = courses.filter(({ day, dossier }) => day > lastDay && dossier && isOwn(dossier, keys));
  const others = later.filter(({ key }) => key !== null && numberIn(key, keys) === null);
  return later.filter(({ key, day, dossier }) => {
    const isOthers = others.some((other) => other.dossier?.id === dossier?.id && other.day <= day);
    return key === null && !isOthers;
  });
}

/** The key that something of a renumbered case should have; undefined when it has the right one. */
export function newKeyOf(key: string | null, keys: Keys): string | undefined {
  const { caseKey, previousCaseKey } = keys;
  if (key === null || previousCaseKey === undefined || key === caseKey) return undefined;
  if (key === previousCaseKey) return caseKey;
  const number = numberIn(key, keys);
  const renewed = `${caseKey}/${number}`;
  return number === null || key === renewed ? undefined : renewed;
}

export function byDay<Item extends { readonly day: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

export function heldCourse(wire: WireCourse): HeldCourse {
  const { id, externalKey, dateStart, recoveryPercentage, employmentId, dossier } = wire;
  return {
    id,
    employmentId,
    key: externalKey,
    day: dateStart,
    recovery: recoveryPercentage,
    dossier: dossier ? heldDossier(dossier) : null,
  };
}

export function heldDossier(wire: WireDossier): HeldDossier {
  return {
    id: wire.id,
    key: wire.externalKey,
    firstDay: wire.dateStart,
    dateReported: wire.dateReported ?? null,
    open: wire.dossierStatus === 'open',
    completed: wire.dossierStatus === 'completed',
    expectedDurationDays: wire.expectedDurationDays ?? null,
  };
}
